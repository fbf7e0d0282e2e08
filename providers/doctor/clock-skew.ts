import { ok, problem, unknown, warning, type Finding } from "./finding";

/** Seconds beyond which Entra and Azure's services take no token. */
const REFUSED_BEYOND = 300;
const WARNED_BEYOND = 60;

/**
 * How far this machine's clock is off the service's.
 *
 * @param date of the answer's `Date` header
 * @param asked milliseconds since 1970, when the request was sent
 * @param answered when its answer was there
 */
export function clockFinding(date: string | undefined, asked: number, answered: number): Finding {
  const there = Date.parse(date ?? "");
  if (Number.isNaN(there)) return unknown("clock", "Azure's answer had no date");
  const off = Math.round(((asked + answered) / 2 - there) / 1000);
  const way = off > 0 ? "ahead" : "behind";
  const says = `this machine's clock is ${Math.abs(off)} s ${way}`;
  const repair = "sudo timedatectl set-ntp true";
  if (Math.abs(off) > REFUSED_BEYOND)
    return problem("clock", `${says}: tokens are refused beyond ${REFUSED_BEYOND} s`, repair);
  if (Math.abs(off) > WARNED_BEYOND) return warning("clock", says, repair);
  return ok("clock", "as Azure's");
}
