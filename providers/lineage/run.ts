import {
  bearerTokenAuthenticationPolicy,
  createDefaultHttpClient,
  createPipelineFromOptions,
  createPipelineRequest,
} from "@azure/core-rest-pipeline";
import { ML_API_VERSION, type Arm } from "../clients/arm";
import { credential } from "../clients/credential";
import { ProviderError } from "../clients/errors";

const SCOPE = "https://management.azure.com/.default";
const TIMEOUT = 30_000;

/** The part of an MLflow run that lineage needs. */
export interface TrackedRun {
  readonly info: { readonly run_id: string; readonly status?: string };
  readonly data?: { readonly tags?: readonly { readonly key: string; readonly value: string }[] };
  readonly inputs?: { readonly dataset_inputs?: readonly DatasetInput[] };
}

export interface DatasetInput {
  readonly dataset: { readonly name: string; readonly digest: string; readonly source?: string };
}

/** A run of the workspace's MLflow. @returns undefined where there is none. @throws ProviderError where it can't be asked */
export async function readRun(arm: Arm, workspaceId: string, runId: string): Promise<TrackedRun | undefined> {
  const workspace = await arm.read<{ properties: { mlFlowTrackingUri?: string } }>(workspaceId, {
    apiVersion: ML_API_VERSION,
  });
  const tracking = workspace?.properties.mlFlowTrackingUri;
  if (tracking === undefined)
    throw new ProviderError({ what: "this workspace has no tracking address", where: workspaceId });
  const root = tracking.replace(/^azureml:/, "https:");
  // A token goes to Azure ML's own hosts alone.
  if (!/^https:\/\/[a-z0-9.-]+\.api\.(azureml\.ms|ml\.azure\.(us|cn))\//.test(root))
    throw new ProviderError({ what: "this is no address of Azure ML", where: root });
  const pipeline = createPipelineFromOptions({});
  pipeline.addPolicy(bearerTokenAuthenticationPolicy({ credential: credential(), scopes: SCOPE }), {
    phase: "Sign",
  });
  const url = `${root}/api/2.0/mlflow/runs/get?run_id=${encodeURIComponent(runId)}`;
  const { status, bodyAsText } = await pipeline.sendRequest(
    createDefaultHttpClient(),
    createPipelineRequest({ url, timeout: TIMEOUT }),
  );
  if (status === 404 || /RESOURCE_DOES_NOT_EXIST/.test(bodyAsText ?? "")) return undefined;
  if (status !== 200) throw new ProviderError({ what: `MLflow answered ${status}`, where: root });
  return (JSON.parse(bodyAsText ?? "") as { run: TrackedRun }).run;
}
