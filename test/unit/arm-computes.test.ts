import { expect } from "chai";
import { TENANT_ID } from "../../local/cloud";
import type { JsonObject } from "../../local/json";
import {
  GROUP,
  Harness,
  IDENTITY,
  propertiesOf,
  WORKSPACE,
  workspaceBody,
  type Response,
} from "./arm-harness";

const location = "westeurope";
const vmSize = "Standard_DS3_v2";
const aks = `${GROUP}/providers/Microsoft.ContainerService/managedClusters/aks`;
const network = `${GROUP}/providers/Microsoft.Network/virtualNetworks/vnet`;
const subnet = { id: `${network}/subnets/training` };

function compute(computeType: string, inner: JsonObject, more: JsonObject = {}): JsonObject {
  const { properties, ...envelope } = more;
  return { location, properties: { computeType, properties: inner, ...(properties as object) }, ...envelope };
}
const cluster = (inner: JsonObject = {}, more?: JsonObject): JsonObject =>
  compute("AmlCompute", { vmSize, scaleSettings: { maxNodeCount: 2 }, ...inner }, more);
const instance = (inner: JsonObject = {}, more?: JsonObject): JsonObject =>
  compute("ComputeInstance", { vmSize, ...inner }, more);
const attached = (inner: JsonObject = {}, more: JsonObject = {}): JsonObject =>
  compute("Kubernetes", inner, { properties: { resourceId: aks }, ...more });

function told({ status, body }: Response): string {
  const { code, target } = (body["error"] ?? {}) as JsonObject;
  return [status, code, target].join(" ");
}

