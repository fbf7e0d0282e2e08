import { expect } from "chai";
import { cpSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DEPLOYER, SUBSCRIPTION_ID, TENANT_ID } from "../../local/cloud";
import type { JsonObject } from "../../local/json";
import { MlflowModelVersion } from "../../providers/models/resource";
import { OnlineEndpointSettings } from "../../providers/online-endpoint/resource";
import { Purge } from "../../providers/purge/resource";
import { exampleModelFolder } from "../../tools/paths";
import { providerText, startDynamicProvider, type DynamicProvider } from "../helpers/dynamic-provider";
import { askArm } from "../helpers/arm-process";
import { LocalAzure } from "../helpers/local-azure";
import type { Remembered } from "../helpers/provider-client";

const type = "pulumi-nodejs:dynamic/pulumi-azureml:Some";
const group = `/subscriptions/${SUBSCRIPTION_ID}/resourceGroups/rg-dynamic`;
const account = `${group}/providers/Microsoft.Storage/storageAccounts/stdynamic`;
const vault = `${group}/providers/Microsoft.KeyVault/vaults/kv-dynamic`;
const insights = `${group}/providers/Microsoft.Insights/components/appi-dynamic`;
const workspace = `${group}/providers/Microsoft.MachineLearningServices/workspaces/mlw-dynamic`;
const endpoint = `${workspace}/onlineEndpoints/oe-dynamic`;
const deployment = `${endpoint}/deployments/first`;
const location = "westeurope";
const ml = "2025-12-01";

