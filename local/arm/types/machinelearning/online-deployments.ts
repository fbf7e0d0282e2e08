import { isDeepStrictEqual } from "node:util";
import type { JsonObject } from "../../../json";
import { ArmError, badArgument } from "../../errors";
import { parentId } from "../../ids";
import { isObject, numberAt, objectAt, pick, stringAt, withDefaults } from "../../objects";
import { lastName } from "../../path";
import type {
  ActionRequest,
  Answer,
  Arm,
  DeleteRequest,
  Made,
  PatchRequest,
  PutRequest,
  ResourceType,
} from "../../resource-type";
import type { StoredResource } from "../../store";
import { isMade, kept, locationAndTags } from "../envelope";
import { identityOf } from "../identity";
import { deploymentSpec, milliseconds } from "./deployment-spec";
import { checkProvisioned } from "./managed-network";
import { deploymentNames } from "./online-endpoints";
import { checkEndpointName, endpointOperations, ML_API_VERSIONS, WORKSPACES } from "./provider";
import { checkRunnable } from "./runnable";
import { trafficAt, weightOf, without } from "./traffic";

const TYPE = `${WORKSPACES}/onlineEndpoints/deployments`;
const MOST_DEPLOYMENTS = 20;
const MOST_INSTANCES = 50;
const LONGEST_REQUEST = 180_000;
const FAILURES = ["BadArgument", "ImageBuildFailure", "ResourceNotFound", "OutOfCapacity", "OutOfQuota"];

const PROBE: JsonObject = {
  failureThreshold: 30,
  successThreshold: 1,
  timeout: "PT2S",
  period: "PT10S",
  initialDelay: "PT10S",
};
const DEFAULTS: JsonObject = {
  appInsightsEnabled: false,
  egressPublicNetworkAccess: "Enabled",
  environmentVariables: {},
  instanceType: "Standard_F4s_v2",
  livenessProbe: PROBE,
  readinessProbe: PROBE,
  requestSettings: { maxConcurrentRequestsPerInstance: 1, requestTimeout: "PT5S", maxQueueWait: "PT0.5S" },
  scaleSettings: { scaleType: "Default" },
};

function makeDeployment({ arm, body, existing, id }: PutRequest): Made {
  checkEndpoint(arm, id, existing);
  checkProvisioned(arm, id);
  const wanted = objectAt(body, "properties");
  const computeType = stringAt(wanted, "endpointComputeType");
  if (computeType !== "Managed") {
    throw badArgument(
      `The local Azure has deployments of endpointComputeType Managed, not '${computeType ?? ""}'.`,
      "properties.endpointComputeType",
    );
  }
  const before = objectAt(existing?.body ?? {}, "properties");
  const instanceType = before["instanceType"] ?? DEFAULTS["instanceType"];
  const properties = withDefaults(wanted, { ...DEFAULTS, instanceType });
  if (before["instanceType"] !== undefined && properties["instanceType"] !== before["instanceType"]) {
    throw badArgument(
      `'instanceType' of a deployment cannot be changed (${String(before["instanceType"])}); make another deployment.`,
      "properties.instanceType",
    );
  }
  const longest = milliseconds(stringAt(objectAt(properties, "requestSettings"), "requestTimeout"));
  if (longest === undefined || longest > LONGEST_REQUEST) {
    throw badArgument(
      "'requestTimeout' is an ISO 8601 duration of at most PT180S.",
      "properties.requestSettings.requestTimeout",
    );
  }
  const made: JsonObject = {
    ...locationAndTags(body),
    ...identityOf(arm.store, body, existing?.body),
    ...pick(body, ["kind"]),
    sku: skuOf(objectAt(body, "sku")),
    properties: {
      ...properties,
      properties: { ...objectAt(wanted, "properties"), ...objectAt(before, "properties") },
      provisioningState: "Succeeded",
    },
  };
  checkRunnable(deploymentSpec(arm.store, { id, body: made }), properties);
  return { body: made };
}

/** The endpoint must be made, and have room. */
function checkEndpoint(arm: Arm, id: string, existing: StoredResource | undefined): void {
  const endpoint = arm.store.get(parentId(id));
  const state = String(objectAt(endpoint?.body ?? {}, "properties")["provisioningState"]);
  if (endpoint?.internal["operation"] !== undefined) {
    throw new ArmError(
      409,
      "Conflict",
      `Already running method on the endpoint '${lastName(endpoint.id)}', which is ${state}. Wait until it has ended.`,
    );
  }
  if (state !== "Succeeded") {
    throw new ArmError(
      400,
      "ResourceNotReady",
      `The endpoint is ${state}; deployments need one that is Succeeded.`,
    );
  }
  if (existing === undefined && deploymentNames(arm.store, endpoint?.id ?? "").length >= MOST_DEPLOYMENTS) {
    throw new ArmError(400, "OutOfQuota", `An endpoint has at most ${MOST_DEPLOYMENTS} deployments.`);
  }
}

