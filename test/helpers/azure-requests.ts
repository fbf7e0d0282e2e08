import { ML_API_VERSION } from "../../providers/clients/arm";
import { armId, bodyOf, sdkResourceOf } from "../../local/plugins/azure-native/body";
import { knownRows, type Row } from "../../local/plugins/azure-native/table";
import { isObject } from "../../local/arm/objects";
import type { Json, JsonObject } from "../../local/json";
import { SUBSCRIPTION_ID } from "../../local/cloud";
import { merge as mergeBatch } from "../../providers/batch-endpoint/merge";
import type { BatchSettings } from "../../providers/batch-endpoint/types";
import { merge } from "../../providers/online-endpoint/merge";
import { versionProperties } from "../../providers/models/arm-versions";
import type { ModelVersionInputs } from "../../providers/models/types";
import { versionId } from "../../providers/asset-version/content";
import { versionProperties as assetProperties } from "../../providers/asset-version/register";
import type { AssetVersionInputs } from "../../providers/asset-version/types";
import { bodyOf as datastoreBody } from "../../providers/datastore/body";
import type { DatastoreInputs, LiveDatastore } from "../../providers/datastore/types";
import { datastoreId } from "../../providers/datastore/write";
import type { LiveEndpoint, OnlineEndpointInputs } from "../../providers/online-endpoint/types";
import type { BatchRolloutInputs } from "../../providers/batch-rollout/inputs";
import type { RolloutInputs } from "../../providers/rollout/provider";
import { pipelineJob } from "../../providers/pipeline/pipeline-job";
import type { PipelineInputs } from "../../providers/pipeline/types";
import { sweep } from "../../providers/sweep-job/sweep";
import type { SweepJobInputs } from "../../providers/sweep-job/types";
import { isLiteral } from "../../providers/training-job/body";
import { commandJob } from "../../providers/training-job/command-job";
import { runName } from "../../providers/training-job/identity";
import type { TrainingKind } from "../../providers/training-job/kind";
import type { JobInputs, Told, TrainingJobInputs } from "../../providers/training-job/types";
import type { AzureRequest } from "./argument-cases";
import type { Registered } from "./pulumi-mocks";

const rows: ReadonlyMap<string, Row> = new Map(knownRows().map((row) => [row.token, row]));

/** What creating a registered resource sends to Azure; undefined for a type that this does not know. */
export function azureRequests({ type, inputs }: Registered): readonly AzureRequest[] | undefined {
  const row = rows.get(type);
  if (row !== undefined) return [requestOf(row, plain(inputs) as JsonObject)];
  return dynamic[type]?.(plain(inputs) as JsonObject);
}

function requestOf(row: Row, inputs: JsonObject): AzureRequest {
  const { apiVersion } = sdkResourceOf(row);
  const query = Object.fromEntries(
    row.query.flatMap((name) => (inputs[name] === undefined ? [] : [[name, String(inputs[name])]])),
  );
  return { id: armId(row.path, inputs, SUBSCRIPTION_ID), apiVersion, body: bodyOf(row, inputs), query };
}

