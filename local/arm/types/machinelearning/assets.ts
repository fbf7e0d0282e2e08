import type { JsonObject } from "../../../json";
import { ArmError, badArgument } from "../../errors";
import { parentId } from "../../ids";
import { objectAt, pick, stringAt } from "../../objects";
import { lastName } from "../../path";
import type { Arm, Made, PutRequest, ResourceType } from "../../resource-type";
import type { StoredResource } from "../../store";
import { ML_API_VERSIONS } from "./provider";

/** A kind of asset: a container with versions in it. */
export interface AssetKind {
  /** `models`, `environments`, … */
  readonly collection: string;
  /** Properties of a version that a later PUT may change; all others are fixed. */
  readonly changeable: readonly string[];
  /** Checks a new version and fills in what Azure does. */
  readonly complete: (request: PutRequest) => JsonObject;
  /** Properties that a container takes from its first version. */
  readonly fromFirst?: readonly string[];
  /** Whether containers and versions tell a provisioning state; they do unless said otherwise. */
  readonly hasState?: false;
  readonly earlyActions?: ResourceType["earlyActions"];
}

/**
 * The rows of a kind: its containers and its versions.
 *
 * @param parent the type of what they are in
 */
export function assetTypes(kind: AssetKind, parent: string): readonly ResourceType[] {
  const type = `${parent}/${kind.collection}`;
  return [
    {
      type,
      apiVersions: ML_API_VERSIONS,
      systemData: true,
      checkName: checkAssetName,
      make: (request) => makeContainer(kind, request),
      listed,
    },
    {
      type: `${type}/versions`,
      apiVersions: ML_API_VERSIONS,
      systemData: true,
      parentOptional: true,
      make: (request) => makeVersion(kind, request),
      write: async (arm, version, previous) => {
        if (previous === undefined) await countVersion(arm, kind, type, version);
        return undefined;
      },
      erase: (arm, version) => uncountVersion(arm, version),
      listed,
      ...(kind.earlyActions === undefined ? {} : { earlyActions: kind.earlyActions }),
    },
  ];
}

function checkAssetName(name: string): void {
  if (/^[A-Za-z0-9][A-Za-z0-9._-]{0,254}$/.test(name)) return;
  throw badArgument(
    `The asset name '${name}' is not valid: up to 255 letters, digits, '-', '_' and '.', a letter or digit first.`,
    "name",
  );
}

function makeContainer(kind: AssetKind, { body, existing }: PutRequest): Made {
  const before = objectAt(existing?.body ?? {}, "properties");
  return {
    body: {
      properties: {
        description: null,
        tags: {},
        properties: {},
        isArchived: false,
        ...objectAt(body, "properties"),
        latestVersion: before["latestVersion"] ?? null,
        nextVersion: before["nextVersion"] ?? "1",
        ...stateOf(kind),
      },
    },
  };
}

function makeVersion(kind: AssetKind, request: PutRequest): Made {
  const { body, existing, id, name } = request;
  checkAssetName(lastName(parentId(id)));
  const wanted = objectAt(body, "properties");
  if (existing === undefined) {
    const completed = kind.complete(request);
    return {
      body: {
        properties: {
          ...STANDARD,
          ...pick(wanted, Object.keys(wanted)),
          ...completed,
          ...stateOf(kind),
        },
      },
    };
  }
  const before = objectAt(existing.body, "properties");
  for (const [key, value] of Object.entries(wanted)) {
    const same =
      value === null || value === undefined || JSON.stringify(value) === JSON.stringify(before[key]);
    if (same || kind.changeable.includes(key)) continue;
    throw new ArmError(
      409,
      "UserError",
      `Asset version ${name} exists already and '${key}' of a version cannot be changed; register another version.`,
      {
        target: `properties.${key}`,
      },
    );
  }
  const changed = pick(wanted, kind.changeable);
  const cleared = Object.fromEntries(
    kind.changeable.filter((key) => key in STANDARD).map((key) => [key, STANDARD[key]]),
  );
  return {
    body: {
      properties: {
        ...before,
        ...cleared,
        ...changed,
        properties: { ...objectAt(before, "properties"), ...objectAt(wanted, "properties") },
      },
    },
  };
}

