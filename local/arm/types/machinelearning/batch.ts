import { randomBytes } from "node:crypto";
import type { JsonObject } from "../../../json";
import { badArgument } from "../../errors";
import { isObject, objectAt, pick, stringAt } from "../../objects";
import type { Made, PutRequest, ResourceType } from "../../resource-type";
import { locationAndTags } from "../envelope";
import { completeIdentity } from "../identity";
import { amend, batchDeployments } from "./batch-deployments";
import { checkEndpointIsFree } from "./online-endpoints";
import { checkEndpointName, endpointOperations, ML_API_VERSIONS, WORKSPACES } from "./provider";

const ENDPOINTS = `${WORKSPACES}/batchEndpoints`;

function makeEndpoint({ arm, body, existing, id, name }: PutRequest): Made {
  const location = locationAndTags(body);
  const region = String(location["location"]);
  const wanted = objectAt(body, "properties");
  const before = objectAt(existing?.body ?? {}, "properties");
  // azure-ai-ml writes it with small letters first.
  if (stringAt(wanted, "authMode")?.toLowerCase() !== "aadtoken")
    throw badArgument("Batch endpoints have 'authMode' AADToken.", "properties.authMode");
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
        authMode: "AADToken",
        ...pick(wanted, ["description"]),
        defaults: { deploymentName: deployment ?? null },
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

/** Batch endpoints and their deployments. */
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
  batchDeployments,
];
