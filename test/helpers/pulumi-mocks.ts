import * as pulumi from "@pulumi/pulumi";
import type {
  RegisterResourceOutputsRequest,
  RegisterResourceRequest,
} from "@pulumi/pulumi/proto/resource_pb";
import { createHash } from "node:crypto";
import type { JsonObject } from "../../local/json";
import { armId } from "../../local/plugins/azure-native/body";
import { knownRows, pathInputs, type Row } from "../../local/plugins/azure-native/table";

/** A resource as the engine was asked to register it. */
export interface Registered {
  readonly type: string;
  readonly name: string;
  /** `type::name` of its parent; empty where it has none. */
  readonly parent: string;
  readonly inputs: JsonObject;
  /** `type::name` of what it comes after, whether it names it in `dependsOn` or uses its outputs. */
  readonly after: readonly string[];
  readonly protect: boolean;
  readonly ignoreChanges: readonly string[];
  readonly replaceOnChanges: readonly string[];
  readonly deleteBeforeReplace: boolean | undefined;
}

/** What a program registered, in the order of `type::name`, and what its components gave as outputs. */
export interface Program {
  readonly resources: readonly Registered[];
  /** By the component's name. */
  readonly outputs: ReadonlyMap<string, JsonObject>;
  of(type: string): readonly Registered[];
  named(name: string): Registered;
}

const SUBSCRIPTION = "/subscriptions/00000000-0000-4000-8000-000000000001";
export const GROUP_ID = `${SUBSCRIPTION}/resourceGroups/rg-test`;
export const IDENTITY_ID = `${GROUP_ID}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-test`;
export const REGISTRY_ID = `${GROUP_ID}/providers/Microsoft.MachineLearningServices/registries/mlr-test`;
export const WORKSPACE_ID = `${GROUP_ID}/providers/Microsoft.MachineLearningServices/workspaces/mlw-test`;
export const ENDPOINT_ID = `${WORKSPACE_ID}/onlineEndpoints/oe-test`;
export const BATCH_ENDPOINT_ID = `${WORKSPACE_ID}/batchEndpoints/be-test`;
export const JOB_ID = `${WORKSPACE_ID}/jobs/job-test`;
const ENVIRONMENT_ID = `${WORKSPACE_ID}/environments/train/versions/1`;
export const ACTION_GROUP_ID = `${GROUP_ID}/providers/Microsoft.Insights/actionGroups/ag-test`;

/** ARM ids by Pulumi type; `NAME` is the name that the inputs give. Of other azure-native types, the one that their inputs give. */
const ids: Readonly<Record<string, string>> = {
  "azure-native:resources:ResourceGroup": `${SUBSCRIPTION}/resourceGroups/NAME`,
  "azure-native:storage:StorageAccount": `${GROUP_ID}/providers/Microsoft.Storage/storageAccounts/NAME`,
  "azure-native:keyvault:Vault": `${GROUP_ID}/providers/Microsoft.KeyVault/vaults/NAME`,
  "azure-native:operationalinsights:Workspace": `${GROUP_ID}/providers/Microsoft.OperationalInsights/workspaces/NAME`,
  "azure-native:applicationinsights:Component": `${GROUP_ID}/providers/Microsoft.Insights/components/NAME`,
  "azure-native:containerregistry:Registry": `${GROUP_ID}/providers/Microsoft.ContainerRegistry/registries/NAME`,
  "azure-native:managedidentity:UserAssignedIdentity": `${GROUP_ID}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/NAME`,
  "azure-native:machinelearningservices:Workspace": `${GROUP_ID}/providers/Microsoft.MachineLearningServices/workspaces/NAME`,
  "azure-native:machinelearningservices:Compute": `${WORKSPACE_ID}/computes/NAME`,
  "azure-native:machinelearningservices:OnlineEndpoint": `${WORKSPACE_ID}/onlineEndpoints/NAME`,
  "azure-native:machinelearningservices:BatchEndpoint": `${WORKSPACE_ID}/batchEndpoints/NAME`,
  "pulumi-nodejs:dynamic/pulumi-azureml:MlflowModel": `${WORKSPACE_ID}/models/NAME/versions/7`,
  "pulumi-nodejs:dynamic/pulumi-azureml:CustomModel": `${WORKSPACE_ID}/models/NAME/versions/7`,
  "pulumi-nodejs:dynamic/pulumi-azureml:Datastore": `${WORKSPACE_ID}/datastores/NAME`,
};

