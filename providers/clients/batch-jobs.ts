import { createPipelineFromOptions, createPipelineRequest } from "@azure/core-rest-pipeline";
import { randomUUID } from "node:crypto";
import { ML_API_VERSION, type Arm, type ArmOptions } from "./arm";
import { armErrorOf } from "./arm-error";
import { workspaceIdOf } from "./arm-id";
import { ProviderError } from "./errors";
import { httpClient } from "./http";
import { signInPolicy } from "./sign-in-policy";
import { createJobs, type Job, type Jobs, type LiveJob } from "./jobs";

const request = { apiVersion: ML_API_VERSION };
/** Milliseconds: the endpoint answers when it has made the job, not when the job has ended. */
const TIMEOUT = 120_000;

/** The files that a job scores. */
export interface BatchInput {
  readonly kind: "uri_folder" | "uri_file";
  /** `azureml://…`, `https://…`, or the ARM id of a data asset's version. */
  readonly uri: string;
}

/** What a job is submitted with. */
export interface BatchJobRequest {
  /** Of the job, unique in its workspace: who submits it again finds it. */
  readonly name: string;
  /** The endpoint's default where there is none. */
  readonly deployment?: string;
  readonly input: BatchInput;
  /** The folder that the output `score` goes to, `azureml://…`. */
  readonly outputUri: string;
}

/** The jobs of batch endpoints: they are submitted at the endpoint, then read and cancelled in ARM. */
export interface BatchJobs extends Jobs {
  /**
   * Submits a job, or finds the one that has its name already.
   *
   * @throws ArmError with what the endpoint has against it; ProviderError where there is no such endpoint
   */
  submit(endpointId: string, wish: BatchJobRequest): Promise<Job>;
}

interface LiveEndpoint {
  readonly properties: { readonly scoringUri?: string | null };
}

/** ARM id of the job that an endpoint has under a name. */
export function jobIdOf(endpointId: string, name: string): string {
  return `${workspaceIdOf(endpointId)}/jobs/${name}`;
}

export function createBatchJobs(arm: Arm, options: ArmOptions = {}): BatchJobs {
  const client = options.httpClient ?? httpClient();
  const pipeline = createPipelineFromOptions({});
  pipeline.addPolicy(
    signInPolicy(({ scoringScope }) => scoringScope, options.credential),
    { phase: "Sign" },
  );

  const jobs = createJobs(arm);

  return {
    ...jobs,
    async submit(endpointId, wish) {
      const jobId = jobIdOf(endpointId, wish.name);
      const there = await jobs.read(jobId);
      if (there !== undefined) return there;
      const url = await scoringUriOf(arm, endpointId);
      const post = createPipelineRequest({ method: "POST", url, timeout: TIMEOUT });
      post.headers.set("content-type", "application/json");
      // The pipeline's own tries bear the same id, so that a lost answer makes no second job.
      post.headers.set("repeatability-request-id", randomUUID());
      if (wish.deployment !== undefined) post.headers.set("azureml-model-deployment", wish.deployment);
      post.body = JSON.stringify(submission(wish));
      const response = await pipeline.sendRequest(client, post);
      // Somebody who submits the same was faster.
      const made = response.status === 409 ? await jobs.read(jobId) : undefined;
      if (made !== undefined) return made;
      if (response.status >= 400) throw armErrorOf(response);
      const job = JSON.parse(response.bodyAsText ?? "") as LiveJob;
      return {
        id: jobIdOf(endpointId, job.name),
        name: job.name,
        status: job.properties.status,
      };
    },
  };
}

async function scoringUriOf(arm: Arm, endpointId: string): Promise<string> {
  const endpoint = await arm.read<LiveEndpoint>(endpointId, request);
  const uri = endpoint?.properties.scoringUri;
  if (!uri) throw new ProviderError({ what: "there is no such batch endpoint", where: endpointId });
  return uri;
}

const TYPES = { uri_folder: "UriFolder", uri_file: "UriFile" } as const;

/** As Azure's own client writes it; a model's deployment has one input, whatever its name, and the output `score`. */
function submission({ name, input, outputUri }: BatchJobRequest): object {
  const type = TYPES[input.kind];
  return {
    properties: {
      name,
      inputData: { [type]: { jobInputType: type, uri: input.uri } },
      outputData: { score: { jobOutputType: "UriFolder", uri: outputUri } },
    },
  };
}
