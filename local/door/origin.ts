import { destination } from "./hosts";

export const loopback: readonly string[] = ["127.0.0.1", "localhost"];

/**
 * Whether a request may come from there, as its Origin header says: no page at all, a page of this machine's own, or one of the names
 * that the local Azure stands in for. A page of another site must not reach it through the browser, whatever name leads here.
 */
export function isOwnOrigin(origin: string | undefined): boolean {
  if (origin === undefined) return true;
  if (!URL.canParse(origin)) return false;
  const { protocol, hostname } = new URL(origin);
  if (loopback.includes(hostname)) return protocol === "http:" || protocol === "https:";
  return protocol === "https:" && destination(hostname) !== undefined;
}
