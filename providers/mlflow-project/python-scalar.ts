/** What PyYAML makes of a plain scalar. */
export interface PythonScalar {
  readonly kind: "none" | "boolean" | "integer" | "float" | "date" | "text" | "unreadable";
  /** Python's `str()` of it; why it can't be read of an unreadable one. */
  readonly text: string;
}

/**
 * Reads a scalar without quotes as PyYAML's `safe_load` does. It is neither YAML 1.2 nor wholly 1.1: `yes` is true and `010` is 8,
 * but `1e-3` is text.
 *
 * @see yaml/resolver.py and yaml/constructor.py of PyYAML 6
 */
export function readPlain(source: string): PythonScalar {
  if (/^(?:~|null|Null|NULL|)$/.test(source)) return { kind: "none", text: "None" };
  if (/^(?:yes|Yes|YES|true|True|TRUE|on|On|ON)$/.test(source)) return { kind: "boolean", text: "True" };
  if (/^(?:no|No|NO|false|False|FALSE|off|Off|OFF)$/.test(source)) return { kind: "boolean", text: "False" };
  if (FLOAT.test(source)) return { kind: "float", text: printFloat(floatOf(source)) };
  if (INTEGER.test(source)) return readInteger(source);
  if (/^\d{4}-\d\d-\d\d$/.test(source)) return readDate(source);
  if (TIME.test(source)) return { kind: "unreadable", text: "a time without quotes" };
  return { kind: "text", text: source };
}

/** Python's `str()` of a float: the shortest digits that mean it, as in JavaScript, but with other limits for an exponent. */
export function printFloat(value: number): string {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  const sign = value < 0 || Object.is(value, -0) ? "-" : "";
  const [digits = "", power = ""] = Math.abs(value).toExponential().split("e");
  const exponent = Number(power);
  const figures = digits.replace(".", "");
  if (exponent >= 16 || (exponent < -4 && value !== 0))
    return `${sign}${digits}e${exponent < 0 ? "-" : "+"}${String(Math.abs(exponent)).padStart(2, "0")}`;
  if (exponent < 0) return `${sign}0.${"0".repeat(-exponent - 1)}${figures}`;
  const whole = figures.slice(0, exponent + 1).padEnd(exponent + 1, "0");
  return `${sign}${whole}.${figures.slice(exponent + 1) || "0"}`;
}

/** Whether Python's `float()` takes the text. */
export function isFloat(text: string): boolean {
  return PYTHON_FLOAT.test(text.trim());
}

const PYTHON_FLOAT =
  /^[-+]?(?:(?:\d(?:_?\d)*\.?(?:\d(?:_?\d)*)?|\.\d(?:_?\d)*)(?:e[-+]?\d(?:_?\d)*)?|inf(?:inity)?|nan)$/i;
const FLOAT =
  /^(?:[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;
const INTEGER =
  /^(?:[-+]?0b[0-1_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+|[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+)$/;
const TIME =
  /^\d{4}-\d\d?-\d\d?(?:[Tt]|[ \t]+)\d\d?:\d\d:\d\d(?:\.\d*)?(?:[ \t]*(?:Z|[-+]\d\d?(?::\d\d)?))?$/;

function floatOf(source: string): number {
  const value = source.replaceAll("_", "").toLowerCase();
  const sign = value.startsWith("-") ? -1 : 1;
  const size = value.replace(/^[-+]/, "");
  if (size === ".inf") return sign * Infinity;
  if (size === ".nan") return NaN;
  return sign * inSixties(size.split(":").map(Number));
}

function readInteger(source: string): PythonScalar {
  const value = source.replaceAll("_", "");
  const size = value.replace(/^[-+]/, "");
  const digits = size.replace(/^0[bx]/, "");
  if (digits === "") return { kind: "unreadable", text: "a number without digits" };
  const octal = /^0\d/.test(size);
  const whole = size.includes(":")
    ? size.split(":").reduce((sum, part) => sum * 60n + BigInt(part), 0n)
    : BigInt(octal ? `0o${size.slice(1)}` : size);
  return { kind: "integer", text: String(value.startsWith("-") ? -whole : whole) };
}

/** `1:30.5` is 90.5, added up from the right as PyYAML does: floats tell the order. */
function inSixties(parts: readonly number[]): number {
  return parts.reduceRight((sum, part, index) => sum + part * 60 ** (parts.length - 1 - index), 0);
}

function readDate(source: string): PythonScalar {
  const date = new Date(`${source}T00:00:00Z`);
  const real = !Number.isNaN(date.getTime()) && date.toISOString().startsWith(source) && source >= "0001";
  return real ? { kind: "date", text: source } : { kind: "unreadable", text: "a date that there is not" };
}
