import { Environment, type EnvironmentArgs } from "../../components";
import { environmentConstraints, environmentRules } from "../../components/environment-args";
import { assetFixture } from "../helpers/asset-fixtures";
import { WORKSPACE_ID } from "../helpers/pulumi-mocks";
import type { RuleCases } from "../helpers/rule-cases";

const right: EnvironmentArgs = {
  workspaceId: WORKSPACE_ID,
  environmentName: "churn-training",
  image: "mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04:20250601.v1",
};
const condaFile = assetFixture("conda.yaml");
const built = { workspaceId: WORKSPACE_ID, environmentName: "churn", build: { path: assetFixture("image") } };

export const environment: RuleCases<EnvironmentArgs> = {
  component: "Environment",
  declare: (name, args) => new Environment(name, args),
  rules: environmentRules,
  constraints: environmentConstraints,
  cases: [
    { rule: "environmentName", right, wrong: { environmentName: "-churn" }, path: "environmentName" },
    { rule: "image", right, wrong: { image: "an image" }, path: "image" },
    {
      rule: "build.dockerfile",
      right: { ...built, build: { ...built.build, dockerfile: "gpu.Dockerfile" } },
      wrong: { build: { ...built.build, dockerfile: "../Dockerfile" } },
      path: "build.dockerfile",
    },
    {
      rule: "environment-image-or-build",
      right,
      wrong: { build: built.build },
      path: "image",
    },
    {
      rule: "environment-conda-without-image",
      right: { ...right, condaFile },
      wrong: { image: undefined, build: built.build },
      path: "condaFile",
    },
    {
      rule: "environment-reserved-name",
      right,
      wrong: { environmentName: "AzureML-churn" },
      path: "environmentName",
    },
    {
      rule: "environment-conda-invalid",
      right: { ...right, condaFile },
      wrong: { condaFile: assetFixture("table", "MLTable") },
      path: "condaFile",
    },
    {
      rule: "environment-dockerfile-missing",
      right: built,
      wrong: { build: { path: assetFixture("table") } },
      path: "build.dockerfile",
    },
  ],
};
