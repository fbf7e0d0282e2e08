import type { BatchJobs, BatchJobSpec, BatchJobState } from "../../local/batch/job";
import type { JsonObject } from "../../local/json";
import type { PipelineJobs, PipelineJobSpec } from "../../local/pipeline-jobs/job";
import { ENDPOINT, type Harness, WORKSPACE } from "./arm-harness";

export const BATCH = ENDPOINT.replace("onlineEndpoints/churn", "batchEndpoints/nightly");
export const CLUSTER = `${WORKSPACE}/computes/cpu-cluster`;
/** A model that is not MLflow's, with what scores it. */
export const CUSTOM = `${WORKSPACE}/models/plain/versions/1`;
export const CODE = `${WORKSPACE}/codes/score/versions/1`;
export const ENVIRONMENT = `${WORKSPACE}/environments/score/versions/1`;
export const IMAGE_ONLY = `${WORKSPACE}/environments/image/versions/1`;
export const DATA = `${WORKSPACE}/data/unlabeled/versions/1`;
export const location = "westeurope";

export const model = (assetId: string): JsonObject => ({ referenceType: "Id", assetId });
export const script: JsonObject = {
  codeConfiguration: { codeId: CODE, scoringScript: "score.py" },
  environmentId: ENVIRONMENT,
};

/** A workspace with a batch endpoint and what its deployments refer to. */
export async function makeBatchParts(arm: Harness): Promise<void> {
  await arm.makeWorkspace();
  await arm.makeModel();
  await arm.ask("PUT", CUSTOM, {
    properties: {
      modelType: "custom_model",
      modelUri: "azureml://datastores/workspaceblobstore/paths/plain",
    },
  });
  await arm.ask("PUT", CODE, {
    properties: { codeUri: "https://mlstore.blob.core.windows.net/code/score" },
  });
  await arm.ask("PUT", ENVIRONMENT, { properties: { image: "img", condaFile: "dependencies: [pip]" } });
  await arm.ask("PUT", IMAGE_ONLY, { properties: { image: "img" } });
  await arm.ask("PUT", DATA, {
    properties: { dataType: "uri_folder", dataUri: "azureml://datastores/workspaceblobstore/paths/data/" },
  });
  await arm.make(CLUSTER, {
    location,
    properties: {
      computeType: "AmlCompute",
      properties: { vmSize: "STANDARD_DS3_V2", scaleSettings: { minNodeCount: 0, maxNodeCount: 5 } },
    },
  });
  await arm.make(BATCH, { location, properties: { authMode: "AADToken" } });
}

/** Jobs that are as far as the test says. */
export class FakeBatchJobs implements BatchJobs {
  readonly started: BatchJobSpec[] = [];
  readonly states = new Map<string, BatchJobState>();
  start = (spec: BatchJobSpec): void => void this.started.push(spec);
  cancel = (): Promise<void> => Promise.resolve();
  state = (jobId: string): BatchJobState | undefined => this.states.get(jobId);
  log = (jobId: string, tail: number): string => `${tail} lines of ${jobId}`;
  close = (): Promise<void> => Promise.resolve();
}

/** Pipelines that are begun, and go no further. */
export class FakePipelineJobs implements Pick<PipelineJobs, "start" | "state"> {
  readonly started: PipelineJobSpec[] = [];
  start = async (spec: PipelineJobSpec): Promise<void> => {
    this.started.push(spec);
    await Promise.resolve();
  };
  state = (): undefined => undefined;
}
