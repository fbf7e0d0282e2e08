import { badArgument } from "../arm/errors";
import { objectAt, numberAt, stringAt, withDefaults } from "../arm/objects";
import type { Store, StoredResource } from "../arm/store";
import { assetVersion, codeOf, environmentOf, modelOf } from "../arm/types/machinelearning/asset-references";
import { modelReference } from "../arm/types/machinelearning/batch-deployments";
import { batchCompute, checkBatchSettings, instanceCount } from "../arm/types/machinelearning/batch-settings";
import { milliseconds, strings } from "../arm/types/machinelearning/deployment-spec";
import type { BlobPlace } from "../jobs/blob-place";
import { artifactsOf, isAsset, placeOf } from "../jobs/data-place";
import { checkRuns } from "../jobs/runnable-environment";
import { datastoreUri } from "../mlflow/artifact-uri";
import type { Workspace } from "../mlflow/workspace";
import type { Invocation, InvocationData } from "./invocation";
import type { BatchJobSpec } from "./job";

/** What a new job is: how the engine runs it, and where clients find its output. */
export interface NewJob {
  readonly spec: BatchJobSpec;
  /** `azureml://…` of the output's folder. */
  readonly outputUri: string;
}

export interface NewJobNames {
  /** ARM id of the job. */
  readonly id: string;
  /** Name of the run below it that does the scoring. */
  readonly child: string;
}

/** What a deployment does for an invocation. @throws ArmError for what cannot run, with what to do */
export function newJob(
  store: Store,
  workspace: Workspace,
  deployment: StoredResource,
  invocation: Invocation,
  { id, child }: NewJobNames,
): NewJob {
  const declared = objectAt(deployment.body, "properties");
  const settings = withDefaults(invocation.settings, declared);
  const compute = batchCompute(store, deployment.id, stringAt(settings, "compute") ?? "");
  if (compute.computeType !== "AmlCompute")
    throw badArgument(
      `The local Azure runs jobs on clusters of type AmlCompute; ${compute.id} is of type ${compute.computeType}.`,
    );
  const out = outputOf(store, workspace, invocation.output, child);
  const named = { ...settings, ...(out.file === undefined ? {} : { outputFileName: out.file }) };
  checkBatchSettings(named, compute);
  const model = modelOf(store, deployment.id, modelReference(settings));
  const retries = objectAt(settings, "retrySettings");
  return {
    outputUri: out.uri,
    spec: {
      id,
      clusterId: compute.id,
      instances: instanceCount(settings),
      concurrencyPerInstance: numberAt(settings, "maxConcurrencyPerInstance") ?? 1,
      miniBatchSize: numberAt(settings, "miniBatchSize") ?? 10,
      errorThreshold: numberAt(settings, "errorThreshold") ?? -1,
      maxRetries: numberAt(retries, "maxRetries") ?? 3,
      timeout: milliseconds(stringAt(retries, "timeout")) ?? 30_000,
      outputAction: settings["outputAction"] === "SummaryOnly" ? "SummaryOnly" : "AppendRow",
      outputFileName: String(named["outputFileName"]),
      environmentVariables: strings(objectAt(settings, "environmentVariables")),
      loggingLevel: stringAt(settings, "loggingLevel") ?? "Info",
      model: model && { ...model.place, type: model.modelType },
      ...scriptOf(store, deployment),
      input: inputOf(store, workspace, deployment, invocation.input),
      output: out.place,
      logs: artifactsOf(store, workspace, child),
    },
  };
}

function scriptOf(store: Store, { id, body }: StoredResource): Pick<BatchJobSpec, "code" | "environment"> {
  const properties = objectAt(body, "properties");
  const code = objectAt(properties, "codeConfiguration");
  const scoringScript = stringAt(code, "scoringScript");
  if (scoringScript === undefined) return { code: undefined, environment: undefined };
  const environment = environmentOf(store, id, stringAt(properties, "environmentId") ?? "");
  checkRuns(environment);
  return { code: { ...codeOf(store, id, stringAt(code, "codeId") ?? ""), scoringScript }, environment };
}

function inputOf(
  store: Store,
  workspace: Workspace,
  deployment: StoredResource,
  input: InvocationData,
): BatchJobSpec["input"] {
  const target = "properties.inputData";
  if (!isAsset(input.uri)) return { ...placeOf(store, workspace, input.uri, target), kind: input.kind };
  const found = assetVersion(store, deployment.id, input.uri, "data", target);
  const { dataType, dataUri } = objectAt(found.version.body, "properties");
  if (dataType !== input.kind)
    throw badArgument(
      `The data asset '${input.uri}' is of type ${String(dataType)}; the request says ${input.kind}.`,
      target,
    );
  return { ...placeOf(store, found.workspace, String(dataUri), target), kind: input.kind };
}

interface OutputPlace {
  readonly place: BlobPlace;
  readonly uri: string;
  /** The file's name, where the caller chooses it. */
  readonly file: string | undefined;
}

function outputOf(
  store: Store,
  workspace: Workspace,
  output: InvocationData | undefined,
  child: string,
): OutputPlace {
  const target = "properties.outputData";
  const standard = datastoreUri(workspace, {
    datastore: "workspaceblobstore",
    path: `azureml/${child}/score/`,
  });
  const uri = output?.uri ?? standard;
  const [, folder = uri, file] = output?.kind === "uri_file" ? (/^(.*\/)([^/]+)$/.exec(uri) ?? []) : [];
  if (output?.kind === "uri_file" && file === undefined)
    throw badArgument(`'${uri}' is a folder; an output of type UriFile is the address of a file.`, target);
  return { place: placeOf(store, workspace, folder, target), uri: folder, file };
}
