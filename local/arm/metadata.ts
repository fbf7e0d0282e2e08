import { TENANT_ID } from "../cloud";
import type { Json, JsonObject } from "../json";

/** What a cloud is called, and where it is. */
export interface CloudAddresses {
  readonly name: string;
  readonly portal: string;
  readonly resourceManager: string;
  readonly loginEndpoint: string;
  readonly audiences: readonly string[];
  /** What stands behind `ACCOUNT.blob.`; Azure's own by default. */
  readonly storage?: string;
}

/** Azure's own, which work through the door. */
const AZURE: CloudAddresses = {
  name: "AzureCloud",
  portal: "https://portal.azure.com",
  resourceManager: "https://management.azure.com/",
  loginEndpoint: "https://login.microsoftonline.com/",
  audiences: ["https://management.core.windows.net/", "https://management.azure.com/"],
};

/**
 * What `/metadata/endpoints` tells clients of the cloud's addresses. API version 2019-05-01 answers an array of clouds, 2022-09-01 one object.
 */
export function metadataEndpoints(apiVersion: string, addresses: CloudAddresses = AZURE): Json {
  const cloud: JsonObject = {
    name: addresses.name,
    portal: addresses.portal,
    resourceManager: addresses.resourceManager,
    graph: "https://graph.windows.net/",
    graphAudience: "https://graph.windows.net/",
    microsoftGraphResourceId: "https://graph.microsoft.com/",
    media: "https://rest.media.azure.net",
    batch: "https://batch.core.windows.net/",
    gallery: "https://gallery.azure.com/",
    vmImageAliasDoc:
      "https://raw.githubusercontent.com/Azure/azure-rest-api-specs/main/arm-compute/quickstart-templates/aliases.json",
    sqlManagement: "https://management.core.windows.net:8443/",
    activeDirectoryDataLake: "https://datalake.azure.net/",
    authentication: {
      loginEndpoint: addresses.loginEndpoint,
      audiences: [...addresses.audiences],
      tenant: TENANT_ID,
      identityProvider: "AAD",
    },
    suffixes: {
      storage: addresses.storage ?? "core.windows.net",
      keyVaultDns: "vault.azure.net",
      acrLoginServer: "azurecr.io",
      azureFrontDoorEndpointSuffix: "azurefd.net",
      mlEndpoint: "ml.azure.com",
    },
  };
  return apiVersion < "2022-09-01" ? [cloud] : cloud;
}
