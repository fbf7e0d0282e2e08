import type { DnsZones } from "./isolation";

/** Azure's fixed names of the private DNS zones: of the public cloud, of the US government's, of China's. */
export const zoneNames: Readonly<Record<keyof DnsZones, readonly [string, ...string[]]>> = {
  api: ["privatelink.api.azureml.ms", "privatelink.api.ml.azure.us", "privatelink.api.ml.azure.cn"],
  notebooks: [
    "privatelink.notebooks.azure.net",
    "privatelink.notebooks.usgovcloudapi.net",
    "privatelink.notebooks.chinacloudapi.cn",
  ],
  blob: [
    "privatelink.blob.core.windows.net",
    "privatelink.blob.core.usgovcloudapi.net",
    "privatelink.blob.core.chinacloudapi.cn",
  ],
  file: [
    "privatelink.file.core.windows.net",
    "privatelink.file.core.usgovcloudapi.net",
    "privatelink.file.core.chinacloudapi.cn",
  ],
  vault: [
    "privatelink.vaultcore.azure.net",
    "privatelink.vaultcore.usgovcloudapi.net",
    "privatelink.vaultcore.azure.cn",
  ],
  registry: ["privatelink.azurecr.io", "privatelink.azurecr.us", "privatelink.azurecr.cn"],
};
