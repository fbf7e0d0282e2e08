import { expect } from "chai";
import fc from "fast-check";
import { instancesFor } from "../../providers/rollout/capacity";
import type { Journal, Observed, ObservedDeployment, RolloutSpec } from "../../providers/rollout/types";
import { prompt, well } from "../helpers/rollout-specs";
import { SimulatedEndpoint, type World } from "../helpers/simulated-endpoint";

const to = (generation: string, changed: Partial<RolloutSpec> = {}): RolloutSpec => ({
  generation,
  instances: 2,
  steps: [
    { weight: 0, mirror: 30, bakeSeconds: 300 },
    { weight: 10, bakeSeconds: 300, pause: true },
    { weight: 100, bakeSeconds: 300 },
  ],
  smoked: false,
  retireAfterSeconds: 60,
  keepGenerations: 0,
  maxHoldSeconds: 36_000,
  foreignTraffic: "keep",
  onDrift: "putBack",
  ...changed,
});
const scaledTo = (endpoint: SimulatedEndpoint, name: string, instances: number): void => {
  const deployment = endpoint.deployments.get(name) ?? expect.fail(`there is no ${name}`);
  endpoint.deployments.set(name, { ...deployment, instances });
};
const instances = (endpoint: SimulatedEndpoint, name: string): number | undefined =>
  endpoint.deployments.get(name)?.instances;
const count = fc.integer({ min: 1, max: 50 });

describe("the machines of a generation", () => {
  it("before it has any weight are as many as those that serve, however many are declared, and never get fewer on the way", () => {
    fc.assert(
      fc.property(count, count, fc.option(count, { nil: undefined }), (declared, live, own) => {
        const deployments: Record<string, ObservedDeployment> = {
          v1: { state: "ready", ours: true, instances: live },
          ...(own === undefined ? {} : { v2: { state: "ready", ours: true, instances: own } }),
        };
        const observed: Observed = { traffic: { v1: 100 }, mirror: {}, deployments, began: 0, evidence: {} };
        const journal: Journal = { serving: "v1", refused: [], old: [] };
        const wanted = instancesFor(to("v2", { instances: declared }), observed, journal);
        expect(wanted).to.equal(Math.max(declared, live, own ?? 0));
      }),
    );
  });

  it("are made with it where what serves was scaled out, added to when that is scaled out further, and the declared ones when it serves", async () => {
    const endpoint = new SimulatedEndpoint();
    await endpoint.run(to("v1"), well);
    expect(instances(endpoint, "v1")).to.equal(2);
    scaledTo(endpoint, "v1", 5);
    const scaled: World = { ...well, scales: [0] };
    expect(await endpoint.run(to("v2"), scaled)).to.include({ phase: "Paused" });
    expect(instances(endpoint, "v2")).to.equal(5);
    scaledTo(endpoint, "v1", 7);
    expect(await endpoint.run(to("v2", { promote: "v2", maxHoldSeconds: 0 }), scaled)).to.include({
      phase: "Advancing",
    });
    expect(endpoint.traffic).to.deep.equal({ v2: 100 });
    expect(instances(endpoint, "v2")).to.equal(7);
    await endpoint.run(to("v2", { promote: "v2" }), well);
    expect(instances(endpoint, "v2")).to.equal(2);
  });

  it("that can't be had for what serves leave it its traffic; and where it can't take it back, what has it keeps it", async () => {
    const endpoint = new SimulatedEndpoint();
    await endpoint.run(to("v1"), well);
    const more = to("v1", { instances: 9 });
    expect(await endpoint.run(more, { ...well, deploys: false })).to.include({ kind: "fail" });
    expect(endpoint.traffic).to.deep.equal({ v1: 100 });
    const watched = to("v2", { steps: [{ weight: 100, bakeSeconds: 300 }], judgement: prompt });
    expect(await endpoint.run(watched, { ...well, verdicts: ["failed"] })).to.include({ kind: "fail" });
    expect(endpoint.traffic).to.deep.equal({ v2: 100 });
    await endpoint.run(to("v1", { promote: "v1" }), well);
    expect(endpoint.traffic).to.deep.equal({ v1: 100 });
  });

  it("of a kept one that is gone back to come before its traffic", async () => {
    const endpoint = new SimulatedEndpoint();
    await endpoint.run(to("v1"), well);
    await endpoint.run(to("v2", { promote: "v2", keepGenerations: 1, instances: 6 }), well);
    expect(instances(endpoint, "v1")).to.equal(2);
    endpoint.events.length = 0;
    expect(await endpoint.run(to("v1", { keepGenerations: 1 }), well)).to.include({ phase: "Serving" });
    expect(endpoint.events.map(({ kind }) => kind)).to.deep.equal([
      "begun",
      "deployed",
      "promoted",
      "deployed",
      "ended",
    ]);
    expect(instances(endpoint, "v1")).to.equal(2);
  });
});
