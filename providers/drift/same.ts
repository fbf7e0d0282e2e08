import { isDeepStrictEqual } from "node:util";

/** Of the engine's objects that stand for a secret: `{[SIGNATURE]: …, ciphertext: …}`. */
const SIGNATURE = "4dabf18193072939515e22adb298388d";

/** Whether a value is one that the engine keeps to itself. */
export function isSecret(value: unknown): boolean {
  return value === "[secret]" || (isRecord(value) && SIGNATURE in value);
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Undefined, null and what is empty: Azure answers each for what was not declared. */
export function isNothing(value: unknown): boolean {
  if (value === undefined || value === null || value === "") return true;
  return typeof value === "object" && Object.keys(value).length === 0;
}

/** Whether two values mean the same to Azure: ids in whatever spelling, durations in whatever unit. A secret can't be compared. */
export function means(one: unknown, other: unknown): boolean {
  if (isSecret(one) || isSecret(other)) return true;
  if (isNothing(one) && isNothing(other)) return true;
  if (typeof one === "string" && typeof other === "string")
    return one === other || normal(one) === normal(other);
  return isDeepStrictEqual(one, other);
}

function normal(text: string): string {
  if (/^(azureml:)?\/subscriptions\//i.test(text)) return text.toLowerCase().replace(/\/$/, "");
  const seconds = secondsIn(text);
  return seconds === undefined ? text : `${seconds} s`;
}

/** Of a duration by ISO 8601, days at most. */
function secondsIn(text: string): number | undefined {
  const [, days = 0, hours = 0, minutes = 0, seconds = 0] =
    /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/.exec(text) ?? [];
  if (text.length < 3 || !text.startsWith("P")) return undefined;
  const sum = ((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds);
  return /^P[\dT.DHMS]+$/.test(text) ? sum : undefined;
}