/** The dynamic providers in Pulumi's own process, on the local Azure; the steps build on one another. */
describe("dynamic providers on the local Azure", () => {
  const azure = new LocalAzure();
  let provider: DynamicProvider;
  let texts: { model: string; endpoint: string; purge: string };

  const arm = async <T>(
    method: "put" | "read" | "remove",
    id: string,
    apiVersion: string,
    body?: object,
  ): Promise<T> => await askArm<T>(azure, method, id, apiVersion, body);

  before(async () => {
    await azure.start();
    const text = async (declare: Parameters<typeof providerText>[0]): Promise<string> =>
      String(await providerText(declare));
    texts = {
      model: await text(() => new MlflowModelVersion("m", model(""))),
      endpoint: await text(() => new OnlineEndpointSettings("e", { endpointId: endpoint })),
      purge: await text(() => new Purge("p", { targetId: workspace, onDelete: "purge" })),
    };
    provider = await startDynamicProvider(azure.environment());
    await arm("put", group, "2024-03-01", { location });
    await arm("put", account, "2024-01-01", {
      location,
      kind: "StorageV2",
      sku: { name: "Standard_LRS" },
      properties: { allowSharedKeyAccess: false },
    });
    await arm("put", vault, "2024-11-01", {
      location,
      properties: {
        tenantId: TENANT_ID,
        sku: { family: "A", name: "standard" },
        enableRbacAuthorization: true,
      },
    });
    await arm("put", insights, "2020-02-02", {
      location,
      kind: "web",
      properties: { Application_Type: "web" },
    });
    await arm("put", workspace, ml, {
      location,
      identity: { type: "SystemAssigned" },
      properties: { storageAccount: account, keyVault: vault, applicationInsights: insights },
    });
  });

  after(async () => {
    await provider?.stop();
    await azure.remove();
  });

  const copy = join(azure.paths.folder, "changed-model");
  const model = (path: string, more: Record<string, string | Record<string, string>> = {}) => ({
    workspaceId: workspace,
    name: "churn",
    path,
    onDelete: "retain",
    ...more,
  });
  const checked = async (text: string, inputs: JsonObject): Promise<JsonObject> => {
    const { inputs: whole, failures } = await provider.client.check(type, "it", {
      ...inputs,
      __provider: text,
    });
    expect(failures).to.deep.equal({});
    return whole;
  };
  const created = async (text: string, inputs: JsonObject): Promise<Remembered> =>
    await provider.client.create(type, "it", await checked(text, inputs));
  const liveTraffic = async (): Promise<unknown> =>
    (await arm<{ properties: { traffic?: unknown } }>("read", endpoint, ml)).properties.traffic ?? {};
  let first: Remembered;
  let traffic: Remembered;

  it("a model waits until its uploader's role has effect, says so once, and is registered as version 1", async () => {
    const creating = created(texts.model, model(exampleModelFolder));
    while (!provider.progress().includes("waiting")) await new Promise((resolve) => setTimeout(resolve, 50));
    const role = `/subscriptions/${SUBSCRIPTION_ID}/providers/Microsoft.Authorization/roleDefinitions/ba92f5b4-2d11-453d-a403-e96b0029c9fe`;
    await arm(
      "put",
      `${account}/providers/Microsoft.Authorization/roleAssignments/10ca1a2e-0000-4000-8000-0000000000aa`,
      "2022-04-01",
      {
        properties: {
          principalId: DEPLOYER.objectId,
          principalType: "ServicePrincipal",
          roleDefinitionId: role,
        },
      },
    );
    first = await creating;
    expect(first.id).to.equal(`${workspace}/models/churn/versions/1`);
    expect(first.outputs).to.include({ version: "1", name: "churn" });
    expect(first.outputs["modelUri"]).to.match(
      /^azureml:\/\/subscriptions\/.+\/datastores\/workspaceblobstore\/paths\/LocalUpload\/[0-9a-f]{64}\/model$/,
    );
    expect(provider.progress().match(/waiting/g)).to.have.length(1);
  });

  it("the same content is the same version, for a second resource and after a lost state", async () => {
    const again = await created(texts.model, model(exampleModelFolder, { description: "once more" }));
    expect(again.id).to.equal(first.id);
    const live = await arm<{ properties: { description?: string } }>("read", first.id, ml);
    expect(live.properties.description).to.equal("once more");
  });

  it("other content is the next version, and the first stays", async () => {
    cpSync(exampleModelFolder, copy, { recursive: true });
    writeFileSync(join(copy, "notes.txt"), "trained again\n");
    const second = await created(texts.model, model(copy));
    expect(second.outputs["version"]).to.equal("2");
    expect(await arm("read", first.id, ml)).to.not.equal(null);
  });

  it("tags change in place, and those of others stay", async () => {
    const tagged = await provider.client.update(
      first,
      await checked(texts.model, model(exampleModelFolder, { tags: { stage: "test" } })),
    );
    const live = await arm<{ properties: { tags: object } & JsonObject }>("read", first.id, ml);
    await arm("put", first.id, ml, {
      properties: {
        ...live.properties,
        provisioningState: undefined,
        tags: { ...live.properties.tags, theirs: "kept" },
      },
    });
    first = await provider.client.update(
      tagged,
      await checked(texts.model, model(exampleModelFolder, { tags: { stage: "live" } })),
    );
    const after_ = await arm<{ properties: { tags: object } }>("read", first.id, ml);
    expect(after_.properties.tags).to.deep.equal({ stage: "live", theirs: "kept" });
  });

  it("a refresh shows a tag that somebody changed, and nothing of what they added", async () => {
    expect((await provider.client.refresh(first))?.inputs["tags"]).to.deep.equal({ stage: "live" });
    const live = await arm<{ properties: JsonObject }>("read", first.id, ml);
    await arm("put", first.id, ml, {
      properties: {
        ...live.properties,
        provisioningState: undefined,
        tags: { stage: "changed", theirs: "kept" },
      },
    });
    expect((await provider.client.refresh(first))?.inputs["tags"]).to.deep.equal({ stage: "changed" });
  });

  it("traffic goes to a deployment once it is there", async () => {
    await arm("put", endpoint, ml, {
      location,
      identity: { type: "SystemAssigned" },
      tags: { theirs: "kept" },
      properties: { authMode: "Key" },
    });
    await arm("put", deployment, ml, {
      location,
      sku: { name: "Default", capacity: 1 },
      properties: { endpointComputeType: "Managed", instanceType: "Standard_DS3_v2", model: first.id },
    });
    traffic = await created(texts.endpoint, { endpointId: endpoint, traffic: { first: 100 } });
    expect(await liveTraffic()).to.deep.equal({ first: 100 });
  });

  it("a change of settings keeps the traffic and the tags of others", async () => {
    const declared = { endpointId: endpoint, authMode: "Key", description: "churn", tags: { team: "risk" } };
    const settings = await created(texts.endpoint, declared);
    const live = await arm<{ tags: object; properties: JsonObject }>("read", endpoint, ml);
    expect(live.tags).to.deep.equal({ theirs: "kept", team: "risk" });
    expect(live.properties).to.deep.include({ description: "churn", traffic: { first: 100 } });
    const refreshed = await provider.client.refresh(settings);
    expect(refreshed?.inputs).to.deep.include({ ...declared });
    expect((await provider.client.diff(settings, refreshed?.inputs ?? {})).kind).to.equal("none");
  });

  it("gone, the traffic's resource leaves the deployment free to be deleted", async () => {
    await provider.client.delete(traffic);
    expect(await liveTraffic()).to.deep.equal({});
    await arm("remove", deployment, ml);
    expect(await arm("read", deployment, ml)).to.equal(null);
  });

  it("a version is retained unless `delete` is asked for; deleted, it is gone for a refresh and for a second delete", async () => {
    // As another command does: in the one that took a version on, no other resource deletes it.
    const { client, stop } = await startDynamicProvider(azure.environment());
    try {
      await client.delete(first);
      expect(await client.refresh(first)).to.not.equal(undefined);
      const mine = { ...first, outputs: { ...first.outputs, onDelete: "delete" } };
      await client.delete(mine);
      expect(await client.refresh(first)).to.equal(undefined);
      await client.delete(mine);
    } finally {
      await stop();
    }
  });

  it("a number is not used twice: the next content is version 3 although version 1 is free", async () => {
    writeFileSync(join(copy, "notes.txt"), "and again\n");
    expect((await created(texts.model, model(copy))).outputs["version"]).to.equal("3");
  });

  it("a purge is nothing until its resource is deleted, then the workspace's name is free at once", async () => {
    const kept = await created(texts.purge, { targetId: workspace, onDelete: "softDelete" });
    await provider.client.delete(kept);
    expect(await arm("read", workspace, ml)).to.not.equal(null);
    const purge = await provider.client.update(
      kept,
      await checked(texts.purge, { targetId: workspace, onDelete: "purge" }),
    );
    await provider.client.delete(purge);
    expect(await arm("read", workspace, ml)).to.equal(null);
    await arm("put", workspace, ml, {
      location,
      identity: { type: "SystemAssigned" },
      properties: { storageAccount: account, keyVault: vault, applicationInsights: insights },
    });
    rmSync(copy, { recursive: true, force: true });
  });

  it("nothing of a credential is in what was said", () => {
    const secret = azure.environment()["ARM_CLIENT_SECRET"] ?? "none";
    expect(provider.progress()).to.not.contain(secret).and.not.contain("Bearer");
  });
});