/** By type, what the dynamic resources put; those that put nothing give an empty list. */
const dynamic: Readonly<Record<string, (inputs: JsonObject) => readonly AzureRequest[]>> = {
  "random:index/randomString:RandomString": () => [],
  "pulumi-nodejs:dynamic/pulumi-azureml:ManagedNetwork": () => [],
  "pulumi-nodejs:dynamic/pulumi-azureml:Purge": () => [],
  "pulumi-nodejs:dynamic/pulumi-azureml:Detach": () => [],
  "pulumi-nodejs:dynamic/pulumi-azureml:Experiment": () => [],
  "pulumi-nodejs:dynamic/pulumi-azureml:BatchRun": () => [],
  "pulumi-nodejs:dynamic/pulumi-azureml:RegisteredModel": () => [],
  "pulumi-nodejs:dynamic/pulumi-azureml:OnlineEndpointSettings": (inputs) => {
    const { endpointId, ...wish } = inputs as unknown as OnlineEndpointInputs;
    const live: LiveEndpoint = { location: "westeurope", properties: { authMode: "Key" } };
    const body = merge(live, {}, wish) as unknown as JsonObject;
    return [{ id: endpointId, apiVersion: ML_API_VERSION, body }];
  },
  "pulumi-nodejs:dynamic/pulumi-azureml:BatchEndpointSettings": (inputs) => {
    const { endpointId, ...wish } = inputs as unknown as BatchSettings & { endpointId: string };
    const live = { location: "westeurope", properties: { authMode: "AADToken" } };
    const body = mergeBatch(live, {}, wish) as unknown as JsonObject;
    return [{ id: endpointId, apiVersion: ML_API_VERSION, body }];
  },
  "pulumi-nodejs:dynamic/pulumi-azureml:Rollout": (inputs) => {
    const { endpointId, deployment } = inputs as unknown as RolloutInputs;
    const body = deployment as unknown as JsonObject;
    return [{ id: `${endpointId}/deployments/generation`, apiVersion: ML_API_VERSION, body }];
  },
  "pulumi-nodejs:dynamic/pulumi-azureml:BatchRollout": (inputs) => {
    const { endpointId, deployment } = inputs as unknown as BatchRolloutInputs;
    const body = deployment as unknown as JsonObject;
    return [{ id: `${endpointId}/deployments/generation`, apiVersion: ML_API_VERSION, body }];
  },
  "pulumi-nodejs:dynamic/pulumi-azureml:Datastore": (inputs) => {
    const datastore = inputs as unknown as DatastoreInputs;
    const key = datastore.accountKeySecretId === undefined ? undefined : "key";
    const made = datastoreBody(datastore, undefined, {}, key) as unknown as LiveDatastore;
    // The second PUT makes it the default.
    const body = datastoreBody(datastore, made, {}, key) as unknown as JsonObject;
    return [{ id: datastoreId(datastore), apiVersion: ML_API_VERSION, body }];
  },
  "pulumi-nodejs:dynamic/pulumi-azureml:TrainingJob": (inputs) =>
    trainingRequest(commandJob, inputs as unknown as TrainingJobInputs),
  "pulumi-nodejs:dynamic/pulumi-azureml:Pipeline": (inputs) =>
    trainingRequest(pipelineJob, inputs as unknown as PipelineInputs),
  "pulumi-nodejs:dynamic/pulumi-azureml:SweepJob": (inputs) =>
    trainingRequest(sweep, inputs as unknown as SweepJobInputs),
  "pulumi-nodejs:dynamic/pulumi-azureml:Code": assetVersion,
  "pulumi-nodejs:dynamic/pulumi-azureml:Component": assetVersion,
  "pulumi-nodejs:dynamic/pulumi-azureml:DataAsset": assetVersion,
  "pulumi-nodejs:dynamic/pulumi-azureml:Environment": assetVersion,
  "pulumi-nodejs:dynamic/pulumi-azureml:MlflowModel": modelVersion,
  "pulumi-nodejs:dynamic/pulumi-azureml:CustomModel": modelVersion,
};

function trainingRequest<Inputs extends JobInputs, Result extends Told>(
  kind: TrainingKind<Inputs, Result>,
  job: Inputs,
): readonly AzureRequest[] {
  const files = Object.entries(job.inputs ?? {}).flatMap(([name, value]) =>
    isLiteral(value) ? [] : [[name, { ...value, uri: value.uri ?? `azureml://${value.path}` }] as const],
  );
  const body = { properties: kind.properties(job, Object.fromEntries(files)) } as unknown as JsonObject;
  const id = `${job.workspaceId}/jobs/${runName(job, kind.decisive)}`;
  return [{ id, apiVersion: ML_API_VERSION, body }];
}

function modelVersion(inputs: JsonObject): readonly AzureRequest[] {
  const model = inputs as unknown as ModelVersionInputs;
  const uploaded = { digest: "digest", modelUri: `azureml://${model.path ?? ""}` };
  const { description, tags = {}, aliases = [], source } = model;
  const words = { ...(description === undefined ? {} : { description }), tags, aliases };
  const lineage = source === undefined ? {} : { source };
  const type = model.type ?? "mlflow_model";
  const body = { properties: versionProperties(type, uploaded, words, lineage) } as unknown as JsonObject;
  const id = `${model.workspaceId ?? model.registryId}/models/${model.name}/versions/1`;
  return [{ id, apiVersion: ML_API_VERSION, body }];
}

function assetVersion(inputs: JsonObject): readonly AzureRequest[] {
  const asset = inputs as unknown as AssetVersionInputs;
  const { path } = asset;
  const uploaded =
    path === undefined ? undefined : { folder: path, file: "", blobUri: `https://blobs/${path}` };
  const body = { properties: assetProperties(asset, "digest", uploaded) } as unknown as JsonObject;
  return [{ id: versionId(asset, "sha256-1"), apiVersion: ML_API_VERSION, body }];
}

const SECRET = "4dabf18193072939515e22adb298388d";

/** Inputs with the values of their secrets. */
function plain(value: Json | undefined): Json | undefined {
  if (Array.isArray(value)) return value.map((item) => plain(item) ?? null);
  if (!isObject(value)) return value;
  if (SECRET in value) return plain(value["value"]);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
}
