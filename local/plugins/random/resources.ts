import { randomBytes, randomUUID } from "node:crypto";
import type { JsonObject } from "../../json";
import type { CheckFailure } from "../provider";
import { isUnknown } from "../values";
import { problemsOfString, randomString, type StringArgs } from "./strings";

type ArgumentType = "string" | "number" | "boolean" | "object";

/** One resource type of `@pulumi/random`. */
export interface RandomResource {
  readonly args: Readonly<Record<string, ArgumentType>>;
  readonly required: readonly string[];
  /** Outputs beside the arguments. */
  readonly results: readonly string[];
  problems(inputs: JsonObject): CheckFailure[];
  /** Makes the value: the resource's id and its outputs beside the arguments. */
  make(inputs: JsonObject): { readonly id: string; readonly outputs: JsonObject };
}

const stringArgs: Readonly<Record<string, ArgumentType>> = {
  keepers: "object",
  length: "number",
  lower: "boolean",
  minLower: "number",
  minNumeric: "number",
  minSpecial: "number",
  minUpper: "number",
  number: "boolean",
  numeric: "boolean",
  overrideSpecial: "string",
  special: "boolean",
  upper: "boolean",
};

function stringArgsOf(inputs: JsonObject): StringArgs {
  const flag = (name: string): boolean => inputs[name] !== false;
  const count = (name: string): number => Number(inputs[name] ?? 0);
  return {
    length: count("length"),
    lower: flag("lower"),
    upper: flag("upper"),
    numeric: flag(inputs["numeric"] === undefined ? "number" : "numeric"),
    special: flag("special"),
    minLower: count("minLower"),
    minUpper: count("minUpper"),
    minNumeric: count("minNumeric"),
    minSpecial: count("minSpecial"),
    overrideSpecial: String(inputs["overrideSpecial"] ?? ""),
  };
}

function stringProblems(inputs: JsonObject): CheckFailure[] {
  if (Object.keys(stringArgs).some((name) => isUnknown(inputs[name]))) return [];
  if (
    inputs["number"] !== undefined &&
    inputs["numeric"] !== undefined &&
    inputs["number"] !== inputs["numeric"]
  ) {
    return [
      {
        property: "number",
        reason: "'number' is the old name of 'numeric' and should not say something else",
      },
    ];
  }
  return problemsOfString(stringArgsOf(inputs));
}

function stringOutputs(inputs: JsonObject): JsonObject {
  const args = stringArgsOf(inputs);
  const { lower, upper, numeric, special, minLower, minUpper, minNumeric, minSpecial } = args;
  const settings = {
    lower,
    upper,
    numeric,
    number: numeric,
    special,
    minLower,
    minUpper,
    minNumeric,
    minSpecial,
  };
  return { ...settings, result: randomString(args) };
}

/** The types this plugin knows. RandomPassword has no `bcryptHash` here. */
export const randomResources: Readonly<Record<string, RandomResource>> = {
  "random:index/randomString:RandomString": {
    args: stringArgs,
    required: ["length"],
    results: ["result"],
    problems: stringProblems,
    make: (inputs) => {
      const outputs = stringOutputs(inputs);
      return { id: String(outputs["result"]), outputs };
    },
  },
  "random:index/randomPassword:RandomPassword": {
    args: stringArgs,
    required: ["length"],
    results: ["result"],
    problems: stringProblems,
    // The id is in plain text in the state.
    make: (inputs) => ({ id: "none", outputs: stringOutputs(inputs) }),
  },
  "random:index/randomId:RandomId": {
    args: { byteLength: "number", keepers: "object", prefix: "string" },
    required: ["byteLength"],
    results: ["b64Std", "b64Url", "dec", "hex"],
    problems: ({ byteLength }) =>
      isUnknown(byteLength) || (Number.isInteger(byteLength) && Number(byteLength) >= 1)
        ? []
        : [
            {
              property: "byteLength",
              reason: `'byteLength' should be a whole number from 1 but is ${String(byteLength)}`,
            },
          ],
    make: ({ byteLength, prefix }) => {
      const bytes = randomBytes(Number(byteLength));
      const before = typeof prefix === "string" ? prefix : "";
      const hex = bytes.toString("hex");
      return {
        id: bytes.toString("base64url"),
        outputs: {
          b64Std: before + bytes.toString("base64"),
          b64Url: before + bytes.toString("base64url"),
          dec: before + BigInt(`0x${hex}`).toString(),
          hex: before + hex,
        },
      };
    },
  },
  "random:index/randomUuid:RandomUuid": {
    args: { keepers: "object" },
    required: [],
    results: ["result"],
    problems: () => [],
    make: () => {
      const result = randomUUID();
      return { id: result, outputs: { result } };
    },
  },
};

/** The resource of a type token; throws with what is known when there is none. */
export function randomResource(token: string): RandomResource {
  const found = randomResources[token];
  if (found !== undefined) return found;
  const known = Object.keys(randomResources).map((each) => each.split(":").at(-1));
  throw new Error(
    `${token} is not among the resource types that the local Azure's random plugin knows: ${known.join(", ")}.`,
  );
}
