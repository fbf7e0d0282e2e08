import { isNothing, isRecord, isSecret } from "./same";

/** Names of properties whose text is a secret, whether or not somebody marked it as one. */
const SECRET_NAME =
  /(password|passphrase|secret|token|sas|credential|connectionstring|(account|access|primary|secondary|shared|private|api|instrumentation)key)$/i;
const SECRET_TEXT = /([?&;]sig=|AccountKey=|SharedAccessSignature|-----BEGIN)/i;
const LONGEST = 120;

/** A property's address, as a program would write it. */
export function pathText(path: readonly string[]): string {
  return path.map((part, at) => (/^\d+$/.test(part) ? `[${part}]` : at === 0 ? part : `.${part}`)).join("");
}

/** A value in a sentence; never a secret. @param path whose value it is */
export function valueText(value: unknown, path: readonly string[]): string {
  if (isNothing(value)) return "not there";
  // Of the sentences, backticks are what is quoted in them.
  const text = JSON.stringify(masked(value, path.at(-1) ?? "")).replaceAll("`", "'");
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

/** A word without quotes: `Disabled`. */
export function wordOf(value: unknown, path: readonly string[]): string {
  const isWord = typeof value === "string" && /^[\w./-]{1,120}$/.test(value);
  return isWord && masked(value, path.at(-1) ?? "") === value ? value : valueText(value, path);
}

function masked(value: unknown, name: string): unknown {
  if (isSecret(value)) return "[secret]";
  if (Array.isArray(value)) return value.map((item) => masked(item, name));
  if (isRecord(value))
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, masked(item, key)]));
  return typeof value === "string" && (SECRET_NAME.test(name) || SECRET_TEXT.test(value))
    ? "[secret]"
    : value;
}
