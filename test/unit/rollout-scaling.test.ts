import { expect } from "chai";
import fc from "fast-check";
import type { AutoscaleSpec } from "../../providers/autoscale/body";
import { normalAutoscale } from "../../providers/autoscale/spec";
import { present } from "../../providers/inputs";
import { planReturn } from "../../providers/rollout/return";
import { plan } from "../../providers/rollout/plan";
import { seenAutoscale } from "../../providers/rollout/scaling";
import type { Journal, Observed, ObservedSetting, RolloutSpec } from "../../providers/rollout/types";
import { prompt, to as common, well } from "../helpers/rollout-specs";
import { SimulatedEndpoint, type World } from "../helpers/simulated-endpoint";

const autoscale: AutoscaleSpec = {
  instances: { least: 2, most: 8 },
  rules: [
    { metric: "CpuUtilizationPercentage", above: 70, change: 1 },
    { metric: "CpuUtilizationPercentage", below: 30, change: -1 },
  ],
};
const to = (generation: string, changed: Partial<RolloutSpec> = {}): RolloutSpec =>
  common(generation, {
    instances: 2,
    autoscale,
    steps: [
      { weight: 10, bakeSeconds: 300 },
      { weight: 100, bakeSeconds: 300 },
    ],
    smoked: false,
    judgement: prompt,
    keepGenerations: 1,
    maxHoldSeconds: 36_000,
    ...changed,
  });
const machines = (endpoint: SimulatedEndpoint, name: string): number | undefined =>
  endpoint.deployments.get(name)?.instances;
const settings = (endpoint: SimulatedEndpoint): Record<string, AutoscaleSpec> =>
  Object.fromEntries([...endpoint.settings].map(([name, one]) => [name, normalAutoscale(one)]));
const declared = normalAutoscale(autoscale);

