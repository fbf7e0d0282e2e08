import { randomBytes } from "node:crypto";
import { issueEndpointToken, ENDPOINT_TOKEN_SECONDS } from "../../../scoring/endpoint-token";
import type { JsonObject } from "../../../json";
import { badArgument } from "../../errors";
import { isObject, merged, objectAt, pick, stringAt } from "../../objects";
import { lastName } from "../../path";
import type {
  ActionRequest,
  Answer,
  Arm,
  Made,
  PatchRequest,
  PutRequest,
  ResourceType,
} from "../../resource-type";
import type { Store, StoredResource } from "../../store";
import { kept, locationAndTags } from "../envelope";
import { completeIdentity } from "../identity";
import { checkEndpointName, endpointOperations, ML_API_VERSIONS, WORKSPACES } from "./provider";
import { checkTraffic, trafficAt } from "./traffic";

const TYPE = `${WORKSPACES}/onlineEndpoints`;
/** Of all API versions, the one whose PATCH takes traffic; the MLflow plug-in uses it so. */
const PATCHES_TRAFFIC = "2022-02-01-preview";

function makeEndpoint({ arm, body, existing, id, name }: PutRequest): Made {
  const location = locationAndTags(body);
  const region = String(location["location"]);
  const wanted = objectAt(body, "properties");
  const before = objectAt(existing?.body ?? {}, "properties");
  const [traffic, mirrorTraffic] = [trafficAt(wanted, "traffic"), trafficAt(wanted, "mirrorTraffic")];
  if (existing === undefined) {
    checkEndpointIsFree(arm, id, name, region);
    if (Object.keys(traffic).length > 0 || Object.keys(mirrorTraffic).length > 0) {
      throw badArgument(
        "Traffic cannot be set when an endpoint is created: it has no deployments yet.",
        "properties.traffic",
      );
    }
  }
  checkTraffic(traffic, mirrorTraffic, deploymentNames(arm.store, id));
  const authMode = stringAt(wanted, "authMode");
  if (authMode === undefined)
    throw badArgument(
      "'authMode' is required; allowed are Key, AMLToken and AADToken.",
      "properties.authMode",
    );
  const host = `https://${name.toLowerCase()}.${region}.inference.ml.azure.com`;
  return {
    body: {
      ...location,
      ...pick(body, ["kind", "sku"]),
      identity: identity(arm, body, existing),
      properties: {
        authMode,
        publicNetworkAccess: stringAt(wanted, "publicNetworkAccess") ?? "Enabled",
        ...pick(wanted, ["description", "compute"]),
        traffic,
        mirrorTraffic,
        scoringUri: `${host}/score`,
        swaggerUri: `${host}/swagger.json`,
        properties: bag(arm, id, objectAt(before, "properties"), objectAt(wanted, "properties")),
        provisioningState: "Succeeded",
      },
    },
    internal: { keys: keysOf(existing, objectAt(wanted, "keys")) },
  };
}

function identity(arm: Arm, body: JsonObject, existing: StoredResource | undefined): JsonObject {
  const wanted = isObject(body["identity"]) ? body["identity"] : { type: "SystemAssigned" };
  return completeIdentity(arm.store, wanted, objectAt(existing?.body ?? {}, "identity"));
}

/** The endpoint's own property bag: "properties can be added, but not removed or altered". */
function bag(arm: Arm, id: string, before: JsonObject, wanted: JsonObject): JsonObject {
  const added = { "azureml.onlineendpointid": id.toLowerCase(), createdAt: arm.now().toISOString() };
  return { ...wanted, ...added, ...before, lastModifiedAt: arm.now().toISOString() };
}

function keysOf(existing: StoredResource | undefined, given: JsonObject): JsonObject {
  const newKey = (): string => randomBytes(24).toString("base64url");
  return {
    primaryKey: newKey(),
    secondaryKey: newKey(),
    ...objectAt(existing?.internal ?? {}, "keys"),
    ...pick(given, ["primaryKey", "secondaryKey"]),
  };
}

/** The names of an endpoint's deployments that are there to stay. */
export function deploymentNames(store: Store, endpointId: string): string[] {
  return store
    .list(`${endpointId}/deployments/`)
    .filter(({ body }) => body["type"] === `${TYPE}/deployments`)
    .filter(({ body }) => objectAt(body, "properties")["provisioningState"] !== "Deleting")
    .map(({ id }) => lastName(id));
}

