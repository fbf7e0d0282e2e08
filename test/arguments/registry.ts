import { Registry, type RegistryArgs } from "../../components";
import { registryRules } from "../../components/registry-args";
import type { ArgumentCases } from "../helpers/argument-cases";
import { GROUP_ID } from "../helpers/pulumi-mocks";

export const registry: ArgumentCases<RegistryArgs> = {
  component: "Registry",
  rules: registryRules,
  declare: (name, args) => new Registry(name, args),
  cases: [
    {
      resourceGroupId: GROUP_ID,
      registryName: "shared-models",
      location: "westeurope",
      regions: ["westeurope", "northeurope"],
      storageAccountType: "Standard_ZRS",
      publicNetworkAccess: "Disabled",
      tags: { team: "platform" },
    },
    { resourceGroupId: GROUP_ID, registryName: "others", location: "northeurope" },
  ],
};
