import { setTimeout as wait } from "node:timers/promises";
import { ProviderError } from "./errors";

/** The time that rollouts go by: bake times, delays, and the minutes of metrics. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  sleep(milliseconds: number): Promise<void>;
}

/** `60@2026-01-31T10:00:00Z`: time has run 60 times as fast since then. The local Azure gives it to what uses it. */
const VARIABLE = "PULUMI_AZUREML_CLOCK";

/**
 * The machine's clock, or the local Azure's faster one. Leases, deadlines and polling go by the machine's in any case.
 *
 * @throws ProviderError where the setting is not the local Azure's, or is left behind where Azure is meant: a rollout there
 * would be over before it was judged
 */
export function clock(environment: Readonly<NodeJS.ProcessEnv> = process.env): Clock {
  const text = environment[VARIABLE];
  if (text === undefined || text === "") return clockAt(1, 0);
  const [, factor, since] = /^(\d+(?:\.\d+)?)@(\S+)$/.exec(text) ?? [];
  const epoch = Date.parse(since ?? "");
  if (!(Number(factor) >= 1) || Number.isNaN(epoch))
    throw new ProviderError({
      what: "this is no clock",
      where: VARIABLE,
      allowed: "what `npm run local -- env` prints",
      tryThis: `\`unset ${VARIABLE}\``,
    });
  const proxy = environment["HTTPS_PROXY"] ?? environment["https_proxy"] ?? "";
  if (!/^https?:\/\/127\.0\.0\.1(:|\/|$)/.test(proxy))
    throw new ProviderError({
      what: "time runs faster in the local Azure alone, and this is not the local Azure",
      where: VARIABLE,
      tryThis: `\`unset ${VARIABLE}\``,
    });
  return clockAt(Number(factor), epoch);
}

/** A clock that has run `factor` times as fast as the machine's since `epoch`, milliseconds since 1970. */
export function clockAt(factor: number, epoch: number, machine: () => number = Date.now): Clock {
  return {
    now: () => Math.round(epoch + (machine() - epoch) * factor),
    sleep: async (milliseconds) => await wait(milliseconds / factor),
  };
}
