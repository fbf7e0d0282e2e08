import { expect } from "chai";
import execa from "execa";
import { cpSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { DEPLOYER, SUBSCRIPTION_ID, TENANT_ID } from "../../local/cloud";
import type { JsonObject } from "../../local/json";
import { CustomModelVersion, MlflowModelVersion } from "../../providers/models/resource";
import { exampleModelFolder, packageRoot } from "../../tools/paths";
import { providerText, startDynamicProvider, type DynamicProvider } from "./dynamic-provider";
import { LocalAzure } from "./local-azure";
import type { Remembered } from "./provider-client";

const group = `/subscriptions/${SUBSCRIPTION_ID}/resourceGroups/rg-models`;
const account = `${group}/providers/Microsoft.Storage/storageAccounts/stmodels`;
const vault = `${group}/providers/Microsoft.KeyVault/vaults/kv-models`;
const insights = `${group}/providers/Microsoft.Insights/components/appi-models`;
const ml = `${group}/providers/Microsoft.MachineLearningServices`;
const location = "westeurope";

/** The version of ARM's API that all of Machine Learning is asked at. */
export const API = "2025-12-01";
/** The type that the provider process is told. */
export const TYPE = "pulumi-nodejs:dynamic/pulumi-azureml:Some";
/** A workspace, another one on the same storage account, and a registry that both may share, by ARM id. */
export const DEV = `${ml}/workspaces/mlw-dev`;
export const PROD = `${ml}/workspaces/mlw-prod`;
export const REGISTRY = `${ml}/registries/mlr-shared`;

/** A version of a model as ARM tells it. */
interface LiveVersion {
  readonly properties: { readonly modelUri: string; readonly tags: Record<string, string> } & {
    readonly properties: Record<string, string>;
  };
}

/** A local Azure with two workspaces and a registry, and two of Pulumi's provider processes that register models there. */
export class ModelsAzure {
  readonly azure = new LocalAzure();
  /** The example's model, to be changed at will. */
  readonly folder = join(this.azure.paths.folder, "model");
  providers: readonly DynamicProvider[] = [];
  /** The serialized providers of MlflowModel and CustomModel. */
  mlflow = "";
  custom = "";

  /** The first of the processes. */
  get provider(): DynamicProvider {
    return this.providers[0] ?? expect.fail("there is no provider process yet");
  }

  async start(): Promise<void> {
    await this.azure.start();
    const args = { name: "m", onDelete: "retain" };
    this.mlflow = String(await providerText(() => new MlflowModelVersion("m", args)));
    this.custom = String(await providerText(() => new CustomModelVersion("c", args)));
    this.providers = await Promise.all(
      [1, 2].map(async () => await startDynamicProvider(this.azure.environment())),
    );
    cpSync(exampleModelFolder, this.folder, { recursive: true });
    await this.#putWorkspaces();
    await this.#putRegistry();
    await this.#allowBlobs();
  }

  async close(): Promise<void> {
    for (const each of this.providers) await each.stop();
    await this.azure.remove();
  }

  /** One request to ARM by the package's own client, in a process behind the door. */
  async arm<T>(method: "read" | "put", id: string, apiVersion: string, body?: object): Promise<T> {
    const script = `require("./dist/providers/clients/arm").arm()[process.argv[1]](process.argv[2], JSON.parse(process.argv[3]))
      .then((answer) => console.log(JSON.stringify(answer ?? null)))`;
    const request = JSON.stringify({ apiVersion, ...(body === undefined ? {} : { body }) });
    const { stdout } = await execa(process.execPath, ["-e", script, method, id, request], {
      cwd: packageRoot(),
      env: this.azure.environment(),
    });
    return JSON.parse(stdout) as T;
  }

  async live(id: string): Promise<LiveVersion> {
    return await this.arm<LiveVersion>("read", id, API);
  }

  /** The inputs as the provider has checked them, which finds no fault. */
  async checked(inputs: JsonObject, text = this.mlflow, by = this.provider): Promise<JsonObject> {
    const whole = { onDelete: "retain", name: "churn", ...inputs, __provider: text };
    const answer = await by.client.check(TYPE, "it", whole);
    expect(answer.failures).to.deep.equal({});
    return answer.inputs;
  }

  async created(inputs: JsonObject, text = this.mlflow, by = this.provider): Promise<Remembered> {
    return await by.client.create(TYPE, "it", await this.checked(inputs, text, by));
  }

  /** Waits for a line of progress: it comes by another way than the answer. */
  async said(line: RegExp): Promise<void> {
    for (let look = 0; look < 200 && !line.test(this.provider.progress()); look++) await wait(50);
    expect(this.provider.progress()).to.match(line);
  }

  async #putWorkspaces(): Promise<void> {
    await this.arm("put", group, "2024-03-01", { location });
    await this.arm("put", account, "2024-01-01", {
      location,
      kind: "StorageV2",
      sku: { name: "Standard_LRS" },
      properties: { allowSharedKeyAccess: false },
    });
    const sku = { family: "A", name: "standard" };
    const secure = { tenantId: TENANT_ID, sku, enableRbacAuthorization: true };
    await this.arm("put", vault, "2024-11-01", { location, properties: secure });
    const web = { location, kind: "web", properties: { Application_Type: "web" } };
    await this.arm("put", insights, "2020-02-02", web);
    for (const id of [DEV, PROD])
      await this.arm("put", id, API, {
        location,
        identity: { type: "SystemAssigned" },
        properties: { storageAccount: account, keyVault: vault, applicationInsights: insights },
      });
  }

  async #putRegistry(): Promise<void> {
    const acr = { systemCreatedAcrAccount: { acrAccountSku: "Premium" } };
    const store = {
      systemCreatedStorageAccount: { storageAccountType: "Standard_LRS", storageAccountHnsEnabled: false },
    };
    await this.arm("put", REGISTRY, API, {
      location,
      identity: { type: "SystemAssigned" },
      properties: { regionDetails: [{ location, acrDetails: [acr], storageAccountDetails: [store] }] },
    });
  }

  /** Who runs `up` may read and write the workspaces' blobs. */
  async #allowBlobs(): Promise<void> {
    const role = `/subscriptions/${SUBSCRIPTION_ID}/providers/Microsoft.Authorization/roleDefinitions/ba92f5b4-2d11-453d-a403-e96b0029c9fe`;
    const properties = {
      principalId: DEPLOYER.objectId,
      principalType: "ServicePrincipal",
      roleDefinitionId: role,
    };
    const assignment = `${account}/providers/Microsoft.Authorization/roleAssignments/10ca1a2e-0000-4000-8000-0000000000ab`;
    await this.arm("put", assignment, "2022-04-01", { properties });
  }
}
