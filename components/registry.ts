import * as ml from "@pulumi/azure-native/machinelearningservices";
import * as pulumi from "@pulumi/pulumi";
import { resourceParts } from "../providers/clients/arm-id";
import { checkArgs } from "./args";
import { registryConstraints, registryRules, type RegistryArgs } from "./registry-args";

/**
 * An organisation's registry: models, environments, data and components that workspaces of several regions share, and between which they are promoted.
 *
 * Azure keeps its files and images in accounts of a resource group of its own, without public blobs. Costs: in each region a storage account by what it holds, and a Premium
 * container registry by the day.
 */
export class Registry extends pulumi.ComponentResource {
  /** ARM id; what is promoted goes below it. */
  declare readonly id: pulumi.Output<string>;
  declare readonly name: pulumi.Output<string>;
  /** Where workspaces find it, as ARM tells it. */
  declare readonly discoveryUrl: pulumi.Output<string>;
  /** MLflow's registry address, as ARM tells it. */
  declare readonly mlflowRegistryUri: pulumi.Output<string>;
  /** ARM id of the resource group that Azure made for its files and images. */
  declare readonly managedResourceGroupId: pulumi.Output<string>;

  constructor(name: string, args: RegistryArgs, opts?: pulumi.ComponentResourceOptions) {
    super("pulumi-azureml:index:Registry", name, {}, opts);
    args = checkArgs("Registry", name, args, registryRules, registryConstraints);
    const { location, regions = [location] } = args;
    const registry = new ml.Registry(
      name,
      {
        registryName: args.registryName,
        resourceGroupName: pulumi
          .output(args.resourceGroupId)
          .apply((id) => resourceParts(id).resourceGroupName),
        location,
        identity: { type: "SystemAssigned" },
        publicNetworkAccess: args.publicNetworkAccess ?? "Enabled",
        regionDetails: regions.map((region) => ({
          location: region,
          acrDetails: [{ systemCreatedAcrAccount: { acrAccountSku: "Premium" } }],
          storageAccountDetails: [
            {
              systemCreatedStorageAccount: {
                allowBlobPublicAccess: false,
                storageAccountHnsEnabled: false,
                storageAccountType: args.storageAccountType ?? "Standard_LRS",
              },
            },
          ],
        })),
        tags: args.tags,
      },
      { parent: this },
    );

    this.id = registry.id;
    this.name = registry.name;
    this.discoveryUrl = registry.discoveryUrl.apply((url) => url ?? "");
    this.mlflowRegistryUri = registry.mlFlowRegistryUri.apply((uri) => uri ?? "");
    this.managedResourceGroupId = registry.managedResourceGroup.apply((group) => group?.resourceId ?? "");
    this.registerOutputs({
      id: this.id,
      name: this.name,
      discoveryUrl: this.discoveryUrl,
      mlflowRegistryUri: this.mlflowRegistryUri,
      managedResourceGroupId: this.managedResourceGroupId,
    });
  }
}