/** Runs a program against mocks and gives what it registered; an error that it throws is thrown. */
export async function runProgram(program: () => unknown): Promise<Program> {
  const resources: Registered[] = [];
  const outputs = new Map<string, JsonObject>();
  await pulumi.runtime.setMocks({ newResource, call }, "pulumi-azureml", "test", false);
  const { getMonitor, waitForRPCs } = internals();
  const monitor = getMonitor();
  const { registerResource, registerResourceOutputs } = monitor;
  monitor.registerResource = (request, callback) => {
    if (request.getType() !== "pulumi:pulumi:Stack") resources.push(registered(request));
    registerResource.call(monitor, request, callback);
  };
  monitor.registerResourceOutputs = (request, callback) => {
    outputs.set(nameOf(request.getUrn()), (request.getOutputs()?.toJavaScript() ?? {}) as JsonObject);
    registerResourceOutputs.call(monitor, request, callback);
  };
  program();
  await waitForRPCs();
  resources.sort((a, b) => (key(a) < key(b) ? -1 : 1));
  return {
    resources,
    outputs,
    of: (type) => resources.filter((resource) => resource.type === type),
    named: (name) => {
      const found = resources.filter(
        (resource) => resource.name === name && !resource.type.includes(":index:"),
      );
      if (found.length !== 1 || found[0] === undefined)
        throw new Error(`${found.length} resources are named ${name}`);
      return found[0];
    },
  };
}

type Callback = (error: Error | undefined, response: unknown) => void;
interface Monitor {
  registerResource(request: RegisterResourceRequest, callback: Callback): void;
  registerResourceOutputs(request: RegisterResourceOutputsRequest, callback: Callback): void;
}

/** What the SDK has and leaves out of its declarations: mocks are told neither parents nor options, and there is no way to await them all. */
function internals(): { getMonitor: () => Monitor; waitForRPCs: () => Promise<void> } {
  return pulumi.runtime as unknown as { getMonitor: () => Monitor; waitForRPCs: () => Promise<void> };
}

function registered(request: RegisterResourceRequest): Registered {
  return {
    type: request.getType(),
    name: request.getName(),
    parent: keyOf(request.getParent()),
    inputs: (request.getObject()?.toJavaScript() ?? {}) as JsonObject,
    after: request.getDependenciesList().map(keyOf).sort(),
    protect: request.getProtect() ?? false,
    ignoreChanges: request.getIgnorechangesList(),
    replaceOnChanges: request.getReplaceonchangesList(),
    deleteBeforeReplace: request.getDeletebeforereplacedefined()
      ? request.getDeletebeforereplace()
      : undefined,
  };
}

function newResource({
  type,
  name,
  inputs,
}: pulumi.runtime.MockResourceArgs): pulumi.runtime.MockResourceResult {
  const azureName = armName(type, inputs as JsonObject, name);
  const id = ids[type]?.replace("NAME", azureName) ?? idByInputs(type, inputs as JsonObject) ?? `${name}-id`;
  return { id, state: { ...inputs, name: azureName, ...computed(type, azureName, inputs as JsonObject) } };
}

function rowOf(type: string): Row | undefined {
  return knownRows().find(({ token }) => token === type);
}

function idByInputs(type: string, inputs: JsonObject): string | undefined {
  const row = rowOf(type);
  return row && armId(row.path, inputs, SUBSCRIPTION.split("/").at(-1) ?? "");
}

