import { expect } from "chai";
import type { JsonObject } from "../../local/json";
import { azureNativeVersion } from "../../local/plugins/sdk/azure-native";
import { UNKNOWN } from "../../local/plugins/values";
import {
  configOf,
  deploymentType,
  endpoint,
  endpointType,
  groupType,
  startPlugin,
  type PluginOnPort,
} from "../helpers/azure-native-plugin";
import { failureOf } from "../helpers/provider-client";

describe("what the stand-in azure-native plugin plans", () => {
  let arm: PluginOnPort["arm"];
  let plugin: PluginOnPort["plugin"];
  let created: PluginOnPort["created"];
  let stop: PluginOnPort["stop"];

  beforeEach(async () => ({ arm, plugin, created, stop } = await startPlugin()));
  afterEach(() => stop());

  it("says the version of the installed SDK, which the engine looks for", async () => {
    expect(await plugin.version()).to.equal(azureNativeVersion());
  });

  it("takes plain values and previews, as the official plugin does", async () => {
    const configured = await plugin.configure(configOf());
    expect(configured.getSupportspreview()).to.equal(true);
    expect(configured.getAcceptsecrets()).to.equal(false);
    expect((await plugin.handshake()).getAcceptSecrets()).to.equal(false);
  });

  it("refuses a type it does not know by name and says which it knows", async () => {
    const failure = await failureOf(plugin.check("azure-native:compute:VirtualMachine", "vm", {}));
    expect(failure.details).to.match(
      /compute:VirtualMachine is not among.*storage:StorageAccount.*OnlineEndpoint/s,
    );
  });

  it("refuses a missing input with its property path", async () => {
    const { failures } = await plugin.check(endpointType, "scorer", {
      ...endpoint,
      properties: { traffic: {} },
    });
    expect(failures).to.deep.equal({
      "properties.authMode": "missing required property 'properties.authMode'",
    });
  });

  it("refuses an input of another type with its property path", async () => {
    const inputs = { ...endpoint, properties: { authMode: "Key", traffic: { blue: "100" } } };
    const { failures } = await plugin.check(endpointType, "scorer", inputs);
    expect(Object.keys(failures)).to.deep.equal(["properties.traffic.blue"]);
  });

  it("refuses a discriminator that Azure does not have and says which there are", async () => {
    const inputs = { ...endpoint, deploymentName: "blue", properties: { endpointComputeType: "Cloud" } };
    const { failures } = await plugin.check(deploymentType, "blue", inputs);
    expect(failures["properties"]).to.match(/ManagedOnlineDeploymentArgs \(endpointComputeType: "Managed"\)/);
  });

  it("lets values pass that are not known yet", async () => {
    const inputs = {
      ...endpoint,
      workspaceName: UNKNOWN,
      properties: { authMode: UNKNOWN, traffic: UNKNOWN },
    };
    expect((await plugin.check(endpointType, "scorer", inputs)).failures).to.deep.equal({});
  });

  it("names a resource that has no name the same way in the preview and in the update", async () => {
    const first = await plugin.check(groupType, "stack", { location: "westeurope" });
    const second = await plugin.check(groupType, "stack", { location: "westeurope" });
    expect(first.inputs["resourceGroupName"]).to.match(/^stack[0-9a-f]{8}$/);
    expect(second.inputs["resourceGroupName"]).to.equal(first.inputs["resourceGroupName"]);
    const later = await plugin.check(
      groupType,
      "stack",
      { location: "westeurope" },
      { resourceGroupName: "stack01234567" },
    );
    expect(later.inputs["resourceGroupName"]).to.equal("stack01234567");
  });

  it("takes the location of the configuration, then of the resource group", async () => {
    const without: JsonObject = { ...endpoint, location: undefined };
    expect((await plugin.check(endpointType, "scorer", without)).failures).to.have.property("location");
    await plugin.create(groupType, "rg", { resourceGroupName: "rg", location: "northeurope" });
    expect((await plugin.check(endpointType, "scorer", without)).inputs["location"]).to.equal("northeurope");
    await plugin.configure(configOf({ location: "uksouth" }));
    expect((await plugin.check(endpointType, "scorer", without)).inputs["location"]).to.equal("uksouth");
  });

  it("previews a create without asking Azure: inputs are known, what Azure adds is not", async () => {
    const { inputs } = await plugin.check(endpointType, "scorer", endpoint);
    const preview = await plugin.create(endpointType, "scorer", inputs, true);
    expect(preview.outputs["location"]).to.equal("westeurope");
    expect(preview.outputs["name"]).to.equal(UNKNOWN);
    expect(preview.outputs["properties"]).to.include({ authMode: "Key", scoringUri: UNKNOWN });
    expect(arm.requests).to.deep.equal([]);
  });

  it("plans nothing for the same inputs and names each changed property", async () => {
    const state = await created();
    expect((await plugin.diff(state, state.inputs)).kind).to.equal("none");
    const change = await plugin.diff(state, {
      ...state.inputs,
      tags: { "cost.center": "42" },
      properties: { authMode: "AADToken", traffic: { blue: 100 } },
    });
    expect(change.paths).to.deep.equal({
      "properties.authMode": "UPDATE",
      "properties.publicNetworkAccess": "DELETE",
      "properties.traffic": "ADD",
      tags: "ADD",
    });
    expect(change.replaces).to.deep.equal([]);
  });

  it("replaces for a new name, workspace or location, deleting first what cannot stand beside it", async () => {
    const state = await created();
    for (const name of ["endpointName", "workspaceName", "resourceGroupName", "location"]) {
      const change = await plugin.diff(state, { ...state.inputs, [name]: "other" });
      expect(change.replaces, name).to.deep.equal([name]);
      expect(change.deleteBeforeReplace, name).to.equal(true);
    }
    const spelled = await plugin.diff(state, { ...state.inputs, location: "West Europe" });
    expect(spelled.kind).to.equal("none");
    const named = {
      ...state,
      inputs: { ...state.inputs, __createBeforeDelete: true },
    };
    expect((await plugin.diff(named, { ...named.inputs, location: "other" })).deleteBeforeReplace).to.equal(
      false,
    );
  });

  it("replaces an environment version whose image changed", async () => {
    const type = "azure-native:machinelearningservices:EnvironmentVersion";
    const inputs = {
      resourceGroupName: "rg",
      workspaceName: "ws",
      name: "env",
      version: "1",
      properties: { image: "a", description: "x" },
    };
    const state = { type, name: "env", id: "", inputs, outputs: {} };
    const change = await plugin.diff(state, { ...inputs, properties: { image: "b", description: "y" } });
    expect(change.replaces).to.deep.equal(["properties.image"]);
    expect(change.paths["properties.description"]).to.equal("UPDATE");
  });
});
