import { expect } from "chai";
import { createAutoscale } from "../../local/autoscale/autoscale";
import type { JsonObject } from "../../local/json";
import { autoscaleBody, autoscaleId, type ScaleRule } from "../../providers/autoscale/body";
import { ENDPOINT, Harness, propertiesOf, type Response } from "./arm-harness";

const DEPLOYMENT = `${ENDPOINT}/deployments/blue`;
const SETTING = autoscaleId(DEPLOYMENT);
const MINUTE = 60_000;
const rules: ScaleRule[] = [
  { metric: "CpuUtilizationPercentage", above: 70, change: 2 },
  { metric: "CpuUtilizationPercentage", below: 30, change: -1 },
];
const instances = { least: 1, most: 4 };
const setting = (deploymentId = DEPLOYMENT): JsonObject =>
  autoscaleBody({ deploymentId, location: "westeurope" }, { instances, rules }) as unknown as JsonObject;
const changed = (change: (properties: JsonObject) => void): JsonObject => {
  const body = structuredClone(setting());
  change(body["properties"] as JsonObject);
  return body;
};

function said({ status, body }: Response): string {
  return `${status} ${String((body["error"] as JsonObject | undefined)?.["message"])}`;
}

describe("autoscale settings of the local ARM", () => {
  let arm: Harness;
  beforeEach(async () => {
    arm = new Harness();
    await arm.makeWorkspace();
    await arm.makeEndpoint("blue");
  });
  afterEach(async () => {
    const violations = arm.arm.violations();
    await arm.close();
    expect(violations).to.deep.equal([]);
  });

  it("keep what was put, through a change and a deletion", async () => {
    const made = propertiesOf(await arm.make(SETTING, setting()));
    expect(made).to.deep.include({ enabled: true, targetResourceUri: DEPLOYMENT });
    const off = changed((properties) => (properties["enabled"] = false));
    expect(propertiesOf(await arm.make(SETTING, off))["enabled"]).to.equal(false);
    const { body: all } = await arm.ask("GET", SETTING.slice(0, SETTING.lastIndexOf("/")));
    expect((all["value"] as JsonObject[]).map(({ id }) => id)).to.deep.equal([SETTING]);
    expect((await arm.ask("DELETE", SETTING)).status).to.equal(200);
    expect((await arm.ask("GET", SETTING)).status).to.equal(404);
  });

  it("are refused for a deployment that isn't there or has one already", async () => {
    expect(said(await arm.ask("PUT", SETTING, setting(`${DEPLOYMENT}2`)))).to.match(/^400 .*was not found/);
    await arm.make(SETTING, setting());
    expect(said(await arm.ask("PUT", `${SETTING}-2`, setting()))).to.match(/^409 .*has an autoscale setting/);
  });

  it("are refused for ranges, times and metrics that Azure Monitor doesn't have", async () => {
    const put = async (change: (profile: JsonObject) => void): Promise<string> =>
      said(
        await arm.ask(
          "PUT",
          SETTING,
          changed(({ profiles }) => change((profiles as JsonObject[])[0] ?? {})),
        ),
      );
    const inTrigger = (key: string, value: string) => (profile: JsonObject) => {
      const [rule] = profile["rules"] as [{ metricTrigger: JsonObject }];
      rule.metricTrigger[key] = value;
    };
    expect(
      await put((profile) => (profile["capacity"] = { minimum: "3", maximum: "2", default: "3" })),
    ).to.match(/^400 .*in that order/);
    expect(await put(inTrigger("timeWindow", "PT4M"))).to.match(/^400 A timeWindow/);
    expect(await put(inTrigger("metricName", "RequestLatency"))).to.match(/^400 .*has no metric/);
    expect(await put(inTrigger("metricResourceUri", `${ENDPOINT}2`))).to.match(/^400 .*was not found/);
  });

  it("change the deployment's instances by what is measured, one cooldown after the other", async () => {
    await arm.make(SETTING, setting());
    let now = 0;
    let cpu = 90;
    const asked: string[] = [];
    const look = createAutoscale({
      store: arm.store,
      now: () => now,
      scale: arm.arm.scale,
      log: () => undefined,
      metrics: async (resource, query) => {
        asked.push(`${resource} ${query["metricnames"]}`);
        return await Promise.resolve({ value: [{ timeseries: [{ data: [{ average: cpu }] }] }] });
      },
    });
    const capacityAfter = async (minutes: number): Promise<unknown> => {
      now += minutes * MINUTE;
      await look();
      for (;;) {
        const { body } = await arm.ask("GET", DEPLOYMENT);
        if (propertiesOf(body)["provisioningState"] === "Succeeded")
          return (body["sku"] as JsonObject)["capacity"];
        await new Promise((done) => setTimeout(done, 5));
      }
    };
    expect(await capacityAfter(0)).to.equal(3);
    expect(arm.effects.deployed.get(DEPLOYMENT)?.instances).to.equal(3);
    expect(await capacityAfter(4), "in its cooldown").to.equal(3);
    expect(await capacityAfter(1), "at its most").to.equal(4);
    cpu = 5;
    expect(await capacityAfter(5)).to.equal(3);
    expect(await capacityAfter(5)).to.equal(2);
    expect(asked).to.include(`${DEPLOYMENT} CpuUtilizationPercentage`);
  });
});
