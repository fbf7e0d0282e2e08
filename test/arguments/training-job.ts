import { TrainingJob, type TrainingJobArgs } from "../../components";
import { trainingJobRules } from "../../components/training-job-args";
import type { ArgumentCases } from "../helpers/argument-cases";
import { assetFixture } from "../helpers/asset-fixtures";
import { IDENTITY_ID, WORKSPACE_ID } from "../helpers/pulumi-mocks";

const environmentId = `${WORKSPACE_ID}/environments/sklearn/versions/3`;
const image = "mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04:20250601.v1";
const WAITING = "decides what `up` does, not the job: test/unit/training-job.test.ts";

export const trainingJob: ArgumentCases<TrainingJobArgs> = {
  component: "TrainingJob",
  rules: trainingJobRules,
  declare: (name, args) => new TrainingJob(name, args),
  cases: [
    {
      workspaceId: WORKSPACE_ID,
      command: "python score.py ${{inputs.data}} ${{inputs.rate}} ${{outputs.model}}",
      code: assetFixture("scoring"),
      environmentId,
      environmentVariables: { LOG_LEVEL: "warning" },
      inputs: {
        data: { type: "uri_folder", uri: "azureml://datastores/lake/paths/new/", mode: "Download" },
        rate: 0.1,
      },
      outputs: {
        model: { type: "mlflow_model", mode: "Upload", uri: "azureml://datastores/lake/paths/models" },
      },
      computeId: `${WORKSPACE_ID}/computes/gpu`,
      instanceCount: 2,
      distribution: { kind: "PyTorch", processCountPerInstance: 4 },
      resources: { instanceType: "large", shmSize: "8g", dockerArgs: "--cap-add SYS_PTRACE" },
      limits: { timeoutSeconds: 3600 },
      identity: { kind: "Managed", identityId: IDENTITY_ID },
      experimentName: "churn",
      displayName: "Churn of January",
      description: "Learns who leaves",
      tags: { team: "risk" },
      rerun: "2026-01-31",
      wait: false,
      deadlineSeconds: 600,
      onDestroy: "leave",
    },
    {
      workspaceId: WORKSPACE_ID,
      command: "python score.py",
      code: assetFixture("other-scoring"),
      environment: { image, condaFile: assetFixture("conda.yaml") },
      inputs: {
        table: { type: "mltable", path: assetFixture("table"), mode: "EvalMount" },
        before: { type: "custom_model", path: assetFixture("other-image") },
        base: { type: "mlflow_model", uri: `${WORKSPACE_ID}/models/churn/versions/7` },
      },
      outputs: { table: { type: "uri_file" } },
      resources: { instanceType: "Standard_DS3_v2" },
      queueSettings: { jobTier: "Spot" },
      identity: { kind: "UserIdentity" },
    },
    {
      workspaceId: WORKSPACE_ID,
      command: "python main.py",
      code: assetFixture("scoring", "nested"),
      environment: { build: { path: assetFixture("image"), dockerfile: "gpu.Dockerfile" } },
      instanceCount: 3,
      distribution: { kind: "TensorFlow", workerCount: 2, parameterServerCount: 1 },
      queueSettings: { jobTier: "Standard" },
    },
    {
      workspaceId: WORKSPACE_ID,
      command: "ls",
      environment: { build: { path: assetFixture("other-image") } },
      instanceCount: 1,
      distribution: { kind: "Mpi", processCountPerInstance: 1 },
    },
  ],
  exempt: {
    wait: WAITING,
    deadlineSeconds: WAITING,
    onDestroy: WAITING,
  },
};
