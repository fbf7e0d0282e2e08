import { Environment, type EnvironmentArgs } from "../../components";
import { environmentRules } from "../../components/environment-args";
import type { ArgumentCases } from "../helpers/argument-cases";
import { assetFixture } from "../helpers/asset-fixtures";
import { WORKSPACE_ID } from "../helpers/pulumi-mocks";

export const environment: ArgumentCases<EnvironmentArgs> = {
  component: "Environment",
  rules: environmentRules,
  declare: (name, args) => new Environment(name, args),
  cases: [
    {
      workspaceId: WORKSPACE_ID,
      environmentName: "churn-training",
      image: "mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04:20250601.v1",
      condaFile: assetFixture("conda.yaml"),
      description: "What the models are trained in",
      tags: { team: "risk" },
      onDelete: "delete",
    },
    {
      workspaceId: WORKSPACE_ID,
      environmentName: "churn-image",
      build: { path: assetFixture("image"), dockerfile: "gpu.Dockerfile" },
    },
    {
      workspaceId: WORKSPACE_ID,
      environmentName: "churn-other",
      build: { path: assetFixture("other-image") },
    },
  ],
  exempt: { onDelete: "decides whether deleting the resource deletes the version" },
};