describe("computes of a workspace", () => {
  let arm: Harness;
  beforeEach(async () => {
    arm = new Harness();
    await arm.makeWorkspace();
  });
  afterEach(async () => {
    expect(arm.arm.violations()).to.deep.equal([]);
    await arm.close();
  });

  const at = (name: string): string => `${WORKSPACE}/computes/${name}`;
  const inner = async (name: string): Promise<JsonObject> =>
    propertiesOf(propertiesOf((await arm.ask("GET", at(name))).body));
  const refused = async (name: string, body: JsonObject): Promise<string> =>
    told(await arm.ask("PUT", at(name), body));

  it("scale by PUT, give another identity, and refuse other machines", async () => {
    await arm.make(at("train"), cluster({}, { identity: { type: "SystemAssigned" } }));
    const brought = { type: "UserAssigned", userAssignedIdentities: { [IDENTITY]: {} } };
    await arm.make(
      at("train"),
      cluster(
        { scaleSettings: { minNodeCount: 1, maxNodeCount: 5 }, vmSize: vmSize.toUpperCase() },
        { identity: brought },
      ),
    );
    expect((await inner("train"))["scaleSettings"]).to.include({ minNodeCount: 1, maxNodeCount: 5 });
    const { value } = (await arm.ask("POST", `${at("train")}/listNodes`)).body;
    expect((value as JsonObject[]).map(({ nodeState }) => nodeState)).to.deep.equal(["idle"]);
    for (const [property, changed] of Object.entries({
      vmSize: "Standard_F4s_v2",
      vmPriority: "LowPriority",
      subnet,
      remoteLoginPortPublicAccess: "Enabled",
    }))
      expect(await refused("train", cluster({ [property]: changed }))).to.equal(
        `400 BadArgument properties.properties.${property}`,
      );
    expect(await refused("train", instance())).to.equal("400 BadArgument properties.computeType");
    expect(await refused("train", { ...cluster(), location: "northeurope" })).to.equal(
      "400 BadArgument location",
    );
  });

  it("have an identity of their own or others', never both, and Kubernetes one at most", async () => {
    const both = { type: "SystemAssigned,UserAssigned", userAssignedIdentities: { [IDENTITY]: {} } };
    for (const body of [
      cluster({}, { identity: both }),
      instance({}, { identity: both }),
      attached({}, { identity: both }),
    ])
      expect(await refused("train", body)).to.equal("400 BadArgument identity.type");
    const two = { type: "UserAssigned", userAssignedIdentities: { [IDENTITY]: {}, [`${IDENTITY}2`]: {} } };
    expect(await refused("aks", attached({}, { identity: two }))).to.equal(
      "400 BadArgument identity.userAssignedIdentities",
    );
  });

  it("are without public addresses only where there is a network, which is the workspace's or theirs", async () => {
    for (const body of [cluster({ enableNodePublicIp: false }), instance({ enableNodePublicIp: false })])
      expect(await refused("train", body)).to.equal(
        "400 BadArgument properties.properties.enableNodePublicIp",
      );
    const inNetwork = cluster({ enableNodePublicIp: false, subnet });
    expect(await refused("train", inNetwork), "no such subnet").to.equal(
      "400 BadArgument properties.properties.subnet",
    );
    await arm.make(network, {
      location,
      properties: {
        addressSpace: { addressPrefixes: ["10.0.0.0/16"] },
        subnets: [{ name: "training", properties: { addressPrefix: "10.0.1.0/24" } }],
      },
    });
    expect(await refused("train", { ...inNetwork, location: "northeurope" }), "another region").to.equal(
      "400 BadArgument properties.properties.subnet",
    );
    await arm.make(at("train"), inNetwork);
    const managed = {
      ...(workspaceBody["properties"] as JsonObject),
      managedNetwork: { isolationMode: "AllowInternetOutbound" },
    };
    await arm.make(WORKSPACE, { ...workspaceBody, properties: managed });
    expect(await refused("other", cluster({ subnet }))).to.equal(
      "400 BadArgument properties.properties.subnet",
    );
  });

  it("have names of their type, unique in their region", async () => {
    expect(await refused("ab", cluster())).to.equal("400 BadArgument name");
    expect(await refused("train-1", cluster())).to.equal("400 BadArgument name");
    expect(await refused("a-name-of-seventeen", attached())).to.equal("400 BadArgument name");
    await arm.make(at("train"), cluster());
    const other = WORKSPACE.replace(/mlws$/, "mlother");
    await arm.make(other, workspaceBody);
    expect(told(await arm.ask("PUT", `${other}/computes/Train`, instance()))).to.equal(
      "400 BadArgument name",
    );
    await arm.make(`${other}/computes/aks`, attached());
    await arm.make(at("aks"), attached());
  });

  it("that are instances run, stop and start", async () => {
    await arm.make(at("ada"), instance({ idleTimeBeforeShutdown: "PT30M" }));
    expect(await inner("ada")).to.include({ state: "Running", idleTimeBeforeShutdown: "PT30M" });
    for (const [action, state] of [
      ["stop", "Stopped"],
      ["start", "Running"],
      ["restart", "Running"],
    ] as const) {
      expect((await arm.ask("POST", `${at("ada")}/${action}`)).status).to.equal(202);
      expect((await inner("ada"))["state"]).to.equal(state);
    }
    await arm.make(at("train"), cluster());
    expect(told(await arm.ask("POST", `${at("train")}/stop`))).to.equal("400 BadArgument computeType");
    expect(told(await arm.ask("POST", `${at("ada")}/listKeys`))).to.equal("400 BadArgument computeType");
    expect(told(await arm.ask("PATCH", at("ada"), { properties: {} }))).to.equal(
      "400 BadArgument properties.computeType",
    );
  });

  it("that are instances show their schedules' ids, and keep what they were made with but their tags", async () => {
    const stop = { action: "Stop", triggerType: "Cron", cron: { expression: "0 18 * * *", timeZone: "UTC" } };
    const schedules = { computeStartStop: [stop] };
    await arm.make(at("ada"), instance({ schedules, idleTimeBeforeShutdown: "PT30M" }));
    const [shown] = ((await inner("ada"))["schedules"] as { computeStartStop: JsonObject[] })
      .computeStartStop;
    expect(shown).to.deep.include({ ...stop, status: "Enabled", provisioningStatus: "Completed" });
    await arm.make(at("ada"), instance({ idleTimeBeforeShutdown: "PT60M" }, { tags: { team: "risk" } }));
    expect(await inner("ada")).to.include({ idleTimeBeforeShutdown: "PT30M" });
    expect((await arm.ask("GET", at("ada"))).body["tags"]).to.deep.equal({ team: "risk" });
    expect(await refused("ada", instance({ vmSize: "Standard_F4s_v2" }))).to.equal(
      "400 BadArgument properties.properties.vmSize",
    );
  });

  it("that are instances refuse what no instance can be", async () => {
    const cron = { action: "Stop", triggerType: "Cron", cron: { expression: "0 18 * * *" } };
    const user = (of: JsonObject): JsonObject => ({ personalComputeInstanceSettings: { assignedUser: of } });
    const objectId = "10ca1a2e-0000-4000-8000-00000000000a";
    const script = (of: JsonObject): JsonObject => ({ setupScripts: { scripts: { creationScript: of } } });
    const wrong: readonly (readonly [JsonObject, string])[] = [
      [{ idleTimeBeforeShutdown: "PT14M" }, "idleTimeBeforeShutdown"],
      [{ idleTimeBeforeShutdown: "P3DT1M" }, "idleTimeBeforeShutdown"],
      [{ idleTimeBeforeShutdown: "1 hour" }, "idleTimeBeforeShutdown"],
      [
        { schedules: { computeStartStop: Array(5).fill(cron) as JsonObject[] } },
        "schedules.computeStartStop",
      ],
      [
        { schedules: { computeStartStop: [{ ...cron, triggerType: "Recurrence" }] } },
        "schedules.computeStartStop[0]",
      ],
      [
        user({ objectId: "ada", tenantId: TENANT_ID }),
        "personalComputeInstanceSettings.assignedUser.objectId",
      ],
      [user({ objectId, tenantId: objectId }), "personalComputeInstanceSettings.assignedUser.tenantId"],
      [
        script({ scriptSource: "inline", scriptData: "apt-get update" }),
        "setupScripts.scripts.creationScript.scriptData",
      ],
      [
        script({ scriptSource: "workspace", scriptData: "a.sh" }),
        "setupScripts.scripts.creationScript.scriptSource",
      ],
    ];
    for (const [body, path] of wrong)
      expect(await refused("ada", instance(body))).to.equal(`400 BadArgument properties.properties.${path}`);
    expect(await refused("ada", { ...instance(), location: "northeurope" })).to.equal(
      "400 BadArgument location",
    );
    await arm.make(
      at("ada"),
      instance({ idleTimeBeforeShutdown: "P3D", ...user({ objectId, tenantId: TENANT_ID }) }),
    );
  });

  it("that are attached show no secrets, keep their cluster, and are detached, not deleted", async () => {
    const gpu = { resources: { requests: { cpu: "1", memory: "2Gi" }, limits: { cpu: "2", memory: "4Gi" } } };
    await arm.make(at("aks"), attached({ relayConnectionString: "s3cr3t", instanceTypes: { gpu } }));
    expect(JSON.stringify((await arm.ask("GET", at("aks"))).body)).to.not.contain("s3cr3t");
    expect(await inner("aks")).to.include({
      namespace: "default",
      defaultInstanceType: "defaultinstancetype",
    });
    expect((await inner("aks"))["instanceTypes"]).to.have.keys("gpu", "defaultinstancetype");
    await arm.make(at("aks"), attached({ instanceTypes: { gpu }, defaultInstanceType: "gpu" }));
    expect(await refused("aks", attached({ defaultInstanceType: "small" }))).to.equal(
      "400 BadArgument properties.properties.defaultInstanceType",
    );
    expect(await refused("aks", attached({ namespace: "risk" }))).to.equal(
      "400 BadArgument properties.properties.namespace",
    );
    const other = attached({}, { properties: { resourceId: `${aks}2` } });
    expect(await refused("aks", other)).to.equal("400 BadArgument properties.resourceId");
    expect(await refused("arc", attached({}, { properties: { resourceId: WORKSPACE } }))).to.equal(
      "400 BadArgument properties.resourceId",
    );
    expect(told(await arm.ask("DELETE", `${at("aks")}?underlyingResourceAction=Delete`))).to.equal(
      "400 BadArgument underlyingResourceAction",
    );
    await arm.finish("DELETE", `${at("aks")}?underlyingResourceAction=Detach`);
    expect((await arm.ask("DELETE", `${at("aks")}?underlyingResourceAction=Delete`)).status).to.equal(204);
  });
});
