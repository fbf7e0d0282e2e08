import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, type Document, type Node } from "yaml";
import { refuse, type Place } from "./place";
import { readPlain, type PythonScalar } from "./python-scalar";

/** A value of a YAML file, and where it stands. */
export type Value = Mapping | List | Scalar;

export interface Mapping {
  readonly kind: "mapping";
  readonly entries: readonly Entry[];
  readonly place: Place;
}

export interface Entry {
  readonly key: string;
  readonly value: Value;
  /** Of the key. */
  readonly place: Place;
}

export interface List {
  readonly kind: "list";
  readonly items: readonly Value[];
  readonly place: Place;
}

export interface Scalar extends PythonScalar {
  readonly place: Place;
}

/**
 * Reads a YAML file as MLflow's Python would, and keeps the lines.
 *
 * @throws ProviderError for what is not YAML, for duplicate keys, keys that are not text, merge keys and tags, of which MLflow makes
 * something that its author did not mean
 */
export function readYaml(file: string, text: string): Value {
  const lines = new LineCounter();
  // Failsafe leaves every scalar as it is written: what Python makes of it is decided in one place.
  const document = parseDocument(text, { schema: "failsafe", lineCounter: lines, prettyErrors: false });
  const placeAt = (offset = 0): Place => ({ file, line: lines.linePos(offset).line });
  for (const { pos, code, message } of document.errors)
    refuse(
      placeAt(pos[0]),
      code === "DUPLICATE_KEY" ? "the key is there twice" : `it is not YAML: ${message}`,
    );
  return document.contents === null
    ? { kind: "none", text: "None", place: { file, line: 1 } }
    : valueOf(document.contents as Node, document, placeAt, new Map());
}

/** The value of a key; absent where there is none. */
export function entryOf(mapping: Mapping, key: string): Entry | undefined {
  return mapping.entries.find((each) => each.key === key);
}

/** @param what the value's role, `entry point main` */
export function mappingOf(value: Value, what: string): Mapping {
  if (value.kind === "mapping") return value;
  return refuse(value.place, `${what} must be a mapping, and is ${describe(value)}`);
}

/** @param what the value's role */
export function textOf(value: Value, what: string, tryThis?: string): string {
  if (value.kind === "text") return value.text;
  return refuse(
    value.place,
    `${what} must be text, and is ${describe(value)}`,
    tryThis === undefined ? {} : { tryThis },
  );
}

/** @param what the list's role; nothing at all is an empty list */
export function itemsOf(value: Value | undefined, what: string): readonly Value[] {
  if (value === undefined || value.kind === "none") return [];
  if (value.kind === "list") return value.items;
  return refuse(value.place, `${what} must be a list, and is ${describe(value)}`);
}

/** In words, for an error. */
export function describe(value: Value): string {
  switch (value.kind) {
    case "mapping":
    case "list":
      return `a ${value.kind}`;
    case "none":
      return "empty";
    case "text":
      return `the text ${JSON.stringify(value.text)}`;
    case "unreadable":
      return value.text;
    default:
      return `the ${value.kind} ${value.text}`;
  }
}

type PlaceAt = (offset?: number) => Place;

/** @param known values of nodes, for aliases; undefined for one that is being read */
function valueOf(
  node: Node,
  document: Document,
  placeAt: PlaceAt,
  known: Map<Node, Value | undefined>,
): Value {
  const place = placeAt(node.range?.[0]);
  if (isAlias(node)) {
    const target = node.resolve(document);
    const value = target && known.get(target);
    return value ?? refuse(place, `the alias *${node.source} leads to what it stands in, or to nothing`);
  }
  known.set(node, undefined);
  const value = contentOf(node, place, (each) => valueOf(each, document, placeAt, known), placeAt);
  known.set(node, value);
  return value;
}

function contentOf(node: Node, place: Place, read: (node: Node) => Value, placeAt: PlaceAt): Value {
  const tag = node.tag as string | undefined;
  if (tag !== undefined && !/^tag:yaml.org,2002:(?:str|map|seq)$/.test(tag))
    refuse(place, `the tag ${tag.replace("tag:yaml.org,2002:", "!!")} is not read here`, {
      tryThis: "write the value itself, in quotes where it is text",
    });
  if (isMap<Node, Node | null>(node))
    return {
      kind: "mapping",
      place,
      entries: node.items.map(({ key, value }) => {
        const keyPlace = placeAt(key.range?.[0]);
        return {
          key: keyOf(read(key), keyPlace),
          value: value === null ? { kind: "none", text: "None", place: keyPlace } : read(value),
          place: keyPlace,
        };
      }),
    };
  if (isSeq<Node>(node)) return { kind: "list", place, items: node.items.map(read) };
  if (!isScalar<string>(node)) return refuse(place, "it is nothing that is read here");
  return {
    ...(node.type === "PLAIN" && tag === undefined
      ? readPlain(node.value)
      : { kind: "text", text: node.value }),
    place,
  };
}

function keyOf(key: Value, place: Place): string {
  if (key.kind !== "text")
    return refuse(place, `a key must be text, and MLflow reads ${describe(key)}`, {
      tryThis: "write the key in quotes",
    });
  if (key.text === "<<")
    return refuse(place, "merge keys (<<) are not read here", { tryThis: "write the keys out" });
  return key.text;
}
