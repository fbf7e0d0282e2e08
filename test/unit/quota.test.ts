import { expect } from "chai";
import fc from "fast-check";
import { ArmError } from "../../providers/clients/arm-error";
import type { Arm } from "../../providers/clients/arm";
import { coresFor, shortage, type Usage, type VmSize } from "../../providers/quota/quota";
import { lookAtQuota } from "../../providers/rollout/quota";
import type { RolloutSpec } from "../../providers/rollout/types";
import { ENDPOINT_ID, WORKSPACE_ID } from "../helpers/pulumi-mocks";
import { SimulatedEndpoint, type World } from "../helpers/simulated-endpoint";
import { deploymentBody, ENDPOINT, Harness, SUBSCRIPTION } from "./arm-harness";

const DS3: VmSize = { name: "Standard_DS3_v2", family: "standardDSv2Family", cores: 4 };
const subscription = WORKSPACE_ID.split("/").slice(0, 3).join("/");
const usage = (limit: number, change: Partial<Usage> = {}): Usage => ({
  id: `${subscription}/usages/Standard_DSv2_Family_Cluster_Dedicated_vCPUs`,
  name: "Standard DSv2 Family Cluster Dedicated vCPUs",
  used: 12,
  limit,
  ...change,
});
const short = (instances: number, ...usages: Usage[]): string | undefined =>
  shortage({ workspaceId: WORKSPACE_ID, size: DS3, instances }, usages);

describe("the quota for a deployment", () => {
  it("is a fifth more than its machines, whole machines, but for sizes that Azure keeps no spare ones of", () => {
    expect(coresFor({ size: DS3, instances: 10 })).to.equal(48);
    expect(coresFor({ size: DS3, instances: 1 })).to.equal(8);
    const a100 = { name: "Standard_NC24ads_A100_v4", family: "standardNCADSA100v4Family", cores: 24 };
    expect(coresFor({ size: a100, instances: 2 })).to.equal(48);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50 }), (instances) => {
        const machines = coresFor({ size: DS3, instances }) / DS3.cores;
        expect(machines * 5).to.be.within(instances * 6, instances * 6 + 4);
      }),
    );
  });

  it("is short by what is used already, and tells needed, used and limit", () => {
    expect(short(2, usage(24))).to.equal(undefined);
    expect(short(2, usage(23))).to.equal(
      "it needs 12 cores for 2 of Standard_DS3_v2, with the 20 % that Azure reserves for upgrades, and 12 of 23 are used of Standard DSv2 Family Cluster Dedicated vCPUs",
    );
    expect(short(50, usage(-1))).to.equal(undefined);
  });

  it("is of the family and of all together, the subscription's and this workspace's; others' and single computes' are none of its", () => {
    const name = "Total Cluster Dedicated Regional vCPUs";
    expect(short(2, usage(500), usage(13, { id: `${subscription}/usages`, name }))).to.contain(name);
    const own = (path: string): string => `${path}/usages/Standard_DSv2_Family_Cluster_Dedicated_vCPUs`;
    expect(short(2, usage(13, { id: own(WORKSPACE_ID) }))).to.contain("12 of 13");
    expect(short(2, usage(13, { id: own(`${WORKSPACE_ID}2`) }))).to.equal(undefined);
    expect(short(2, usage(13, { id: own(`${WORKSPACE_ID}/computes/c`) }))).to.equal(undefined);
    expect(short(2, usage(13, { name: "Standard DSv2 Family Cluster LowPriority vCPUs" }))).to.equal(
      undefined,
    );
    expect(short(2, usage(13, { name: "Standard Dv2 Family Cluster Dedicated vCPUs" }))).to.equal(undefined);
  });

  it("that can't be read, or of a size that Azure doesn't tell, is a warning and stops nothing", async () => {
    const look = async (list: () => Promise<unknown[]>) => {
      const said: string[] = [];
      const body = {
        location: "West Europe",
        sku: { name: "Default", capacity: 2 },
        properties: { instanceType: "Standard_DS3_v2" },
      };
      const found = await lookAtQuota({ list } as unknown as Arm, ENDPOINT_ID, body, 2, (line) =>
        said.push(line),
      );
      return { found, said: said.join() };
    };
    for (const status of [403, 404, 500]) {
      const { found, said } = await look(() => Promise.reject(new ArmError(status, "No", "not for you")));
      expect(found).to.deep.equal({});
      expect(said).to.contain("warning: whether the quota is enough can't be read: not for you");
    }
    const unknown = await look(async () => []);
    expect(unknown.found).to.deep.equal({});
    expect(unknown.said).to.contain("Standard_DS3_v2");
  });
});

