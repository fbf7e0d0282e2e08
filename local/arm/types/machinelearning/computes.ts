import type { JsonObject } from "../../../json";
import { badArgument } from "../../errors";
import { normalLocation } from "../../locations";
import { merged, objectAt, stringAt } from "../../objects";
import { lastName } from "../../path";
import { parentId } from "../../ids";
import type {
  ActionRequest,
  Answer,
  Made,
  PatchRequest,
  PutRequest,
  ResourceType,
} from "../../resource-type";
import { kept } from "../envelope";
import { identityOf } from "../identity";
import { amlCompute, nodesOf } from "./aml-compute";
import { computeInstance } from "./compute-instance";
import type { ComputeKind, KindRequest, PowerAction } from "./compute-kind";
import { kubernetesCompute } from "./kubernetes-compute";
import { bringUpNetwork } from "./managed-network";
import { ML_API_VERSIONS, WORKSPACES } from "./provider";

const TYPE = `${WORKSPACES}/computes`;
const kinds: readonly ComputeKind[] = [amlCompute, computeInstance, kubernetesCompute];

function kindOf(properties: JsonObject): ComputeKind {
  const wanted = stringAt(properties, "computeType") ?? "";
  const kind = kinds.find(({ computeType }) => computeType === wanted);
  if (kind !== undefined) return kind;
  const known = kinds.map(({ computeType }) => computeType).join(", ");
  throw badArgument(
    `The local Azure has no computes of type '${wanted}', only ${known}.`,
    "properties.computeType",
  );
}

function makeCompute(request: PutRequest): Made {
  const { arm, body, existing, name } = request;
  const wanted = objectAt(body, "properties");
  const kind = kindOf(wanted);
  const before = existing === undefined ? undefined : objectAt(existing.body, "properties");
  const region = normalLocation(stringAt(body, "location") ?? arm.region);
  if (existing === undefined) checkName(request, kind, region);
  else checkStays(kind, region, existing.body);
  checkIdentity(kind, objectAt(body, "identity"));
  const now = arm.now().toISOString();
  return {
    body: {
      location: region,
      tags: objectAt(body, "tags"),
      ...identityOf(arm.store, body, existing?.body),
      properties: {
        disableLocalAuth: false,
        ...wanted,
        computeType: kind.computeType,
        computeLocation: stringAt(wanted, "computeLocation") ?? region,
        createdOn: before?.["createdOn"] ?? now,
        modifiedOn: now,
        isAttachedCompute: kind.attached,
        provisioningErrors: null,
        properties: kind.make(kindRequest(request, { wanted, before, region, name, now })),
        provisioningState: "Succeeded",
      },
    },
  };
}

function kindRequest(
  { arm, id, principal }: Pick<PutRequest, "arm" | "id" | "principal">,
  known: Pick<KindRequest, "wanted" | "before" | "region" | "name" | "now">,
): KindRequest {
  const workspace = arm.store.get(parentId(id))?.body ?? {};
  return {
    arm,
    ...known,
    inner: objectAt(known.wanted, "properties"),
    workspace: { ...objectAt(workspace, "properties"), location: workspace["location"] },
    creator: principal.objectId,
  };
}

function checkName({ arm, id, name }: PutRequest, kind: ComputeKind, region: string): void {
  if (!kind.name.pattern.test(name))
    throw badArgument(`The compute name '${name}' is not valid: ${kind.name.says}.`, "name");
  if (!kind.uniqueInRegion) return;
  const taken = arm.store
    .list("/subscriptions/")
    .some(
      (other) =>
        other.body["type"] === TYPE &&
        other.id !== id &&
        lastName(other.id).toLowerCase() === name.toLowerCase() &&
        other.body["location"] === region &&
        objectAt(other.body, "properties")["isAttachedCompute"] === false,
    );
  if (taken)
    throw badArgument(
      `There is already a compute with this name ('${name}'): it needs to be unique within a region (${region}).`,
      "name",
    );
}

