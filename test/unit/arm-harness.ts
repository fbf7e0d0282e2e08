import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createArm, type ArmApp, type ArmOptions } from "../../local/arm/app";
import type { Effects, OnlineDeploymentSpec } from "../../local/arm/effects";
import { type ModelTable, readModelTables } from "../../local/arm/model-table";
import type { Store } from "../../local/arm/store";
import type { BatchJobState } from "../../local/batch/job";
import type { CommandJobSpec } from "../../local/command-jobs/job";
import type { JobState } from "../../local/jobs/job-status";
import type { PipelineJobSpec, PipelineState } from "../../local/pipeline-jobs/job";
import type { SweepSpec, SweepState } from "../../local/sweep-jobs/sweep";
import { openStore } from "../../local/arm/store-lmdb";
import { createAccountKeys } from "../../local/blobs/account-keys";
import { DEPLOYER, SUBSCRIPTION_ID, TENANT_ID } from "../../local/cloud";
import { TokenRefused, type TokenVerifier } from "../../local/identity/principal";
import type { JsonObject } from "../../local/json";
import { modelsFile } from "../../tools/paths";

export const SUBSCRIPTION = `/subscriptions/${SUBSCRIPTION_ID}`;
export const GROUP = `${SUBSCRIPTION}/resourceGroups/rg`;
export const STORAGE = `${GROUP}/providers/Microsoft.Storage/storageAccounts/mlstore`;
export const VAULT = `${GROUP}/providers/Microsoft.KeyVault/vaults/mlvault`;
export const LOGS = `${GROUP}/providers/Microsoft.OperationalInsights/workspaces/mllogs`;
export const INSIGHTS = `${GROUP}/providers/Microsoft.Insights/components/mlinsights`;
export const IDENTITY = `${GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/mlidentity`;
export const WORKSPACE = `${GROUP}/providers/Microsoft.MachineLearningServices/workspaces/mlws`;
export const ENDPOINT = `${WORKSPACE}/onlineEndpoints/churn`;
export const MODEL = `${WORKSPACE}/models/churn/versions/1`;
export const ML = "2025-12-01";