describe("a rollout whose quota is short", () => {
  const well: World = { deploys: true, smokes: true, verdicts: ["passed"] };
  const to = (generation: string, changed: Partial<RolloutSpec> = {}): RolloutSpec => ({
    generation,
    instances: 4,
    steps: [
      { weight: 10, bakeSeconds: 0, pause: true },
      { weight: 100, bakeSeconds: 0 },
    ],
    smoked: false,
    retireAfterSeconds: 0,
    keepGenerations: 0,
    maxHoldSeconds: 3600,
    foreignTraffic: "keep",
    onDrift: "putBack",
    promote: generation,
    ...changed,
  });

  it("makes nothing, writes nothing and refuses nothing; with more quota the same goes through", async () => {
    const endpoint = new SimulatedEndpoint();
    await endpoint.run(to("v1"), well);
    const { journal } = endpoint;
    endpoint.maps.length = 0;
    const failed = await endpoint.run(to("v2"), { ...well, quota: 3 });
    expect(failed).to.have.property("reason").that.contains("nothing was made: 4 of 3");
    expect(failed).to.have.property("tryThis").that.contains("https://ml.azure.com/quota");
    expect(endpoint.maps).to.deep.equal([]);
    expect([...endpoint.deployments.keys()]).to.deep.equal(["v1"]);
    expect(endpoint.journal).to.deep.equal(journal);
    expect(await endpoint.run(to("v2"), { ...well, quota: 4 })).to.include({ phase: "Serving" });
  });

  it("still rolls back what is on its way", async () => {
    const endpoint = new SimulatedEndpoint();
    await endpoint.run(to("v1"), well);
    await endpoint.run(to("v2", { promote: "" }), well);
    expect(endpoint.traffic).to.deep.equal({ v1: 90, v2: 10 });
    expect(await endpoint.run(to("v3"), { ...well, quota: 0 })).to.include({ kind: "fail" });
    expect(endpoint.traffic).to.deep.equal({ v1: 100 });
  });

  it("was killed before its generation was made: the next looks at the quota before it makes it", async () => {
    const endpoint = new SimulatedEndpoint();
    await endpoint.run(to("v1"), well);
    await endpoint.run(to("v2"), well, 2);
    expect(endpoint.journal?.moving).to.include({ generation: "v2", step: -1 });
    endpoint.deployments.delete("v2");
    expect(await endpoint.run(to("v2"), { ...well, quota: 3 })).to.include({ kind: "fail" });
    expect([...endpoint.deployments.keys()]).to.deep.equal(["v1"]);
    expect(endpoint.traffic).to.deep.equal({ v1: 100 });
  });
});

describe("the local Azure's quota", () => {
  let cores: number | undefined;
  let arm: Harness;
  const place = `${SUBSCRIPTION}/providers/Microsoft.MachineLearningServices/locations/westeurope`;
  before(async () => {
    arm = new Harness({ quota: () => cores });
    await arm.makeWorkspace();
  });
  after(async () => {
    expect(arm.arm.violations()).to.deep.equal([]);
    await arm.close();
  });

  it("counts what deployments take, against the limit that somebody declared", async () => {
    await arm.makeEndpoint("blue");
    const five = deploymentBody({}, { sku: { name: "Default", capacity: 5 } });
    await arm.finish("PUT", `${ENDPOINT}/deployments/green`, five);
    const family = async () => {
      const { value } = (await arm.ask("GET", `${place}/usages`)).body as unknown as {
        value: { name: { value: string }; currentValue: number; limit: number }[];
      };
      return value.find(({ name }) => name.value === "Standard DSv2 Family Cluster Dedicated vCPUs");
    };
    const before = await family();
    expect(before?.limit).to.equal(300);
    cores = 30;
    expect((await family())?.limit).to.equal(30);
    await arm.finish("DELETE", `${ENDPOINT}/deployments/green`);
    expect(Number(before?.currentValue) - Number((await family())?.currentValue)).to.equal(24);
  });

  it("is told in sizes with their family and cores", async () => {
    const { value } = (await arm.ask("GET", `${place}/vmSizes`)).body as unknown as { value: object[] };
    expect(value).to.deep.include({ name: "Standard_DS3_v2", family: "standardDSv2Family", vCPUs: 4 });
  });
});
