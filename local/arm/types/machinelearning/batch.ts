import { randomBytes } from "node:crypto";
import type { JsonObject } from "../../../json";
import { ArmError, badArgument } from "../../errors";
import { parentId } from "../../ids";
import { isObject, merged, objectAt, pick, stringAt, withDefaults } from "../../objects";
import { lastName } from "../../path";
import type { DeleteRequest, Made, PatchRequest, PutRequest, ResourceType } from "../../resource-type";
import { kept, locationAndTags } from "../envelope";
import { completeIdentity, identityOf } from "../identity";
import { checkEndpointIsFree } from "./online-endpoints";
import { checkEndpointName, endpointOperations, ML_API_VERSIONS, WORKSPACES } from "./provider";

const ENDPOINTS = `${WORKSPACES}/batchEndpoints`;

const DEPLOYMENT_DEFAULTS: JsonObject = {
  environmentVariables: {},
  errorThreshold: -1,
  loggingLevel: "Info",
  maxConcurrencyPerInstance: 1,
  miniBatchSize: 10,
  outputAction: "AppendRow",
  outputFileName: "predictions.csv",
  retrySettings: { maxRetries: 3, timeout: "PT30S" },
};

function makeEndpoint({ arm, body, existing, id, name }: PutRequest): Made {
  const location = locationAndTags(body);
  const region = String(location["location"]);
  const wanted = objectAt(body, "properties");
  const before = objectAt(existing?.body ?? {}, "properties");
  if (existing === undefined) checkEndpointIsFree(arm, id, name, region);
  const deployment = stringAt(objectAt(wanted, "defaults"), "deploymentName");
  if (deployment !== undefined && arm.store.get(`${id}/deployments/${deployment}`) === undefined) {
    throw badArgument(
      `The endpoint has no deployment '${deployment}'.`,
      "properties.defaults.deploymentName",
    );
  }
  const host = `https://${name.toLowerCase()}.${region}.inference.ml.azure.com`;
  const identity = isObject(body["identity"]) ? body["identity"] : { type: "SystemAssigned" };
  return {
    body: {
      ...location,
      ...pick(body, ["kind", "sku"]),
      identity: completeIdentity(arm.store, identity, objectAt(existing?.body ?? {}, "identity")),
      properties: {
        ...pick(wanted, ["authMode", "description", "defaults"]),
        scoringUri: `${host}/jobs`,
        properties: { ...objectAt(wanted, "properties"), ...objectAt(before, "properties") },
        provisioningState: "Succeeded",
      },
    },
    internal: { keys: existing?.internal["keys"] ?? newKeys() },
  };
}

function newKeys(): JsonObject {
  const newKey = (): string => randomBytes(24).toString("base64url");
  return { primaryKey: newKey(), secondaryKey: newKey() };
}

function makeDeployment({ arm, body, existing, id }: PutRequest): Made {
  const wanted = objectAt(body, "properties");
  const before = objectAt(existing?.body ?? {}, "properties");
  const compute = stringAt(wanted, "compute");
  if (compute !== undefined && arm.store.get(compute) === undefined) {
    throw new ArmError(404, "ResourceNotFound", `The compute '${compute}' was not found.`, {
      target: "properties.compute",
    });
  }
  const model = stringAt(objectAt(wanted, "model"), "assetId")?.replace(/^azureml:(?=\/)/i, "");
  if (model !== undefined && arm.store.get(model) === undefined) {
    throw new ArmError(404, "ResourceNotFound", `The model '${model}' was not found.`, {
      target: "properties.model",
    });
  }
  const endpoint = arm.store.get(parentId(id));
  if (endpoint?.internal["operation"] !== undefined) {
    throw new ArmError(
      409,
      "Conflict",
      `Already running method on the endpoint '${lastName(endpoint.id)}'. Wait until it has ended.`,
    );
  }
  return {
    body: {
      ...locationAndTags(body),
      ...identityOf(arm.store, body, existing?.body),
      ...pick(body, ["kind", "sku"]),
      properties: {
        ...withDefaults(wanted, DEPLOYMENT_DEFAULTS),
        properties: { ...objectAt(wanted, "properties"), ...objectAt(before, "properties") },
        provisioningState: "Succeeded",
      },
    },
  };
}

/** PATCH takes tags, and a deployment's description. */
function amend({ body, existing }: PatchRequest): Made {
  const result = kept(existing.body);
  if (isObject(body["tags"])) result["tags"] = body["tags"];
  const description = stringAt(objectAt(body, "properties"), "description");
  if (description !== undefined)
    result["properties"] = merged(objectAt(result, "properties"), { description });
  return { body: result };
}

function keepDefault({ arm, existing, id, name }: DeleteRequest): void {
  const endpoint = arm.store.get(parentId(id));
  const defaults = objectAt(objectAt(endpoint?.body ?? {}, "properties"), "defaults");
  if (existing === undefined || stringAt(defaults, "deploymentName")?.toLowerCase() !== name.toLowerCase())
    return;
  throw badArgument(`Can't delete deployment ${name}: it is the endpoint's default deployment.`);
}

/** Batch endpoints and their deployments, as ARM keeps them; nothing runs. */
export const batchTypes: readonly ResourceType[] = [
  {
    type: ENDPOINTS,
    apiVersions: ML_API_VERSIONS,
    tracked: true,
    systemData: true,
    checkName: checkEndpointName("endpoint"),
    make: makeEndpoint,
    amend,
    actions: { listkeys: ({ existing }) => ({ status: 200, body: objectAt(existing.internal, "keys") }) },
    longRunning: endpointOperations("beidp"),
  },
  {
    type: `${ENDPOINTS}/deployments`,
    apiVersions: ML_API_VERSIONS,
    tracked: true,
    systemData: true,
    checkName: checkEndpointName("deployment"),
    make: makeDeployment,
    amend,
    beforeDelete: keepDefault,
    longRunning: endpointOperations("bdidp"),
  },
];
