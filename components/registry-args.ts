import type * as pulumi from "@pulumi/pulumi";
import { listOf, oneOf, optional, tags, text, type Rules } from "../providers/rules";
import { isKnown, type Constraint } from "./args";
import type { Tags } from "./tags";
import { location, resourceGroupId } from "./workspace-args";

export interface RegistryArgs {
  /** ARM id of the resource group that it is in. Fixed. */
  readonly resourceGroupId: pulumi.Input<string>;
  /** What `azureml://registries/NAME/…` calls it: 3 to 33 letters, digits, dashes and underscores, a letter or digit first; unique in the tenant. Fixed. */
  readonly registryName: pulumi.Input<string>;
  /** The primary region, which holds what describes the assets. Fixed. */
  readonly location: pulumi.Input<string>;
  /**
   * Regions whose workspaces use it, the primary one among them: each has copies of files and images, and so of their costs. The primary one alone by default. One can be
   * added in place; Azure takes none away by this property.
   */
  readonly regions?: readonly pulumi.Input<string>[];
  /** Of the storage account in each region: `Standard_LRS` (the default), `Standard_ZRS`, …; the more copies, the dearer. Fixed. */
  readonly storageAccountType?: pulumi.Input<string>;
  /** `Enabled` (the default): reached over the internet by whoever has a role. `Disabled`: by private endpoints alone, which are yours to make. */
  readonly publicNetworkAccess?: pulumi.Input<string>;
  /** Of the registry. None by default. */
  readonly tags?: Tags;
}

export const registryRules: Rules<RegistryArgs> = {
  resourceGroupId,
  registryName: text(
    "3 to 33 letters, digits, dashes and underscores, a letter or digit first",
    /^[a-zA-Z0-9][a-zA-Z0-9_-]{2,32}$/,
    "REST API 2025-12-01, Registries: pattern of registryName",
  ),
  location,
  regions: optional(
    listOf(location, {
      least: 1,
      source: "reference-yaml-registry: replication_locations is required, with the primary location in it",
    }),
  ),
  storageAccountType: optional(
    oneOf(
      "Standard_LRS",
      "Standard_GRS",
      "Standard_RAGRS",
      "Standard_ZRS",
      "Standard_GZRS",
      "Standard_RAGZRS",
      "Premium_LRS",
      "Premium_ZRS",
    ),
  ),
  publicNetworkAccess: optional(oneOf("Enabled", "Disabled")),
  tags: optional(tags),
};

export const registryConstraints: readonly Constraint<RegistryArgs>[] = [
  {
    id: "registry-primary-region",
    source: "reference-yaml-registry: replication_locations must include the primary location",
    problems: ({ location: primary, regions }) =>
      typeof primary === "string" &&
      Array.isArray(regions) &&
      regions.every(isKnown) &&
      !regions.includes(primary)
        ? [{ path: "regions", value: regions, reason: "the primary region, `location`, must be among them" }]
        : [],
  },
  {
    id: "registry-region-twice",
    source: "models 2025-12-01, RegistryRegionArmDetails: one for each location",
    problems: ({ regions }) => {
      const known = Array.isArray(regions) ? regions.filter((region) => typeof region === "string") : [];
      const twice = known.filter((region, index) => known.indexOf(region) !== index);
      return twice.length === 0
        ? []
        : [{ path: "regions", value: regions, reason: "each region must be named once" }];
    },
  },
];
