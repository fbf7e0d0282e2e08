import type * as registries from "@pulumi/azure-native/containerregistry";
import type { keyvault } from "@pulumi/azure-native/types/input";
import type * as storage from "@pulumi/azure-native/storage";
import type * as pulumi from "@pulumi/pulumi";
import { privateEndpointsOf, type Isolation } from "./isolation";

/** Who reaches a resource from the internet: everybody who signs in, some addresses, nobody. */
type PublicAccess =
  | { readonly to: "everybody" | "nobody" }
  | { readonly to: "some"; readonly ranges: readonly pulumi.Input<string>[] };

function publicAccess(isolation: Isolation = { mode: "public" }): PublicAccess {
  if (isolation.mode === "public" && isolation.ipAllowList !== undefined)
    return { to: "some", ranges: isolation.ipAllowList };
  return { to: privateEndpointsOf(isolation) === undefined ? "everybody" : "nobody" };
}

/** `publicNetworkAccess` of a workspace. */
export function workspaceAccess(isolation: Isolation | undefined): "Enabled" | "Disabled" {
  return publicAccess(isolation).to === "nobody" ? "Disabled" : "Enabled";
}

/** What closes a storage account; nothing where it is open. Azure ML itself comes in as a trusted service. */
export function storageAccess(isolation: Isolation | undefined): Partial<storage.StorageAccountArgs> {
  const access = publicAccess(isolation);
  if (access.to === "everybody") return {};
  return {
    publicNetworkAccess: access.to === "some" ? "Enabled" : "Disabled",
    networkRuleSet: {
      bypass: "AzureServices",
      defaultAction: "Deny",
      ipRules: access.to === "some" ? access.ranges.map((iPAddressOrRange) => ({ iPAddressOrRange })) : [],
    },
  };
}

/** What closes a key vault; nothing where it is open. */
export function vaultAccess(
  isolation: Isolation | undefined,
): Pick<keyvault.VaultPropertiesArgs, "publicNetworkAccess" | "networkAcls"> {
  const access = publicAccess(isolation);
  if (access.to === "everybody") return {};
  return {
    publicNetworkAccess: access.to === "some" ? "Enabled" : "Disabled",
    networkAcls: {
      bypass: "AzureServices",
      defaultAction: "Deny",
      ipRules: access.to === "some" ? access.ranges.map((value) => ({ value })) : [],
    },
  };
}

/** What closes a container registry; nothing where it is open. */
export function registryAccess(isolation: Isolation | undefined): Partial<registries.RegistryArgs> {
  const access = publicAccess(isolation);
  if (access.to === "everybody") return {};
  return {
    publicNetworkAccess: access.to === "some" ? "Enabled" : "Disabled",
    networkRuleBypassOptions: "AzureServices",
    networkRuleSet: {
      defaultAction: "Deny",
      ipRules:
        access.to === "some"
          ? access.ranges.map((iPAddressOrRange) => ({ action: "Allow", iPAddressOrRange }))
          : [],
    },
  };
}