function stateOf({ hasState }: AssetKind): JsonObject {
  return hasState === false ? {} : { provisioningState: "Succeeded" };
}

const STANDARD: JsonObject = {
  description: null,
  tags: {},
  properties: {},
  isArchived: false,
  isAnonymous: false,
};

/** The container knows its latest and its next version; it comes into being with the first. */
async function countVersion(arm: Arm, kind: AssetKind, type: string, version: StoredResource): Promise<void> {
  const id = parentId(version.id);
  const now = arm.now().toISOString();
  const container = arm.store.get(id) ?? {
    id,
    body: {
      id,
      name: lastName(id),
      type,
      properties: {
        description: null,
        tags: {},
        properties: {},
        isArchived: false,
        ...pick(objectAt(version.body, "properties"), kind.fromFirst ?? []),
        ...stateOf(kind),
      },
      systemData: objectAt(version.body, "systemData"),
    },
    internal: {},
  };
  const properties = objectAt(container.body, "properties");
  const name = lastName(version.id);
  const next = Math.max(Number(properties["nextVersion"] ?? 1), (Number(name) || 0) + 1);
  const latestVersion = latestOf([...arm.store.list(`${id}/versions/`), version]);
  const systemData = { ...objectAt(container.body, "systemData"), lastModifiedAt: now };
  // Before its number: whoever reads that the next is 2 finds version 1.
  await arm.store.put(version);
  await arm.store.put({
    ...container,
    body: {
      ...container.body,
      properties: { ...properties, latestVersion, nextVersion: String(next) },
      systemData,
    },
  });
}

/** A number that was given once is not given again: `nextVersion` stays. */
async function uncountVersion(arm: Arm, version: StoredResource): Promise<void> {
  const container = arm.store.get(parentId(version.id));
  if (container === undefined) return;
  const left = arm.store.list(`${container.id}/versions/`).filter(({ id }) => id !== version.id);
  const latestVersion = latestOf(left);
  const properties = { ...objectAt(container.body, "properties"), latestVersion };
  await arm.store.put({ ...container, body: { ...container.body, properties } });
}

/** The highest number; where not all are numbers, the one that was made last. */
function latestOf(versions: readonly StoredResource[]): string | null {
  const newest = versions.reduce<StoredResource | undefined>((best, each) => {
    if (best === undefined) return each;
    const [number, other] = [Number(lastName(each.id)), Number(lastName(best.id))];
    const later = Number.isNaN(number - other) ? created(each) >= created(best) : number > other;
    return later ? each : best;
  }, undefined);
  return newest === undefined ? null : lastName(newest.id);
}

/** Newest first as Azure ML lists; `$orderBy=createdtime asc|desc`, `listViewType`, `version`, `tags`, `hash`. */
function listed(
  resources: readonly StoredResource[],
  query: Readonly<Record<string, string>>,
): StoredResource[] {
  const view = (query["listviewtype"] ?? "ActiveOnly").toLowerCase();
  const order = (query["$orderby"] ?? "createdtime desc").toLowerCase();
  const direction = order.endsWith("asc") ? 1 : -1;
  return resources
    .filter(({ body }) => {
      const { isArchived, properties, tags } = objectAt(body, "properties");
      if (view === "activeonly" && isArchived === true) return false;
      if (view === "archivedonly" && isArchived !== true) return false;
      if (query["version"] !== undefined && body["name"] !== query["version"]) return false;
      const hash = stringAt((properties ?? {}) as JsonObject, "hash_sha256");
      if (query["hash"] !== undefined && hash !== query["hash"]) return false;
      return hasTags((tags ?? {}) as JsonObject, query["tags"]);
    })
    .sort(
      (a, b) =>
        direction * (compare(created(a), created(b)) || Number(a.body["name"]) - Number(b.body["name"]) || 0),
    );
}

function hasTags(tags: JsonObject, wanted: string | undefined): boolean {
  if (wanted === undefined) return true;
  return wanted.split(",").every((pair) => {
    const [key = "", value] = pair.split("=");
    return value === undefined ? key in tags : tags[key] === value;
  });
}

function created({ body }: StoredResource): string {
  return String(objectAt(body, "systemData")["createdAt"]);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
