import { expect } from "chai";
import {
  endpoint,
  endpointId,
  endpointType,
  group,
  startPlugin,
  workspace,
  type PluginOnPort,
} from "../helpers/azure-native-plugin";
import { answer, error } from "../helpers/memory-arm";
import { failureOf, keptAfter } from "../helpers/provider-client";

describe("what the stand-in azure-native plugin does", () => {
  let arm: PluginOnPort["arm"];
  let plugin: PluginOnPort["plugin"];
  let created: PluginOnPort["created"];
  let stop: PluginOnPort["stop"];

  beforeEach(async () => ({ arm, plugin, created, stop } = await startPlugin()));
  afterEach(() => stop());

  it("creates with the program's inputs and nothing else, at the SDK's API version, and waits", async () => {
    arm.added = { provisioningState: "Succeeded", scoringUri: "https://scorer" };
    const state = await created();
    expect(state.id).to.equal(endpointId);
    expect(arm.puts()).to.deep.equal([
      { location: "westeurope", properties: { authMode: "Key", publicNetworkAccess: "Enabled" } },
    ]);
    expect(arm.requests.map(({ url }) => new URL(url).searchParams.get("api-version"))).to.satisfy(
      (versions: string[]) => versions.every((version) => version === "2025-12-01"),
    );
    expect(state.outputs["properties"]).to.include({
      provisioningState: "Succeeded",
      scoringUri: "https://scorer",
    });
    expect(state.outputs["azureApiVersion"]).to.equal("2025-12-01");
  });

  it("refuses to create what exists", async () => {
    await created();
    const failure = await failureOf(created());
    expect(failure.details).to.equal(`cannot create already existing resource '${endpointId}'`);
    expect(arm.puts()).to.have.length(1);
  });

  it("updates by a PUT of the program's inputs: traffic that others moved is not among them", async () => {
    const state = await created();
    arm.change(endpointId, { traffic: { blue: 90, green: 10 } });
    await plugin.update(state, { ...state.inputs, tags: { team: "ml" } });
    expect(arm.puts()[1]).to.deep.equal({
      location: "westeurope",
      properties: { authMode: "Key", publicNetworkAccess: "Enabled" },
      tags: { team: "ml" },
    });
    expect(arm.get(endpointId)?.["properties"]).to.not.have.property("traffic");
  });

  it("refreshes to the old inputs when nobody changed anything, whatever Azure filled in", async () => {
    arm.added = { provisioningState: "Succeeded", swaggerUri: "https://s", properties: { by: "Azure" } };
    const state = await created();
    const refreshed = await plugin.refresh(state);
    expect(refreshed?.inputs).to.deep.equal(state.inputs);
    expect(refreshed?.outputs).to.deep.equal(state.outputs);
  });

  it("shows traffic that somebody moved after a refresh, and not what only Azure writes", async () => {
    const state = await created();
    arm.change(endpointId, { traffic: { blue: 90, green: 10 }, provisioningState: "Updating" });
    const refreshed = await plugin.refresh(state);
    expect(refreshed?.inputs["properties"]).to.deep.equal({
      authMode: "Key",
      publicNetworkAccess: "Enabled",
      traffic: { blue: 90, green: 10 },
    });
    if (refreshed === undefined) return;
    expect((await plugin.diff(refreshed, state.inputs)).paths).to.deep.equal({
      "properties.traffic": "DELETE",
    });
  });

  it("says that a resource is gone which somebody deleted", async () => {
    const state = await created();
    arm.remove(endpointId);
    expect(await plugin.refresh(state)).to.equal(undefined);
  });

  it("imports by id: names from the id, settings from Azure", async () => {
    arm.added = { provisioningState: "Succeeded", description: "" };
    await created();
    const imported = await plugin.importById(endpointType, endpointId);
    expect(imported?.inputs).to.deep.equal({
      resourceGroupName: "rg",
      workspaceName: "ws",
      endpointName: "scorer",
      location: "westeurope",
      properties: { authMode: "Key", publicNetworkAccess: "Enabled" },
    });
    const wrong = await failureOf(plugin.importById(endpointType, `${workspace}/computes/c`));
    expect(wrong.details).to.contain("onlineEndpoints/{endpointName}");
  });

  it("deletes and waits; what is gone already counts as deleted", async () => {
    const state = await created();
    await plugin.delete(state);
    expect(arm.get(endpointId)).to.equal(undefined);
    await plugin.delete(state);
  });

  it("tells Azure to delete the machines of a compute too", async () => {
    const type = "azure-native:machinelearningservices:Compute";
    await plugin.delete({ type, name: "c", id: `${workspace}/computes/c`, inputs: {}, outputs: {} });
    expect(new URL(arm.requests.at(-1)?.url ?? "").searchParams.get("underlyingResourceAction")).to.equal(
      "Delete",
    );
  });

  it("keeps a resource whose creation failed half way, with Azure's reason, so that the next up goes on", async () => {
    arm.failing.set(endpointId, { code: "OutOfQuota", message: "Not enough cores." });
    const { inputs } = await plugin.check(endpointType, "scorer", endpoint);
    const failure = await failureOf(plugin.create(endpointType, "scorer", inputs));
    expect(failure.details).to.contain('Code="OutOfQuota" Message="Not enough cores."');
    const kept = keptAfter(failure);
    expect(kept?.id).to.equal(endpointId);
    expect(kept?.inputs).to.deep.equal(inputs);
    expect(kept?.reasons).to.have.length(1);
    const state = {
      type: endpointType,
      name: "scorer",
      id: endpointId,
      inputs,
      outputs: kept?.outputs ?? {},
    };
    expect((await plugin.update(state, inputs)).outputs["name"]).to.equal("scorer");
  });

  it("keeps nothing of a create that Azure refused outright", async () => {
    arm.interruptions.push(answer(404), answer(400, error("BadArgument", "No.")));
    const { inputs } = await plugin.check(endpointType, "scorer", endpoint);
    const failure = await failureOf(plugin.create(endpointType, "scorer", inputs));
    expect(failure.details).to.contain('Code="BadArgument" Message="No."');
    expect(keptAfter(failure)).to.equal(undefined);
  });

  it("tries again when Azure is throttling", async () => {
    arm.interruptions.push(answer(429, error("TooManyRequests", "Later.")), answer(503));
    expect((await created()).id).to.equal(endpointId);
  });

  it("does not follow an operation to another host than ARM's", async () => {
    arm.interruptions.push(
      answer(404),
      answer(201, {}, { "azure-asyncoperation": "https://elsewhere.example/operation" }),
    );
    const { inputs } = await plugin.check(endpointType, "scorer", endpoint);
    const failure = await failureOf(plugin.create(endpointType, "scorer", inputs));
    expect(failure.details).to.contain("https://elsewhere.example; it is not asked");
  });

  it("ends a create that is cancelled, and keeps what Azure had made", async () => {
    arm.polls = 1_000_000;
    const { inputs } = await plugin.check(endpointType, "scorer", endpoint);
    const creating = failureOf(plugin.create(endpointType, "scorer", inputs));
    while (arm.get(endpointId) === undefined) await new Promise((resolve) => setTimeout(resolve, 5));
    await plugin.cancel();
    expect(keptAfter(await creating)?.id).to.equal(endpointId);
  });

  it("leaves a vault's access policies to those who wrote them, unless the program sets them", async () => {
    const type = "azure-native:keyvault:Vault";
    const id = `${group}/providers/Microsoft.KeyVault/vaults/kv`;
    const policies = [{ tenantId: "t", objectId: "o", permissions: {} }];
    const inputs = {
      resourceGroupName: "rg",
      vaultName: "kv",
      location: "westeurope",
      properties: { tenantId: "t", sku: { family: "A", name: "standard" } },
    };
    const state = await plugin.create(type, "kv", inputs);
    expect(arm.puts()[0]?.["properties"]).to.have.deep.property("accessPolicies", []);
    arm.change(id, { accessPolicies: policies });
    expect((await plugin.refresh(state))?.inputs).to.deep.equal(inputs);
    await plugin.update(state, { ...inputs, tags: { a: "b" } });
    expect(arm.puts()[1]?.["properties"]).to.have.deep.property("accessPolicies", policies);
  });

  it("answers the functions the components call, and refuses others by name", async () => {
    await created();
    const names = { resourceGroupName: "rg", workspaceName: "ws", endpointName: "scorer" };
    const keys = await plugin.invoke("azure-native:machinelearningservices:listOnlineEndpointKeys", names);
    expect(keys).to.include({ primaryKey: "first", asked: `${endpointId}/listKeys` });
    const found = await plugin.invoke("azure-native:machinelearningservices:getOnlineEndpoint", names);
    expect(found["id"]).to.equal(endpointId);
    expect(await plugin.invoke("azure-native:authorization:getClientConfig", {})).to.deep.equal({
      clientId: "client",
      objectId: "object",
      subscriptionId: "sub",
      tenantId: "tenant",
    });
    const failure = await failureOf(plugin.invoke("azure-native:compute:getDisk", {}));
    expect(failure.details).to.match(/compute:getDisk is not among.*getOnlineEndpoint/s);
  });
});
