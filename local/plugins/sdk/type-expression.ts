/** A type of the SDK's declarations, without Pulumi's wrappers. */
export type SdkType =
  | { readonly kind: "any" }
  | { readonly kind: "scalar"; readonly of: "string" | "number" | "boolean" }
  | { readonly kind: "literal"; readonly value: string }
  | { readonly kind: "array"; readonly items: SdkType }
  | { readonly kind: "map"; readonly values: SdkType }
  /** A named object type, `inputs.machinelearningservices.SkuArgs`. */
  | { readonly kind: "object"; readonly name: string }
  | { readonly kind: "union"; readonly members: readonly SdkType[] };

export interface SdkProperty {
  readonly type: SdkType;
  readonly required: boolean;
}

export type SdkProperties = ReadonlyMap<string, SdkProperty>;

/** Reads the members of an interface or class declaration: the text between its braces, of which methods are left out. */
export function parseMembers(declaration: string): SdkProperties {
  const members = new Map<string, SdkProperty>();
  const tokens = tokensOf(declaration.replace(/\/\*[\s\S]*?\*\//g, ""));
  while (!tokens.atEnd()) {
    tokens.skip("readonly");
    const name = tokens.next();
    const optional = tokens.skip("?");
    tokens.expect(":");
    const before = tokens.position();
    const type = parseType(tokens);
    members.set(unquoted(name), { type, required: !optional && !tokens.since(before).includes("undefined") });
    tokens.skip(";");
  }
  return members;
}

function parseType(tokens: Tokens): SdkType {
  const members: SdkType[] = [];
  do {
    const member = parseArray(tokens);
    if (member !== undefined) members.push(member);
  } while (tokens.skip("|"));
  return unionOf(members);
}

/** One member of a union; undefined for `undefined` and `null`. */
function parseArray(tokens: Tokens): SdkType | undefined {
  let type = parseSingle(tokens);
  while (tokens.skip("[")) {
    tokens.expect("]");
    type = { kind: "array", items: type ?? { kind: "any" } };
  }
  return type;
}

function parseSingle(tokens: Tokens): SdkType | undefined {
  if (tokens.skip("(")) {
    const type = parseType(tokens);
    tokens.expect(")");
    return type;
  }
  if (tokens.skip("{")) {
    tokens.expect("[");
    tokens.next();
    tokens.expect(":");
    tokens.next();
    tokens.expect("]");
    tokens.expect(":");
    const values = parseType(tokens);
    tokens.skip(";");
    tokens.expect("}");
    return { kind: "map", values };
  }
  const name = tokens.next();
  if (tokens.skip("<")) {
    const type = parseType(tokens);
    tokens.expect(">");
    return type;
  }
  if (name === "undefined" || name === "null") return undefined;
  if (name === "string" || name === "number" || name === "boolean") return { kind: "scalar", of: name };
  if (/^["']/.test(name)) return { kind: "literal", value: unquoted(name) };
  if (name.startsWith("enums.")) return { kind: "scalar", of: "string" };
  if (/^(inputs|outputs)\./.test(name)) return { kind: "object", name };
  return { kind: "any" };
}

function unionOf(members: readonly SdkType[]): SdkType {
  const distinct = members.filter(
    (member, index) =>
      members.findIndex((other) => JSON.stringify(other) === JSON.stringify(member)) === index,
  );
  const [only] = distinct;
  if (only === undefined) return { kind: "any" };
  return distinct.length === 1 ? only : { kind: "union", members: distinct };
}

interface Tokens {
  next(): string;
  /** Takes the token if it is the next one. */
  skip(token: string): boolean;
  expect(token: string): void;
  atEnd(): boolean;
  position(): number;
  since(position: number): readonly string[];
}

function tokensOf(text: string): Tokens {
  const tokens = text.match(/"[^"]*"|'[^']*'|[\w$.]+|[<>|{}[\]():;?]/g) ?? [];
  let index = 0;
  const next = (): string => tokens[index++] ?? "";
  return {
    next,
    skip: (token) => {
      if (tokens[index] !== token) return false;
      index++;
      return true;
    },
    expect: (token) => {
      const found = next();
      if (found !== token)
        throw new Error(
          `The installed SDK's declarations are written in a way this does not read: expected "${token}", found "${found}" in "${tokens.slice(Math.max(0, index - 8), index + 8).join(" ")}".`,
        );
    },
    atEnd: () => index >= tokens.length,
    position: () => index,
    since: (position) => tokens.slice(position, index),
  };
}

function unquoted(text: string): string {
  return text.replace(/^["']|["']$/g, "");
}
