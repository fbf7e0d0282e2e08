import { expect } from "chai";
import { cpSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { SUBSCRIPTION_ID, TENANT_ID } from "../../local/cloud";
import type { JsonObject } from "../../local/json";
import { CustomModelVersion, MlflowModelVersion } from "../../providers/models/resource";
import { exampleModelFolder } from "../../tools/paths";
import { askArm } from "./arm-process";
import { providerText, startDynamicProvider, type DynamicProvider } from "./dynamic-provider";
import { LocalAzure } from "./local-azure";
import type { Remembered } from "./provider-client";
import { makeStorageAccount } from "./shared-blobs";

const group = `/subscriptions/${SUBSCRIPTION_ID}/resourceGroups/rg-models`;
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
  }

  async close(): Promise<void> {
    for (const each of this.providers) await each.stop();
    await this.azure.remove();
  }

  /** As `askArm`, of this one. */
  async arm<T>(method: "read" | "put", id: string, apiVersion: string, body?: object): Promise<T> {
    return await askArm<T>(this.azure, method, id, apiVersion, body);
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
    const account = await makeStorageAccount(this.azure, group, "stmodels", location);
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
}