function skuOf(wanted: JsonObject): JsonObject {
  const sku = withDefaults(wanted, { name: "Default", capacity: 1 });
  const capacity = numberAt(sku, "capacity") ?? Number.NaN;
  if (Number.isInteger(capacity) && capacity >= 1 && capacity <= MOST_INSTANCES) return sku;
  throw badArgument(
    `'sku.capacity' is the number of instances, from 1 to ${MOST_INSTANCES}.`,
    "sku.capacity",
  );
}

/** PATCH takes tags and the number of instances. */
function amendDeployment({ arm, body, existing, id }: PatchRequest): Made {
  checkEndpoint(arm, id, existing);
  const deployment = kept(existing.body);
  if (isObject(body["tags"])) deployment["tags"] = body["tags"];
  if (isObject(body["sku"])) deployment["sku"] = skuOf({ ...objectAt(deployment, "sku"), ...body["sku"] });
  return { body: deployment };
}

/** Brings the processes to what the resource says; its failure ends in what the model's log says. */
async function deploy(
  arm: Arm,
  resource: StoredResource,
  previous: StoredResource | undefined,
): Promise<void> {
  const spec = deploymentSpec(arm.store, resource);
  if (isMade(previous) && isDeepStrictEqual(spec, specOf(arm, previous))) return undefined;
  try {
    await arm.effects.deploy(spec);
  } catch (error) {
    if (error instanceof ArmError) throw error;
    const { code, message } = error as { code?: unknown; message?: string };
    const known = FAILURES.find((failure) => failure === code) ?? "ResourceNotReady";
    throw new ArmError(400, known, message ?? String(error), { target: lastName(resource.id) });
  }
}

function specOf(arm: Arm, resource: StoredResource) {
  try {
    return deploymentSpec(arm.store, resource);
  } catch {
    // Its model is gone since.
    return undefined;
  }
}

/** A deployment without traffic may go; the endpoint's maps name it no more. */
async function beforeDelete({ arm, existing, id, name }: DeleteRequest): Promise<void> {
  const endpoint = arm.store.get(parentId(id));
  if (existing === undefined || endpoint === undefined) return;
  const properties = objectAt(endpoint.body, "properties");
  const [traffic, mirrorTraffic] = [trafficAt(properties, "traffic"), trafficAt(properties, "mirrorTraffic")];
  for (const [what, map] of Object.entries({ traffic, "mirror traffic": mirrorTraffic })) {
    if (weightOf(map, name) > 0)
      throw badArgument(`Can't delete deployment ${name} with non-zero ${what} weight.`);
  }
  const left = { traffic: without(traffic, name), mirrorTraffic: without(mirrorTraffic, name) };
  if (isDeepStrictEqual(left, { traffic, mirrorTraffic })) return;
  await arm.store.put({ ...endpoint, body: { ...endpoint.body, properties: { ...properties, ...left } } });
}

async function getLogs({ arm, body, existing }: ActionRequest): Promise<Answer> {
  return {
    status: 200,
    body: { content: await arm.effects.deploymentLog(existing.id, numberAt(body, "tail") ?? 500) },
  };
}

/** The deployments of online endpoints. */
export const onlineDeployments: ResourceType = {
  type: TYPE,
  apiVersions: ML_API_VERSIONS,
  tracked: true,
  systemData: true,
  checkName: checkEndpointName("deployment"),
  make: makeDeployment,
  amend: amendDeployment,
  beforeDelete,
  write: deploy,
  erase: ({ effects }, { id }) => effects.undeploy(id),
  actions: { getlogs: getLogs },
  longRunning: endpointOperations("odidp"),
};

/** How many instances a deployment may have. */
export const onlineDeploymentSkus: ResourceType = {
  type: `${TYPE}/skus`,
  apiVersions: ML_API_VERSIONS,
  collect: (_arm, scope) => {
    const capacity = { minimum: 1, maximum: MOST_INSTANCES, default: 1, scaleType: "Manual" };
    const body = { resourceType: TYPE, sku: { name: "Default", tier: "Standard" }, capacity };
    return [{ id: `${scope}/skus/Default`, body, internal: {} }];
  },
};