/** API versions by the namespace or type in an id. */
const VERSIONS: readonly (readonly [RegExp, string])[] = [
  [/role(Assignments|Definitions)/i, "2022-04-01"],
  [/Microsoft\.Authorization\/locks/i, "2020-05-01"],
  [/diagnosticSettings/i, "2021-05-01-preview"],
  [/Microsoft\.MachineLearningServices/i, ML],
  [/privateDnsZones\//i, "2024-06-01"],
  [/Microsoft\.Network/i, "2024-05-01"],
  [/Microsoft\.Storage/i, "2024-01-01"],
  [/Microsoft\.KeyVault/i, "2024-11-01"],
  [/Microsoft\.OperationalInsights/i, "2023-09-01"],
  [/Microsoft\.Insights\/actionGroups/i, "2024-10-01-preview"],
  [/Microsoft\.Insights\/metricAlerts/i, "2018-03-01"],
  [/Microsoft\.Insights\/autoscaleSettings/i, "2021-05-01-preview"],
  [/Microsoft\.Consumption/i, "2024-08-01"],
  [/Microsoft\.Insights/i, "2020-02-02"],
  [/Microsoft\.ContainerRegistry/i, "2023-01-01-preview"],
  [/Microsoft\.ManagedIdentity/i, "2023-01-31"],
  [/./, "2024-03-01"],
];

export interface Response {
  readonly status: number;
  readonly body: JsonObject;
  readonly headers: Readonly<Record<string, unknown>>;
}

/** What the effects were asked for, in order; each can be made to wait or to fail. */
export class FakeEffects implements Effects {
  readonly calls: string[] = [];
  readonly deployed = new Map<string, OnlineDeploymentSpec>();
  /** Awaited by each deploy. */
  deploying: (spec: OnlineDeploymentSpec) => Promise<void> = () => Promise.resolve();

  private told(call: string): Promise<void> {
    this.calls.push(call);
    return Promise.resolve();
  }
  storageAccountCreated = (account: string) => this.told(`storageAccountCreated ${account}`);
  storageAccountDeleted = (account: string) => this.told(`storageAccountDeleted ${account}`);
  containerCreated = (account: string, container: string) =>
    this.told(`containerCreated ${account} ${container}`);
  workspaceCreated = (id: string) => this.told(`workspaceCreated ${id}`);
  workspaceDeleted = (id: string) => this.told(`workspaceDeleted ${id}`);
  async deploy(spec: OnlineDeploymentSpec): Promise<void> {
    await this.told(`deploy ${spec.id}`);
    await this.deploying(spec);
    this.deployed.set(spec.id, spec);
  }
  async undeploy(id: string): Promise<void> {
    await this.told(`undeploy ${id}`);
    this.deployed.delete(id);
  }
  readonly batchJobs = new Map<string, BatchJobState>();
  batchJob = (id: string) => this.batchJobs.get(id);
  cancelBatchJob = (id: string) => this.told(`cancelBatchJob ${id}`);
  readonly commandJobs = new Map<string, JobState>();
  readonly started: CommandJobSpec[] = [];
  startCommandJob = async (spec: CommandJobSpec): Promise<void> => {
    await this.told(`startCommandJob ${spec.id}`);
    this.started.push(spec);
    this.commandJobs.set(spec.id, { status: "Queued" });
  };
  commandJob = (id: string) => this.commandJobs.get(id);
  cancelCommandJob = (id: string) => this.told(`cancelCommandJob ${id}`);
  removeCommandJob = (id: string) => this.told(`removeCommandJob ${id}`);
  readonly pipelineJobs = new Map<string, PipelineState>();
  readonly pipelines: PipelineJobSpec[] = [];
  startPipelineJob = async (spec: PipelineJobSpec): Promise<void> => {
    await this.told(`startPipelineJob ${spec.id}`);
    this.pipelines.push(spec);
    const steps = Object.fromEntries(spec.steps.map(({ name }) => [name, { status: "NotStarted" as const }]));
    this.pipelineJobs.set(spec.id, { status: "Running", steps });
  };
  pipelineJob = (id: string) => this.pipelineJobs.get(id);
  cancelPipelineJob = (id: string) => this.told(`cancelPipelineJob ${id}`);
  removePipelineJob = ({ id }: PipelineJobSpec) => this.told(`removePipelineJob ${id}`);
  readonly sweeps = new Map<string, SweepState>();
  readonly startedSweeps: SweepSpec[] = [];
  startSweep = async (spec: SweepSpec): Promise<void> => {
    await this.told(`startSweep ${spec.id}`);
    this.startedSweeps.push(spec);
    this.sweeps.set(spec.id, { status: "Running", trials: [] });
  };
  sweep = (id: string) => this.sweeps.get(id);
  cancelSweep = (id: string) => this.told(`cancelSweep ${id}`);
  removeSweep = (id: string) => this.told(`removeSweep ${id}`);
  deploymentLog = (id: string, tail: number) => Promise.resolve(`${tail} lines of ${id}`);
}

export const principal = { objectId: DEPLOYER.objectId, clientId: DEPLOYER.clientId, tenantId: TENANT_ID };

/** Takes `Bearer good`. */
export const fakeVerifier: TokenVerifier = {
  verify: (authorization) =>
    authorization === "Bearer good"
      ? Promise.resolve(principal)
      : Promise.reject(
          new TokenRefused(
            "AuthenticationFailed",
            "Authentication failed. The 'Authorization' header is missing.",
          ),
        ),
};

/** Microsoft's models of Azure's APIs. */
export const tables = readModelTables(modelsFile);
/** Those of one package. */
export const tableOf = (name: string): ModelTable => {
  const found = tables.find((table) => table.package.startsWith(`${name} `));
  if (found === undefined) throw new Error(`no models of ${name}`);
  return found;
};
/** Those of Machine Learning. */
export const models = tableOf("azure-ai-ml");

/** A local ARM on a store of its own. */
export class Harness {
  readonly effects = new FakeEffects();
  readonly folder = mkdtempSync(join(tmpdir(), "arm-"));
  readonly logged: string[] = [];
  now = new Date("2026-01-01T00:00:00Z");
  store!: Store;
  arm!: ArmApp;

  constructor(private readonly options: Partial<ArmOptions> = {}) {
    this.open();
  }

  open(): void {
    this.store = openStore(join(this.folder, "arm"));
    this.arm = createArm({
      store: this.store,
      effects: this.effects,
      verifier: fakeVerifier,
      access: { hasRole: () => true },
      keys: createAccountKeys({ adminSecret: "machine" }, this.store),
      models: tables,
      now: () => this.now,
      log: (message) => this.logged.push(message),
      ...this.options,
    });
  }

  /** As a process that is killed leaves it: nothing under way is finished. */
  async crash(): Promise<void> {
    await this.arm.app.close();
    await this.store.close();
  }

  async close(): Promise<void> {
    await this.crash();
    rmSync(this.folder, { recursive: true, force: true });
  }

  async ask(
    method: "GET" | "PUT" | "PATCH" | "DELETE" | "POST" | "HEAD",
    id: string,
    body?: JsonObject,
  ): Promise<Response> {
    const version = VERSIONS.find(([pattern]) => pattern.test(id))?.[1] ?? "";
    const url = id.includes("api-version=")
      ? id
      : `${id}${id.includes("?") ? "&" : "?"}api-version=${version}`;
    const response = await this.arm.app.inject({
      method,
      url,
      headers: {
        authorization: "Bearer good",
        host: "management.azure.com",
        "content-type": "application/json",
      },
      ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
    });
    const text = response.body;
    return {
      status: response.statusCode,
      body: text === "" ? {} : (JSON.parse(text) as JsonObject),
      headers: response.headers,
    };
  }

  /** Asks and follows the operation to its end. */
  async finish(
    method: "PUT" | "PATCH" | "DELETE" | "POST",
    id: string,
    body?: JsonObject,
  ): Promise<Response> {
    const first = await this.ask(method, id, body);
    const status = first.headers["azure-asyncoperation"];
    const result = first.headers["location"];
    for (let poll = 0; poll < 500; poll++) {
      const url = String(status ?? result ?? "").replace("https://management.azure.com", "");
      if (url === "") return first;
      const now = await this.ask("GET", url);
      if (status !== undefined && now.body["status"] !== "InProgress") {
        if (now.body["status"] === "Failed")
          return { ...now, status: 400, body: { error: now.body["error"] } };
        return method === "DELETE" ? now : this.ask("GET", id.split("?")[0] ?? id);
      }
      if (status === undefined && now.status !== 202) return now;
      await new Promise((done) => setTimeout(done, 5));
    }
    throw new Error(`${method} ${id} did not end`);
  }

  /** Finishes a PUT that must succeed. */
  async make(id: string, body: JsonObject): Promise<JsonObject> {
    const response = await this.finish("PUT", id, body);
    if (response.status >= 300)
      throw new Error(`PUT ${id}: ${response.status} ${JSON.stringify(response.body)}`);
    return response.body;
  }

  /** A workspace with all it stands on. */
  async makeWorkspace(): Promise<JsonObject> {
    await this.make(GROUP, { location: "westeurope" });
    await this.make(STORAGE, { location: "westeurope", kind: "StorageV2", sku: { name: "Standard_LRS" } });
    await this.make(VAULT, {
      location: "westeurope",
      properties: {
        tenantId: TENANT_ID,
        sku: { family: "A", name: "standard" },
        enableRbacAuthorization: true,
      },
    });
    await this.make(LOGS, { location: "westeurope", properties: { sku: { name: "PerGB2018" } } });
    await this.make(INSIGHTS, {
      location: "westeurope",
      kind: "web",
      properties: { Application_Type: "web", WorkspaceResourceId: LOGS },
    });
    await this.make(IDENTITY, { location: "westeurope" });
    return this.make(WORKSPACE, workspaceBody);
  }

  async makeModel(id = MODEL): Promise<JsonObject> {
    return this.make(id, {
      properties: {
        modelType: "mlflow_model",
        modelUri: `azureml:/${WORKSPACE.replace("/providers/Microsoft.MachineLearningServices", "")}/datastores/workspaceblobstore/paths/models/churn`,
      },
    });
  }

  /** An endpoint with deployments of those names. */
  async makeEndpoint(...deployments: string[]): Promise<void> {
    await this.makeModel();
    await this.make(ENDPOINT, endpointBody());
    for (const name of deployments) await this.make(`${ENDPOINT}/deployments/${name}`, deploymentBody());
  }
}

export const workspaceBody: JsonObject = {
  location: "westeurope",
  identity: { type: "UserAssigned", userAssignedIdentities: { [IDENTITY]: {} } },
  properties: {
    storageAccount: STORAGE,
    keyVault: VAULT,
    applicationInsights: INSIGHTS,
    primaryUserAssignedIdentity: IDENTITY,
  },
};

export function endpointBody(properties: JsonObject = {}): JsonObject {
  return {
    location: "westeurope",
    identity: { type: "SystemAssigned" },
    properties: { authMode: "Key", ...properties },
  };
}

export function deploymentBody(properties: JsonObject = {}, more: JsonObject = {}): JsonObject {
  return {
    location: "westeurope",
    sku: { name: "Default", capacity: 1 },
    properties: {
      endpointComputeType: "Managed",
      model: MODEL,
      instanceType: "Standard_DS3_v2",
      ...properties,
    },
    ...more,
  };
}

/** `error.code` of a response. */
export function codeOf({ body }: Response): unknown {
  return (body["error"] as JsonObject | undefined)?.["code"];
}

/** `properties` of a body. */
export function propertiesOf(body: JsonObject): JsonObject {
  return body["properties"] as JsonObject;
}
