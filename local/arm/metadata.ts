import { TENANT_ID } from "../cloud";
import type { Json, JsonObject } from "../json";

const LOGIN = "https://login.microsoftonline.com";

/**
 * What `/metadata/endpoints` tells clients of the cloud's addresses: Azure's own, for they are the ones that work through the door.
 * API version 2019-05-01 answers an array of clouds, 2022-09-01 one object.
 */
export function metadataEndpoints(apiVersion: string): Json {
  const cloud: JsonObject = {
    name: "AzureCloud",
    portal: "https://portal.azure.com",
    resourceManager: "https://management.azure.com/",
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
      loginEndpoint: `${LOGIN}/`,
      audiences: ["https://management.core.windows.net/", "https://management.azure.com/"],
      tenant: TENANT_ID,
      identityProvider: "AAD",
    },
    suffixes: {
      storage: "core.windows.net",
      keyVaultDns: "vault.azure.net",
      acrLoginServer: "azurecr.io",
      azureFrontDoorEndpointSuffix: "azurefd.net",
      mlEndpoint: "ml.azure.com",
    },
  };
  return apiVersion < "2022-09-01" ? [cloud] : cloud;
}