describe("the autoscale of a rollout", () => {
  it("is of the generation that serves: attached when it is proven, taken from the one before", async () => {
    const endpoint = new SimulatedEndpoint();
    await endpoint.run(to("v1"), well);
    expect(settings(endpoint)).to.deep.equal({ v1: declared });
    const out: World = { ...well, scales: [1] };
    await endpoint.run(to("v2"), out);
    expect(settings(endpoint)).to.deep.equal({ v2: declared });
    expect(machines(endpoint, "v2")).to.be.within(3, 8);
  });

  it("takes no machines from what serves while another is on its way, so that a rollback finds them; and then may again", async () => {
    const endpoint = new SimulatedEndpoint();
    await endpoint.run(to("v1"), well);
    endpoint.deployments.set("v1", { state: "ready", ours: true, instances: 6, outdated: false });
    const quiet: World = { ...well, scales: [-1] };
    const watched: World = { ...quiet, verdicts: [...Array<"passed">(8).fill("passed"), "failed"] };
    expect(await endpoint.run(to("v2"), watched)).to.include({ kind: "fail" });
    expect(endpoint.maps.some((map) => map["v2"] === 100)).to.equal(true);
    expect(endpoint.traffic).to.deep.equal({ v1: 100 });
    expect([machines(endpoint, "v1"), machines(endpoint, "v2")]).to.deep.equal([6, 6]);
    expect(settings(endpoint)).to.deep.equal({ v1: declared });
  });

  it("goes along with an instant rollback", async () => {
    const endpoint = new SimulatedEndpoint();
    await endpoint.run(to("v1"), well);
    await endpoint.run(to("v2"), well);
    await endpoint.follow((observed, now) => planReturn(to("v2"), "v2", "bad", observed, now), well);
    expect(endpoint.traffic).to.deep.equal({ v1: 100 });
    expect(settings(endpoint)).to.deep.equal({ v1: declared });
  });

  it("changes in place, and goes when it is declared no more; the declared machines are then there again", async () => {
    const endpoint = new SimulatedEndpoint();
    await endpoint.run(to("v1"), well);
    endpoint.deployments.set("v1", { state: "ready", ours: true, instances: 5, outdated: false });
    const more = { ...autoscale, instances: { least: 3, most: 9 } };
    endpoint.events.length = 0;
    await endpoint.run(to("v1", { autoscale: more }), well);
    expect(settings(endpoint)).to.deep.equal({ v1: normalAutoscale(more) });
    expect(endpoint.events.map(({ kind }) => kind)).to.deep.equal(["changed", "ended"]);
    await endpoint.run(present(to("v1", { autoscale: undefined })), well);
    expect(settings(endpoint)).to.deep.equal({});
    expect(machines(endpoint, "v1")).to.equal(2);
  });

  it("is where it belongs after any kill and one run more, and nowhere after a removal", async () => {
    const generation = fc.constantFrom("v1", "v2", "v3");
    const runs = fc.array(
      fc.record({
        generation,
        fails: fc.boolean(),
        scales: fc.array(fc.integer({ min: -2, max: 2 })),
        kill: fc.nat(80),
      }),
      { maxLength: 5 },
    );
    await fc.assert(
      fc.asyncProperty(runs, generation, fc.nat(6), async (all, last, kill) => {
        const endpoint = new SimulatedEndpoint();
        for (const { generation: one, fails, scales, kill: at } of all)
          await endpoint.run(to(one), { ...well, scales, verdicts: [fails ? "failed" : "passed"] }, at);
        expect(await endpoint.run(to(last, { retry: "now" }), well)).to.include({ phase: "Serving" });
        expect(settings(endpoint)).to.deep.equal({ [last]: declared });
        await endpoint.run(undefined, well, kill);
        await endpoint.run(undefined, well);
        expect([endpoint.settings.size, endpoint.deployments.size]).to.deep.equal([0, 0]);
      }),
      { numRuns: 300 },
    );
  });

  it("that somebody else made is left alone, and said; as is what Azure refuses", () => {
    const foreign: ObservedSetting = { id: "/their/setting", deployment: "v1", ours: false, enabled: true };
    const journal: Journal = { serving: "v1", refused: [], old: [] };
    const observed: Observed = {
      traffic: { v1: 100 },
      mirror: {},
      deployments: { v1: { state: "ready", ours: true, instances: 4, outdated: false } },
      journal,
      began: 0,
      evidence: {},
    };
    const next = (change: Partial<Observed>): unknown => plan(to("v1"), { ...observed, ...change }, 0);
    expect(next({ settings: [foreign] }))
      .to.have.property("reason")
      .that.contains("/their/setting");
    expect(next({})).to.have.property("kind", "fail");
    expect(next({ settings: [], evidence: { scaling: { done: [], problem: "no" } } })).to.include({
      kind: "fail",
      reason: "no",
    });
    const attached = next({ settings: [] });
    expect(attached).to.deep.equal({ kind: "attach", deployment: "v1", autoscale: declared });
  });

  it("is written once a run, however Azure shows it", () => {
    const own: ObservedSetting = { id: "s", deployment: "v1", ours: true, enabled: true };
    const journal: Journal = { serving: "v1", refused: [], old: [] };
    const done = [{ kind: "attach", deployment: "v1", autoscale: declared }] as const;
    const deployments = { v1: { state: "ready", ours: true, instances: 4, outdated: false } } as const;
    const observed: Observed = {
      traffic: { v1: 100 },
      mirror: {},
      deployments,
      settings: [own],
      journal,
      began: 0,
      evidence: { scaling: { done } },
    };
    expect(plan(to("v1"), observed, 0)).to.deep.equal({ kind: "end", phase: "Serving" });
  });

  it("that was changed or deleted by hand is what a refresh shows", () => {
    const journal: Journal = { serving: "v1", refused: [], old: [] };
    const own: ObservedSetting = {
      id: "s",
      deployment: "v1",
      ours: true,
      enabled: true,
      autoscale: declared,
    };
    const other = { ...declared, instances: { least: 1, most: 1, default: 1 } };
    expect(seenAutoscale(to("v1"), journal, [own])).to.equal(autoscale);
    expect(seenAutoscale(to("v1"), journal, [{ ...own, autoscale: other }])).to.deep.equal(other);
    expect(seenAutoscale(to("v1"), journal, [])).to.equal(undefined);
    expect(seenAutoscale(to("v1"), journal, undefined)).to.equal(autoscale);
  });
});
