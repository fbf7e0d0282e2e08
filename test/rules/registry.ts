import { Registry, type RegistryArgs } from "../../components";
import { registryConstraints, registryRules } from "../../components/registry-args";
import { GROUP_ID } from "../helpers/pulumi-mocks";
import type { RuleCases } from "../helpers/rule-cases";

const right: RegistryArgs = {
  resourceGroupId: GROUP_ID,
  registryName: "shared-models",
  location: "westeurope",
  regions: ["westeurope", "northeurope"],
};

export const registry: RuleCases<RegistryArgs> = {
  component: "Registry",
  declare: (name, args) => new Registry(name, args),
  rules: registryRules,
  constraints: registryConstraints,
  cases: [
    { rule: "registryName", right, wrong: { registryName: "shared models" }, path: "registryName" },
    { rule: "regions", right, wrong: { regions: [] }, path: "regions" },
    { rule: "registry-primary-region", right, wrong: { regions: ["northeurope"] }, path: "regions" },
    {
      rule: "registry-region-twice",
      right,
      wrong: { regions: ["westeurope", "westeurope"] },
      path: "regions",
    },
  ],
};
