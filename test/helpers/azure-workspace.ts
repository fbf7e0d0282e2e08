import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { ProxyAgent, request } from "undici";
import { plainEnvironment } from "../../local/children";
import { DEPLOYER, SUBSCRIPTION_ID, TENANT_ID } from "../../local/cloud";
import { localEnvironment } from "../../local/environment";
import type { JsonObject } from "../../local/json";
import { startLocalAzure } from "../../local/local-azure";
import { readSecrets } from "../../local/secrets";
import { statePaths, type Run, type StatePaths } from "../../local/state";

type Method = "GET" | "PUT" | "POST" | "DELETE" | "PATCH";

const location = "westeurope";
/** Storage Blob Data Contributor. */
const BLOB_DATA_CONTRIBUTOR = "ba92f5b4-2d11-453d-a403-e96b0029c9fe";

interface RunningAzure {
  readonly paths: StatePaths;
  run(): Run;
}

/** A local Azure with one workspace in it, made by ARM as any client would. */
export class AzureWorkspace {
  readonly group: string;
  /** ARM id of the workspace. */
  readonly id: string;
  readonly #proxy: ProxyAgent;
  readonly #tokens = new Map<string, string>();
  #token = "";
  #trackingUri = "";

  private constructor(
    readonly name: string,
    private readonly azure: RunningAzure & { readonly close?: () => Promise<void> },
  ) {
    this.#proxy = new ProxyAgent({
      uri: `http://127.0.0.1:${azure.run().ports.proxy}`,
      requestTls: { ca: readFileSync(azure.paths.authorityCertificate) },
    });
    this.group = `/subscriptions/${SUBSCRIPTION_ID}/resourceGroups/rg-${name}`;
    this.id = `${this.group}/providers/Microsoft.MachineLearningServices/workspaces/mlw-${name}`;
  }

  /**
   * @param name ends the names of all that is made: up to 20 letters
   * @param azure one that was started already, and is ended by whoever did; else there is one in this process
   */
  static async open(name: string, azure?: RunningAzure): Promise<AzureWorkspace> {
    const workspace = new AzureWorkspace(name, azure ?? (await azureInThisProcess()));
    workspace.#token = await workspace.#signIn("https://management.azure.com/.default");
    await workspace.#make();
    return workspace;
  }

  get paths(): StatePaths {
    return this.azure.paths;
  }

  /** `azureml://…`, as ARM tells it. */
  get trackingUri(): string {
    return this.#trackingUri;
  }

  /** Of the door itself, for clients that know no proxy. */
  get doorPort(): number {
    return this.azure.run().ports.tls;
  }

  get run(): Run {
    return this.azure.run();
  }

  /** The deployer's token for ARM and MLflow. */
  get token(): string {
    return this.#token;
  }

  /** What a client is started with to find all this by Azure's own names. */
  get environment(): NodeJS.ProcessEnv {
    const local = localEnvironment(this.paths, readSecrets(this.paths), this.azure.run());
    return plainEnvironment({ ...local, MLFLOW_TRACKING_URI: this.#trackingUri });
  }

  /** Gives the deployer the role to read and write blobs, as whoever runs `up` has it. */
  async allowBlobs(): Promise<void> {
    await this.arm(
      "PUT",
      `${this.group}/providers/Microsoft.Authorization/roleAssignments/10ca1a2e-0000-4000-8000-0000000000be`,
      "2022-04-01",
      {
        properties: {
          principalId: DEPLOYER.objectId,
          principalType: "ServicePrincipal",
          roleDefinitionId: `/subscriptions/${SUBSCRIPTION_ID}/providers/Microsoft.Authorization/roleDefinitions/${BLOB_DATA_CONTRIBUTOR}`,
        },
      },
    );
  }

  /** One signed-in request to ARM; an answer that is no success is thrown. */
  async arm(method: Method, id: string, apiVersion: string, body?: JsonObject): Promise<JsonObject> {
    const url = `https://management.azure.com${id}?api-version=${apiVersion}`;
    const { status, text } = await this.ask(method, url, body);
    expect(status, `${method} ${id}: ${text}`).to.be.lessThan(300);
    return text === "" ? {} : (JSON.parse(text) as JsonObject);
  }

  /** `arm` for Machine Learning's types. */
  async ml(method: Method, id: string, body?: JsonObject): Promise<JsonObject> {
    return await this.arm(method, id, "2025-12-01", body);
  }

  /** One signed-in request to any of Azure's names. @param scope whom the token is for: ARM and MLflow by default */
  async ask(
    method: Method,
    url: string,
    body?: JsonObject,
    scope?: string,
  ): Promise<{ readonly status: number; readonly text: string }> {
    const token = scope === undefined ? this.#token : await this.#tokenFor(scope);
    const { statusCode, body: answer } = await request(url, {
      method,
      dispatcher: this.#proxy,
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      ...(body && { body: JSON.stringify(body) }),
    });
    return { status: statusCode, text: await answer.text() };
  }

  /** Sets what goes wrong on purpose from now on; nothing by default. */
  async faults(wanted: JsonObject = {}): Promise<void> {
    const { statusCode, body } = await request(`http://127.0.0.1:${this.#httpPort}/admin/faults`, {
      method: "PUT",
      headers: { ...this.#adminHeaders, "content-type": "application/json" },
      body: JSON.stringify(wanted),
    });
    expect(statusCode, await body.text()).to.equal(200);
  }

  /** What a blob, or a list of them, holds, by the deployer's role. @param path below the workspace's storage account */
  async readBlob(path: string): Promise<Buffer> {
    return await this.#blob("GET", path);
  }

  /** Puts a blob by the deployer's role. @param path below the workspace's storage account */
  async writeBlob(path: string, content: string): Promise<void> {
    await this.#blob("PUT", path, content);
  }

  /** What the local Azure answered that breaks Microsoft's models. */
  async violations(): Promise<unknown> {
    const { body } = await request(`http://127.0.0.1:${this.#httpPort}/admin/violations`, {
      headers: this.#adminHeaders,
    });
    return await body.json();
  }

  async close(): Promise<void> {
    await this.#proxy.close();
    await this.azure.close?.();
  }

  get #httpPort(): number {
    return this.azure.run().ports.http;
  }

  get #adminHeaders(): { readonly "x-admin-secret": string } {
    return { "x-admin-secret": readSecrets(this.paths).adminSecret };
  }

  async #blob(method: "GET" | "PUT", path: string, content?: string): Promise<Buffer> {
    const { statusCode, body } = await request(`https://st${this.name}.blob.core.windows.net/${path}`, {
      method,
      dispatcher: this.#proxy,
      headers: {
        authorization: `Bearer ${await this.#tokenFor("https://storage.azure.com/.default")}`,
        "x-ms-version": "2024-11-04",
        ...(content !== undefined && { "x-ms-blob-type": "BlockBlob" }),
      },
      ...(content !== undefined && { body: content }),
    });
    const bytes = Buffer.from(await body.arrayBuffer());
    expect(statusCode, `${method} ${path}: ${statusCode < 300 ? "" : bytes.toString()}`).to.be.lessThan(300);
    return bytes;
  }

  async #tokenFor(scope: string): Promise<string> {
    const token = this.#tokens.get(scope) ?? (await this.#signIn(scope));
    this.#tokens.set(scope, token);
    return token;
  }

  async #signIn(scope: string): Promise<string> {
    const environment = this.environment;
    const { body } = await request(`https://login.microsoftonline.com/${TENANT_ID}/oauth2/v2.0/token`, {
      method: "POST",
      dispatcher: this.#proxy,
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams({
        grant_type: "client_credentials",
        client_id: String(environment["AZURE_CLIENT_ID"]),
        client_secret: String(environment["AZURE_CLIENT_SECRET"]),
        scope,
      }).toString(),
    });
    return ((await body.json()) as { access_token: string }).access_token;
  }

  async #make(): Promise<void> {
    const storage = `${this.group}/providers/Microsoft.Storage/storageAccounts/st${this.name}`;
    const vault = `${this.group}/providers/Microsoft.KeyVault/vaults/kv-${this.name}`;
    await this.arm("PUT", this.group, "2024-03-01", { location });
    await this.arm("PUT", storage, "2024-01-01", {
      location,
      kind: "StorageV2",
      sku: { name: "Standard_LRS" },
      properties: {},
    });
    await this.arm("PUT", vault, "2024-11-01", {
      location,
      properties: {
        tenantId: TENANT_ID,
        sku: { family: "A", name: "standard" },
        enableRbacAuthorization: true,
      },
    });
    await this.#settled(storage, "2024-01-01");
    await this.ml("PUT", this.id, {
      location,
      identity: { type: "SystemAssigned" },
      properties: { storageAccount: storage, keyVault: vault },
    });
    const properties = await this.#settled(this.id, "2025-12-01");
    expect(properties["provisioningState"]).to.equal("Succeeded");
    this.#trackingUri = String(properties["mlFlowTrackingUri"]);
  }

  async #settled(id: string, apiVersion: string): Promise<JsonObject> {
    for (;;) {
      const properties = (await this.arm("GET", id, apiVersion))["properties"] as JsonObject;
      if (["Succeeded", "Failed"].includes(String(properties["provisioningState"]))) return properties;
      await sleep(100);
    }
  }
}

async function azureInThisProcess(): Promise<RunningAzure & { readonly close: () => Promise<void> }> {
  const paths = statePaths(mkdtempSync(join(tmpdir(), "pulumi-azureml-workspace-")));
  const azure = await startLocalAzure(paths, () => undefined);
  return {
    paths,
    run: () => azure.run,
    close: async () => {
      await azure.close();
      rmSync(paths.folder, { recursive: true, force: true });
    },
  };
}