function armName(type: string, inputs: JsonObject, fallback: string): string {
  const row = rowOf(type);
  const name = inputs[(row && pathInputs(row.path).at(-1)) ?? "name"];
  return typeof name === "string" ? name : fallback;
}

/** What Azure makes of each. */
function computed(type: string, name: string, inputs: JsonObject): object {
  switch (type) {
    case "random:index/randomString:RandomString":
      return { result: "x7k2p" };
    case "azure-native:keyvault:Key":
      return {
        keyUriWithVersion: `https://${String(inputs["vaultName"])}.vault.azure.net/keys/${name}/${guid(name).replaceAll("-", "")}`,
      };
    case "azure-native:machinelearningservices:Workspace":
      return { mlFlowTrackingUri: `azureml://westeurope.api.azureml.ms/mlflow/v1.0${WORKSPACE_ID}` };
    case "azure-native:machinelearningservices:OnlineEndpoint":
      return { properties: { scoringUri: `https://${name}.westeurope.inference.ml.azure.com/score` } };
    case "pulumi-nodejs:dynamic/pulumi-azureml:Code":
    case "pulumi-nodejs:dynamic/pulumi-azureml:Component":
    case "pulumi-nodejs:dynamic/pulumi-azureml:DataAsset":
    case "pulumi-nodejs:dynamic/pulumi-azureml:Environment":
      return { digest: "7".repeat(64) };
    case "azure-native:machinelearningservices:BatchEndpoint":
      return { properties: { scoringUri: `https://${name}.westeurope.inference.ml.azure.com/jobs` } };
    default:
      return {};
  }
}

function call({ token, inputs }: pulumi.runtime.MockCallArgs): Record<string, unknown> {
  switch (token) {
    case "azure-native:authorization:getClientConfig":
      return {
        tenantId: guid("tenant"),
        clientId: guid("client"),
        objectId: guid("object"),
        subscriptionId: guid("sub"),
      };
    case "azure-native:managedidentity:getUserAssignedIdentity":
      return {
        principalId: guid(String((inputs as JsonObject)["resourceName"])),
        clientId: guid(`client of ${String((inputs as JsonObject)["resourceName"])}`),
      };
    case "azure-native:machinelearningservices:getWorkspace":
      return { mlFlowTrackingUri: `azureml://westeurope.api.azureml.ms/mlflow/v1.0${WORKSPACE_ID}` };
    case "azure-native:machinelearningservices:getCompute":
      return { identity: { principalId: guid(String((inputs as JsonObject)["computeName"])) } };
    case "azure-native:machinelearningservices:getJob":
      return { properties: jobNamed(String((inputs as JsonObject)["id"])) };
    case "azure-native:machinelearningservices:listOnlineEndpointKeys":
      return { primaryKey: "first-key", secondaryKey: "second-key" };
    default:
      throw new Error(`no answer to ${token}`);
  }
}

/** A command job that has run. */
function jobNamed(name: string): JsonObject {
  const uri = `azureml://datastores/workspaceblobstore/paths/azureml/${name}/model/`;
  return {
    ...{ jobType: "Command", command: `python train.py --of ${name}`, environmentId: ENVIRONMENT_ID },
    ...{ displayName: name, experimentName: "churn", status: "Completed", description: null },
    outputs: { model: { jobOutputType: "mlflow_model", uri } },
  };
}

/** A GUID that follows from a word. */
export function guid(word: string): string {
  return createHash("sha256")
    .update(word)
    .digest("hex")
    .replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, "$1-$2-4$3-8$4-$5");
}

function key({ type, name }: { readonly type: string; readonly name: string }): string {
  return `${type}::${name}`;
}

/** `type::name` of a URN; empty for none. */
function keyOf(urn: string): string {
  if (urn === "") return "";
  const [, , types = ""] = urn.split("::");
  return `${types.slice(types.lastIndexOf("$") + 1)}::${nameOf(urn)}`;
}

function nameOf(urn: string): string {
  return urn.slice(urn.lastIndexOf("::") + 2);
}
