import { join } from "node:path";
import { MlflowProject, type MlflowProjectArgs } from "../../components";
import { mlflowProjectRules } from "../../components/mlflow-project-args";
import { packageRoot } from "../../tools/paths";
import type { ArgumentCases } from "../helpers/argument-cases";
import { assetFixture } from "../helpers/asset-fixtures";
import { IDENTITY_ID, WORKSPACE_ID } from "../helpers/pulumi-mocks";

const environmentId = `${WORKSPACE_ID}/environments/sklearn/versions/3`;
const image = "mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04:20250601.v1";
const project = (name: string): string => join(packageRoot(), "examples", "mlflow-projects", name);
const WAITING = "decides what `up` does, not the job: test/unit/training-job.test.ts";

export const mlflowProject: ArgumentCases<MlflowProjectArgs> = {
  component: "MlflowProject",
  rules: mlflowProjectRules,
  declare: (name, args) => new MlflowProject(name, args),
  cases: [
    {
      workspaceId: WORKSPACE_ID,
      uri: project("readings"),
      parameters: {
        above: 1.5,
        data: { type: "uri_file", uri: "azureml://datastores/lake/paths/new.csv", mode: "Download" },
      },
      image,
      environmentVariables: { LOG_LEVEL: "warning" },
      computeId: `${WORKSPACE_ID}/computes/gpu`,
      instanceCount: 2,
      distribution: { kind: "PyTorch", processCountPerInstance: 4 },
      resources: { instanceType: "large", shmSize: "8g", dockerArgs: "--cap-add SYS_PTRACE" },
      limits: { timeoutSeconds: 3600 },
      identity: { kind: "Managed", identityId: IDENTITY_ID },
      experimentName: "readings",
      displayName: "Readings of January",
      description: "How many are high",
      tags: { team: "risk" },
      rerun: "2026-01-31",
      wait: false,
      deadlineSeconds: 600,
      onDestroy: "leave",
    },
    {
      workspaceId: WORKSPACE_ID,
      uri: project("readings"),
      parameters: { above: 0.5, data: { type: "uri_folder", path: assetFixture("scoring") } },
      environment: { image, condaFile: assetFixture("conda.yaml") },
      instanceCount: 3,
      distribution: { kind: "TensorFlow", workerCount: 2, parameterServerCount: 1 },
    },
    {
      workspaceId: WORKSPACE_ID,
      uri: project("digits"),
      entryPoint: "compare",
      environment: { build: { path: assetFixture("image"), dockerfile: "gpu.Dockerfile" } },
      resources: { instanceType: "Standard_DS3_v2" },
      queueSettings: { jobTier: "Spot" },
      identity: { kind: "UserIdentity" },
    },
    {
      workspaceId: WORKSPACE_ID,
      uri: project("digits"),
      environmentId,
      environmentVariables: { LOG_LEVEL: "info" },
      queueSettings: { jobTier: "Standard" },
    },
    {
      workspaceId: WORKSPACE_ID,
      uri: project("diabetes"),
      environmentId,
    },
    {
      workspaceId: WORKSPACE_ID,
      uri: project("readings"),
      parameters: { above: 1, data: { type: "uri_folder", path: assetFixture("image") } },
      environment: { build: { path: assetFixture("other-image") } },
      instanceCount: 1,
      distribution: { kind: "Mpi", processCountPerInstance: 1 },
    },
  ],
  exempt: {
    version: "decides which commit is fetched: test/unit/mlflow-project-git.test.ts",
    wait: WAITING,
    deadlineSeconds: WAITING,
    onDestroy: WAITING,
  },
};
