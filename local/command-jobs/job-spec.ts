import { badArgument } from "../arm/errors";
import { isObject, numberAt, objectAt, stringAt } from "../arm/objects";
import { lastName } from "../arm/path";
import type { Store } from "../arm/store";
import { assetVersion, codeOf, environmentOf } from "../arm/types/machinelearning/asset-references";
import { batchCompute } from "../arm/types/machinelearning/batch-settings";
import { milliseconds, strings } from "../arm/types/machinelearning/deployment-spec";
import { workspaceIdOf } from "../arm/types/machinelearning/provider";
import type { Principal } from "../identity/principal";
import { artifactsOf, isAsset, placeOf } from "../jobs/data-place";
import { checkRuns } from "../jobs/runnable-environment";
import type { JsonObject } from "../json";
import { datastoreUri } from "../mlflow/artifact-uri";
import { findWorkspace, type Workspace } from "../mlflow/workspace";
import { substituted } from "./bindings";
import type { CommandJobSpec, JobInput, JobOutput } from "./job";

/** azure-ai-ml names it among a pipeline's settings as if it were a compute of the workspace. */
const SERVERLESS = /^(.*\/computes\/)?serverless$/i;

/** What a command job does, out of the properties of its PUT. @throws ArmError for what cannot run, with what to do */
export function commandJobSpec(
  store: Store,
  id: string,
  properties: JsonObject,
  owner: Principal,
): CommandJobSpec {
  const workspace = findWorkspace(store, workspaceIdOf(id));
  if (workspace === undefined) throw badArgument(`There is no workspace ${workspaceIdOf(id)}.`);
  const name = lastName(id);
  const environment = environmentOf(store, id, stringAt(properties, "environmentId") ?? "");
  checkRuns(environment);
  const codeId = stringAt(properties, "codeId");
  const inputs = mapped(properties, "inputs", (input, key) => inputOf(store, workspace, id, input, key));
  const outputs = mapped(properties, "outputs", (output, key) =>
    outputOf(store, workspace, name, output, key),
  );
  const command = stringAt(properties, "command") ?? "";
  // A binding of nothing is told at once, and not when the nodes are there.
  substituted(command, { inputs: namesOf(inputs), outputs: namesOf(outputs) });
  return {
    id,
    experimentName: stringAt(properties, "experimentName") ?? "Default",
    displayName: stringAt(properties, "displayName") ?? name,
    tags: strings(objectAt(properties, "tags")),
    owner,
    ...computeOf(store, id, properties),
    command,
    code: codeId === undefined ? undefined : codeOf(store, id, codeId, "properties.codeId"),
    environment,
    environmentVariables: strings(objectAt(properties, "environmentVariables")),
    inputs,
    outputs,
    timeout: timeoutOf(properties),
    distribution: stringAt(objectAt(properties, "distribution"), "distributionType"),
    artifacts: artifactsOf(store, workspace, name),
  };
}

function mapped<T>(
  properties: JsonObject,
  key: string,
  read: (value: JsonObject, name: string) => T,
): Record<string, T> {
  const entries = Object.entries(objectAt(properties, key));
  return Object.fromEntries(
    entries.flatMap(([name, value]) => (isObject(value) ? [[name, read(value, name)] as const] : [])),
  );
}

const namesOf = (values: Readonly<Record<string, unknown>>): Record<string, string> =>
  Object.fromEntries(Object.keys(values).map((name) => [name, name]));

function computeOf(
  store: Store,
  id: string,
  properties: JsonObject,
): Pick<CommandJobSpec, "clusterId" | "instances"> {
  const instances = numberAt(objectAt(properties, "resources"), "instanceCount") ?? 1;
  const target = "properties.resources.instanceCount";
  if (!Number.isInteger(instances) || instances < 1)
    throw badArgument(`'resources.instanceCount' is a whole number of at least 1, not ${instances}.`, target);
  const computeId = stringAt(properties, "computeId");
  if (computeId === undefined || SERVERLESS.test(computeId)) return { clusterId: undefined, instances };
  const compute = batchCompute(store, id, computeId, "properties.computeId");
  if (compute.computeType !== "AmlCompute")
    throw badArgument(
      `The local Azure runs jobs on clusters of type AmlCompute, or serverless; ${compute.id} is of type ${compute.computeType}.`,
      "properties.computeId",
    );
  if (compute.mostInstances !== undefined && instances > compute.mostInstances)
    throw badArgument(
      `'resources.instanceCount' is ${instances}, but the cluster has at most ${compute.mostInstances} nodes: ${compute.id}.`,
      target,
    );
  return { clusterId: compute.id, instances };
}

function inputOf(store: Store, workspace: Workspace, id: string, input: JsonObject, name: string): JobInput {
  const type = String(input["jobInputType"]);
  if (type === "literal") return { kind: "text", text: String(input["value"]) };
  const target = `properties.inputs.${name}.uri`;
  const uri = stringAt(input, "uri");
  if (uri === undefined || uri === "") throw badArgument(`The input '${name}' needs a 'uri'.`, target);
  if (input["mode"] === "Direct") return { kind: "text", text: uri };
  if (!isAsset(uri))
    return { kind: "files", place: placeOf(store, workspace, jobOutput(store, workspace, uri), target) };
  const collection = /_model$/.test(type) ? "models" : "data";
  const found = assetVersion(store, id, uri, collection, target);
  const { dataUri, modelUri } = objectAt(found.version.body, "properties");
  const files = jobOutput(store, found.workspace, String(dataUri ?? modelUri));
  return { kind: "files", place: placeOf(store, found.workspace, files, target) };
}

/** `azureml://jobs/{job}/outputs/{output}/paths/{path}` by the address that the job has for the output; any other as it is. */
function jobOutput(store: Store, workspace: Workspace, uri: string): string {
  const [, job, output, path = ""] =
    /^azureml:\/\/jobs\/([^/]+)\/outputs\/([^/]+)(?:\/paths)?(?:\/(.*))?$/i.exec(uri) ?? [];
  if (job === undefined || output === undefined || output === "artifacts") return uri;
  const { body = {} } = store.get(`${workspace.id}/jobs/${job}`) ?? {};
  const declared = objectAt(objectAt(objectAt(body, "properties"), "outputs"), output);
  const root = stringAt(declared, "uri");
  return root === undefined ? uri : `${root.replace(/\/$/, "")}/${path}`;
}

function outputOf(
  store: Store,
  workspace: Workspace,
  job: string,
  output: JsonObject,
  name: string,
): JobOutput {
  const type = String(output["jobOutputType"]);
  const uri = (stringAt(output, "uri") ?? standardUri(workspace, job, name, type))
    .replaceAll("${{name}}", job)
    .replaceAll("${{output_name}}", name);
  return {
    type,
    uri,
    place: placeOf(store, workspace, uri, `properties.outputs.${name}.uri`),
    direct: output["mode"] === "Direct",
  };
}

function standardUri(workspace: Workspace, job: string, name: string, type: string): string {
  const path = `azureml/${job}/${name}${type === "uri_file" ? "" : "/"}`;
  return datastoreUri(workspace, { datastore: "workspaceblobstore", path });
}

function timeoutOf(properties: JsonObject): number | undefined {
  const text = stringAt(objectAt(properties, "limits"), "timeout");
  if (text === undefined) return undefined;
  const timeout = milliseconds(text);
  if (timeout !== undefined && timeout > 0) return timeout;
  throw badArgument(
    `'limits.timeout' is an ISO 8601 duration above zero, such as PT1H, not '${text}'.`,
    "properties.limits.timeout",
  );
}
