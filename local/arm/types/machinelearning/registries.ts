import { createHash } from "node:crypto";
import type { JsonObject } from "../../../json";
import { badArgument } from "../../errors";
import { normalLocation } from "../../locations";
import { isObject, objectAt, stringAt } from "../../objects";
import { resourceGroupOf } from "../../ids";
import type { Made, PutRequest, ResourceType } from "../../resource-type";
import { locationAndTags, mergedPatch } from "../envelope";
import { identityOf } from "../identity";
import { ML_API_VERSIONS, REGISTRIES } from "./provider";
import { eraseRegistryAccounts, makeRegistryAccounts } from "./registry-store";

function makeRegistry({ arm, body, existing, id, name }: PutRequest): Made {
  const tracked = locationAndTags(body);
  const location = String(tracked["location"]);
  const wanted = objectAt(body, "properties");
  const regions = regionsOf(wanted);
  const before = existing === undefined ? [] : regionsOf(objectAt(existing.body, "properties"));
  const names = regions.map(locationOf);
  if (!names.includes(location))
    throw badArgument(
      `The primary region '${location}' is not among the registry's.`,
      "properties.regionDetails",
    );
  if (new Set(names).size < names.length)
    throw badArgument("A region is named twice.", "properties.regionDetails");
  const gone = before.map(locationOf).find((each) => !names.includes(each));
  if (gone !== undefined)
    throw badArgument(
      `The region '${gone}' cannot be left out: POST removeRegions takes it away.`,
      "properties.regionDetails",
    );
  const group = `${id.slice(0, id.indexOf("/resourceGroups/"))}/resourceGroups/azureml-rg-${name}_${short(id)}`;
  return {
    body: {
      ...tracked,
      ...identityOf(arm.store, body, existing?.body),
      properties: {
        publicNetworkAccess: "Enabled",
        ...wanted,
        discoveryUrl: `https://${location}.api.azureml.ms/registrymanagement/v1.0/registries/${name}/discovery`,
        mlFlowRegistryUri: `azureml://${location}.api.azureml.ms/mlflow/v1.0${resourceGroupOf(id) ?? ""}/registries/${name}`,
        managedResourceGroup: { resourceId: group },
        regionDetails: regions.map((region) => withAccounts(group, name, region)),
      },
    },
  };
}

function regionsOf(properties: JsonObject): readonly JsonObject[] {
  const regions = properties["regionDetails"];
  return Array.isArray(regions) ? regions.filter(isObject) : [];
}

function locationOf(region: JsonObject): string {
  return normalLocation(stringAt(region, "location") ?? "");
}

/** The accounts that Azure makes in each region, by their names alone. */
function withAccounts(group: string, registry: string, region: JsonObject): JsonObject {
  const location = locationOf(region);
  const digits = short(`${registry}/${location}`);
  const [acr] = lists(region, "acrDetails");
  const [storage] = lists(region, "storageAccountDetails");
  const wantedAcr = objectAt(acr ?? {}, "systemCreatedAcrAccount");
  const wantedStorage = objectAt(storage ?? {}, "systemCreatedStorageAccount");
  if (String(wantedAcr["acrAccountSku"]) !== "Premium")
    throw badArgument(
      "The container registry of a registry is Premium.",
      "properties.regionDetails.acrDetails",
    );
  if (stringAt(wantedStorage, "storageAccountType") === undefined)
    throw badArgument(
      "Each region of a registry needs a storage account.",
      "properties.regionDetails.storageAccountDetails",
    );
  const account = (type: string, name: string): JsonObject => ({
    resourceId: `${group}/providers/${type}/${name}`,
  });
  return {
    location,
    acrDetails: [
      {
        systemCreatedAcrAccount: {
          ...wantedAcr,
          acrAccountName: `cr${digits}`,
          armResourceId: account("Microsoft.ContainerRegistry/registries", `cr${digits}`),
        },
      },
    ],
    storageAccountDetails: [
      {
        systemCreatedStorageAccount: {
          ...wantedStorage,
          storageAccountName: `st${digits}`,
          armResourceId: account("Microsoft.Storage/storageAccounts", `st${digits}`),
        },
      },
    ],
  };
}

function lists(region: JsonObject, key: string): readonly JsonObject[] {
  const value = region[key];
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** Sixteen digits of a digest. */
function short(text: string): string {
  return createHash("sha256").update(text.toLowerCase()).digest("hex").slice(0, 16);
}

/** Organisation registries. */
export const registries: ResourceType = {
  type: REGISTRIES,
  apiVersions: ML_API_VERSIONS,
  tracked: true,
  systemData: true,
  checkName: (name) => {
    if (/^[a-zA-Z0-9][a-zA-Z0-9_-]{2,32}$/.test(name)) return;
    throw badArgument(
      `The registry name '${name}' is not valid: 3 to 33 letters, digits, '-' and '_', a letter or digit first.`,
      "registryName",
    );
  },
  make: makeRegistry,
  amend: (request) => mergedPatch(request, ["tags", "identity", "sku"]),
  write: makeRegistryAccounts,
  erase: eraseRegistryAccounts,
  longRunning: {
    status: "registryOperationsStatus",
    result: "registryOperationsResults",
    hasState: false,
    put: { created: 201, updated: 200, headers: ["Azure-AsyncOperation"] },
    delete: { created: 202, updated: 202, headers: ["Location"] },
  },
};
