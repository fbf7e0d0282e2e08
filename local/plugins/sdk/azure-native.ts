import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseMembers, type SdkProperties } from "./type-expression";

/** What the SDK knows of a resource type. */
export interface SdkResource {
  readonly token: string;
  readonly apiVersion: string;
  readonly inputs: SdkProperties;
  readonly outputs: SdkProperties;
}

/** What the SDK knows of a function. */
export interface SdkFunction {
  readonly token: string;
  readonly apiVersion: string;
  readonly args: SdkProperties;
}

const folder = dirname(require.resolve("@pulumi/azure-native/package.json"));

/** The version of `@pulumi/azure-native` in `node_modules`. */
export function azureNativeVersion(): string {
  return (JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { version: string }).version;
}

/** The resource type as `@pulumi/azure-native/<module>/<resource>.d.ts` declares it; undefined when the SDK has none of that token. */
export const sdkResource = remembered((token: string): SdkResource | undefined => {
  const { module, name } = partsOf(token);
  const source = declarationsOf(module, name);
  if (source === undefined || !existsSync(join(folder, module, `${lowerFirst(name)}.js`))) return undefined;
  const ofClass = between(source, `class ${name} extends pulumi.CustomResource {`, "\n}\n");
  const outputs = ofClass
    .slice(ofClass.indexOf("isInstance("))
    .replace(/^.*\n/, "")
    .replace(/\n {4}constructor\([\s\S]*$/, "");
  return {
    token,
    apiVersion: apiVersionIn(source, token),
    inputs: parseMembers(between(source, `interface ${name}Args {`, "\n}\n")),
    outputs: parseMembers(withoutTrailingComment(outputs)),
  };
});

/** The function as the SDK declares it; undefined when the SDK has none of that token. */
export const sdkFunction = remembered((token: string): SdkFunction | undefined => {
  const { module, name } = partsOf(token);
  const source = declarationsOf(module, name);
  if (source === undefined) return undefined;
  const type = name.charAt(0).toUpperCase() + name.slice(1);
  return {
    token,
    apiVersion: apiVersionIn(source, token),
    args: parseMembers(between(source, `interface ${type}Args {`, "\n}\n")),
  };
});

/** The members of `inputs.<module>.<Type>` or `outputs.<module>.<Type>`. */
export const sdkType = remembered((name: string): SdkProperties => {
  const [side, module = "", type = ""] = name.split(".");
  const scope = namespaceOf(`${side}.${module}`);
  return parseMembers(between(scope, `\n    interface ${type} {`, "\n    }\n"));
});

const namespaceOf = remembered((name: string): string => {
  const [side = "", module = ""] = name.split(".");
  return between(declarationsOfAll(side), `\nexport declare namespace ${module} {`, "\n}\n");
});

const declarationsOfAll = remembered((side: string): string =>
  readFileSync(join(folder, "types", side === "inputs" ? "input.d.ts" : "output.d.ts"), "latin1"),
);

function declarationsOf(module: string, name: string): string | undefined {
  const file = join(folder, module, `${lowerFirst(name)}.d.ts`);
  return existsSync(file) ? readFileSync(file, "utf8") : undefined;
}

function apiVersionIn(source: string, token: string): string {
  const version = /Uses Azure REST API version ([\d-]+(?:preview)?)/.exec(source)?.[1];
  if (version === undefined) throw new Error(`The installed SDK names no API version for ${token}.`);
  return version;
}

function partsOf(token: string): { module: string; name: string } {
  const [, module = "", name = ""] = token.split(":");
  return /^\w+$/.test(module) && /^\w+$/.test(name) ? { module, name } : { module: "-", name: "-" };
}

function between(text: string, opening: string, closing: string): string {
  const start = text.indexOf(opening);
  if (start < 0) return "";
  const end = text.indexOf(closing, start + opening.length - 1);
  return text.slice(start + opening.length, end < 0 ? undefined : end + 1);
}

function withoutTrailingComment(text: string): string {
  const comment = text.lastIndexOf("/**");
  return comment > text.lastIndexOf(";") ? text.slice(0, comment) : text;
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

function remembered<T>(make: (key: string) => T): (key: string) => T {
  const made = new Map<string, T>();
  return (key) => {
    if (!made.has(key)) made.set(key, make(key));
    return made.get(key) as T;
  };
}