function checkStays(kind: ComputeKind, region: string, before: JsonObject): void {
  const { computeType } = objectAt(before, "properties");
  if (computeType !== kind.computeType)
    throw badArgument(`A compute stays ${String(computeType)}.`, "properties.computeType");
  if (before["location"] !== region) throw badArgument("A compute stays in its region.", "location");
}

function checkIdentity(kind: ComputeKind, identity: JsonObject): void {
  const type = stringAt(identity, "type") ?? "None";
  if (type.includes("SystemAssigned") && type.includes("UserAssigned"))
    throw badArgument(
      "A compute has one system-assigned identity or user-assigned ones, not both.",
      "identity.type",
    );
  if (Object.keys(objectAt(identity, "userAssignedIdentities")).length > kind.mostIdentities)
    throw badArgument(
      `A compute of type ${kind.computeType} has at most ${kind.mostIdentities} user-assigned identity.`,
      "identity.userAssignedIdentities",
    );
}

/** PATCH takes scale settings of a cluster alone. */
function amendCompute(request: PatchRequest): Made {
  const { arm, body, existing, name } = request;
  const compute = kept(existing.body);
  const properties = objectAt(compute, "properties");
  if (kindOf(properties) !== amlCompute)
    throw badArgument("Only computes of type AmlCompute can be patched.", "properties.computeType");
  const scaleSettings = objectAt(objectAt(objectAt(body, "properties"), "properties"), "scaleSettings");
  const now = arm.now().toISOString();
  const wanted = { ...properties, properties: merged(objectAt(properties, "properties"), { scaleSettings }) };
  const region = String(compute["location"]);
  const known = { wanted, before: properties, region, name, now };
  return {
    body: {
      ...compute,
      properties: {
        ...properties,
        modifiedOn: now,
        properties: amlCompute.make(kindRequest(request, known)),
      },
    },
  };
}

/** Starts, stops or restarts an instance at once. */
function power(action: PowerAction): (request: ActionRequest) => Promise<Answer> {
  return async ({ arm, existing }) => {
    const properties = objectAt(existing.body, "properties");
    const { power: turned, computeType } = kindOf(properties);
    if (turned === undefined)
      throw badArgument(`A compute of type ${computeType} is neither started nor stopped.`, "computeType");
    const inner = turned(objectAt(properties, "properties"), action, arm.now().toISOString());
    await arm.store.put({
      ...existing,
      body: { ...existing.body, properties: { ...properties, properties: inner } },
    });
    return { status: 202 };
  };
}

function listNodes({ existing }: ActionRequest): Answer {
  const properties = objectAt(existing.body, "properties");
  if (kindOf(properties) !== amlCompute)
    throw badArgument("Only computes of type AmlCompute have nodes to list.", "computeType");
  return { status: 200, body: { value: nodesOf(existing) } };
}

/** A workspace's computes. */
export const computes: ResourceType = {
  type: TYPE,
  apiVersions: ML_API_VERSIONS,
  systemData: true,
  make: makeCompute,
  write: bringUpNetwork,
  amend: amendCompute,
  beforeDelete: ({ query, existing }) => {
    const action = query["underlyingresourceaction"];
    const path = "underlyingResourceAction";
    if (action !== "Delete" && action !== "Detach")
      throw badArgument(`The query parameter '${path}' is required; allowed are Delete and Detach.`, path);
    if (existing === undefined || action === "Detach") return;
    const { attached } = kindOf(objectAt(existing.body, "properties"));
    if (attached)
      throw badArgument("What a compute was attached to is not the workspace's to delete: use Detach.", path);
  },
  actions: {
    listnodes: listNodes,
    listkeys: ({ existing }) => {
      const { computeType } = objectAt(existing.body, "properties");
      throw badArgument(`A compute of type ${String(computeType)} has no keys.`, "computeType");
    },
    start: power("Start"),
    stop: power("Stop"),
    restart: power("Restart"),
  },
  longRunning: {
    status: "computeOperationsStatus",
    result: "computeOperationResults",
    put: { created: 201, updated: 200, headers: ["Azure-AsyncOperation"] },
    patch: { created: 200, updated: 200, headers: [] },
    delete: { created: 202, updated: 202, headers: ["Azure-AsyncOperation", "Location"] },
  },
};