/** Endpoint names are part of host names: unique in their region, whatever the workspace. */
export function checkEndpointIsFree({ store }: Arm, id: string, name: string, region: string): void {
  const taken = store.list("/subscriptions/").find((other) => {
    const { type, location } = other.body;
    const isEndpoint = type === TYPE || type === `${WORKSPACES}/batchEndpoints`;
    return (
      isEndpoint &&
      lastName(other.id).toLowerCase() === name.toLowerCase() &&
      location === region &&
      other.id !== id
    );
  });
  if (taken === undefined) return;
  const message = `There is already an endpoint with this name ('${name}'). Endpoint name needs to be unique within a region (${region}). Try some other name.`;
  throw badArgument(message, "name");
}

/** PATCH takes tags and identity; traffic, in the API version that has it so. */
function amendEndpoint({ arm, apiVersion, body, existing, id }: PatchRequest): Made {
  const endpoint = kept(existing.body);
  if (isObject(body["tags"])) endpoint["tags"] = body["tags"];
  const before = objectAt(endpoint, "identity");
  if (isObject(body["identity"])) {
    endpoint["identity"] = completeIdentity(arm.store, merged(before, body["identity"]), before);
  }
  const changed = objectAt(body, "properties");
  if (
    apiVersion === PATCHES_TRAFFIC &&
    (isObject(changed["traffic"]) || isObject(changed["mirrorTraffic"]))
  ) {
    const properties = {
      ...objectAt(endpoint, "properties"),
      ...pick(changed, ["traffic", "mirrorTraffic"]),
    };
    const [traffic, mirrorTraffic] = [
      trafficAt(properties, "traffic"),
      trafficAt(properties, "mirrorTraffic"),
    ];
    checkTraffic(traffic, mirrorTraffic, deploymentNames(arm.store, id));
    endpoint["properties"] = { ...properties, traffic, mirrorTraffic };
  }
  return { body: endpoint };
}

function needKeys(existing: StoredResource): JsonObject {
  const { authMode } = objectAt(existing.body, "properties");
  if (authMode === "Key") return objectAt(existing.internal, "keys");
  throw badArgument(`The endpoint's authMode is ${String(authMode)}: it has no keys.`);
}

async function regenerateKeys({ arm, body, existing }: ActionRequest): Promise<Answer> {
  const keys = needKeys(existing);
  const which = { Primary: "primaryKey", Secondary: "secondaryKey" }[stringAt(body, "keyType") ?? ""];
  if (which === undefined) throw badArgument("'keyType' must be Primary or Secondary.", "keyType");
  // azure-ai-ml sends the present value for "make another".
  const wish = stringAt(body, "keyValue");
  const value = wish === undefined || wish === keys[which] ? randomBytes(24).toString("base64url") : wish;
  await arm.store.put({ ...existing, internal: { ...existing.internal, keys: { ...keys, [which]: value } } });
  return { status: 200 };
}

async function token({ arm, existing }: ActionRequest): Promise<Answer> {
  const { authMode } = objectAt(existing.body, "properties");
  if (authMode !== "AMLToken") {
    throw badArgument(`The endpoint's authMode is ${String(authMode)}: it gives out no tokens.`);
  }
  const now = arm.now();
  const accessToken = await issueEndpointToken(
    existing.id,
    String(objectAt(existing.internal, "keys")["primaryKey"]),
    now,
  );
  const expiryTimeUtc = Math.floor(now.getTime() / 1000) + ENDPOINT_TOKEN_SECONDS;
  const refreshAfterTimeUtc = expiryTimeUtc - ENDPOINT_TOKEN_SECONDS / 2;
  return { status: 200, body: { accessToken, expiryTimeUtc, refreshAfterTimeUtc, tokenType: "Bearer" } };
}

/** Online endpoints. Their PUT replaces the whole: traffic that it leaves out is taken away. */
export const onlineEndpoints: ResourceType = {
  type: TYPE,
  apiVersions: ML_API_VERSIONS,
  tracked: true,
  systemData: true,
  checkName: checkEndpointName("endpoint"),
  make: makeEndpoint,
  amend: amendEndpoint,
  actions: {
    listkeys: ({ existing }) => ({
      status: 200,
      body: pick(needKeys(existing), ["primaryKey", "secondaryKey"]),
    }),
    regeneratekeys: regenerateKeys,
    token,
  },
  longRunning: endpointOperations("oeidp"),
};
