import { expect } from "chai";
import fc from "fast-check";
import type { RunFigures } from "../../providers/lineage/figures";
import { attemptsIn } from "../../providers/rollout/attempts";
import { judgeRunMetrics } from "../../providers/rollout/run-metrics";
import type { Measurement, RolloutSpec } from "../../providers/rollout/types";
import { to as specTo, well } from "../helpers/rollout-specs";
import { SimulatedEndpoint, type World } from "../helpers/simulated-endpoint";

const run = (metrics: Record<string, number>, id = "r2"): RunFigures => ({ run: id, metrics });
const verdict = (...args: Parameters<typeof judgeRunMetrics>): Measurement["verdict"] =>
  judgeRunMetrics(...args).verdict;

describe("a metric of the model's run", () => {
  it("passes at its limits and fails beyond them, with figure and limits", () => {
    const between = [{ metric: "f1", min: 0.9, max: 0.99 }];
    for (const f1 of [0.9, 0.99]) expect(verdict(between, run({ f1 }), undefined)).to.equal("passed");
    expect(judgeRunMetrics(between, run({ f1: 0.89 }), undefined)).to.deep.equal({
      verdict: "failed",
      reason: "f1 of its run 0.89, at least 0.9 and at most 0.99",
    });
    expect(verdict(between, run({ f1: 0.991 }), undefined)).to.equal("failed");
  });

  it("may be below the serving version's by its tolerance and no more, or above it", () => {
    const higher = [{ metric: "accuracy", maxDrop: 0.01 }];
    const serving = run({ accuracy: 0.96, loss: 0.3 }, "r1");
    expect(verdict(higher, run({ accuracy: 0.95 }), serving)).to.equal("passed");
    expect(judgeRunMetrics(higher, run({ accuracy: 0.949 }), serving)).to.deep.equal({
      verdict: "failed",
      reason: "accuracy of its run 0.949, at least 0.95",
    });
    const lower = [{ metric: "loss", maxRise: 0 }];
    expect(verdict(lower, run({ loss: 0.3 }), serving)).to.equal("passed");
    expect(verdict(lower, run({ loss: 0.31 }), serving)).to.equal("failed");
    expect(verdict(lower, run({ loss: 0.1 }), serving)).to.equal("passed");
  });

  it("the stricter of both limits holds, whatever the figures are", () => {
    const figure = fc.double({ min: -1e6, max: 1e6, noNaN: true });
    const least = fc.double({ min: 0, max: 10, noNaN: true });
    fc.assert(
      fc.property(figure, figure, figure, least, (now, before, min, maxDrop) => {
        const both = [{ metric: "m", min, maxDrop }];
        const said = verdict(both, run({ m: now }), run({ m: before }, "r1"));
        if (said === "passed") {
          expect(now).to.be.at.least(min - 1e-2);
          expect(now).to.be.at.least(before - maxDrop - 1e-2);
        } else expect(now < min || now < before - maxDrop).to.equal(true);
      }),
    );
  });

  it("is compared with nothing where nothing serves yet", () => {
    expect(
      verdict([{ metric: "accuracy", min: 0.5, maxDrop: 0 }], run({ accuracy: 0.6 }), undefined),
    ).to.equal("passed");
  });

  it("never passes where it, its run, or what it is compared with is not there", () => {
    const limits = [{ metric: "accuracy", min: 0, maxDrop: 1 }];
    const well = run({ accuracy: 1 });
    const nobody = { problem: "no run" };
    const unread = { problem: "MLflow answered 503", unread: true };
    expect(verdict(limits, run({ other: 1 }), well)).to.equal("inconclusive");
    expect(verdict(limits, well, run({ other: 1 }))).to.equal("inconclusive");
    expect(verdict(limits, nobody, well)).to.equal("inconclusive");
    expect(verdict(limits, well, nobody)).to.equal("inconclusive");
    expect(verdict(limits, unread, well)).to.equal("error");
    expect(verdict(limits, well, unread)).to.equal("error");
    expect(verdict(limits, run({ accuracy: -1 }), nobody)).to.equal("failed");
    expect(verdict([...limits, { metric: "f1", min: 0 }], well, well)).to.equal("inconclusive");
  });
});

const to = (generation: string, more: Partial<RolloutSpec> = {}): RolloutSpec =>
  specTo(generation, {
    steps: [{ weight: 100, bakeSeconds: 0 }],
    judgesRun: true,
    retireAfterSeconds: 0,
    keepGenerations: 1,
    ...more,
  });
const served = async (): Promise<SimulatedEndpoint> => {
  const endpoint = new SimulatedEndpoint();
  await endpoint.run(to("v1"), well);
  endpoint.events.length = 0;
  return endpoint;
};
const says = (verdict: Measurement["verdict"]): World => ({ ...well, run: verdict });

describe("a generation whose run is judged", () => {
  it("is not made when a limit is broken, and refused until there is a new retry token", async () => {
    const endpoint = await served();
    const refusal = { kind: "fail", reason: "v2 was refused before: the run failed" };
    expect(await endpoint.run(to("v2"), says("failed"))).to.deep.equal(refusal);
    expect([...endpoint.deployments.keys()]).to.deep.equal(["v1"]);
    expect(await endpoint.run(to("v2"), says("passed"))).to.deep.equal(refusal);
    expect(endpoint.events.map(({ kind, generation }) => [kind, generation])).to.deep.equal([
      ["rolledBack", "v2"],
      ["failed", undefined],
      ["failed", undefined],
    ]);
    expect(await endpoint.run(to("v2", { retry: "again" }), says("passed"))).to.include({ phase: "Serving" });
  });

  it("waits, not made, where its run can't be judged, and goes on when it can, or when it is promoted", async () => {
    for (const last of ["mended", "promoted"] as const) {
      const endpoint = await served();
      const ending = await endpoint.run(to("v2"), says("inconclusive"));
      expect(ending).to.deep.equal({ kind: "end", phase: "Paused", why: "the run inconclusive" });
      expect(await endpoint.run(to("v2"), says("inconclusive"))).to.include({ phase: "Paused" });
      expect([...endpoint.deployments.keys()]).to.deep.equal(["v1"]);
      expect(endpoint.traffic).to.deep.equal({ v1: 100 });
      const [attempt] = attemptsIn(endpoint.events.map((event) => ({ at: "", by: "", ...event })));
      expect(attempt?.events[0]).to.include({ kind: "paused", generation: "v2" });
      const next = last === "mended" ? to("v2") : to("v2", { promote: "v2" });
      const world = says(last === "mended" ? "passed" : "inconclusive");
      expect(await endpoint.run(next, world, 2)).to.equal(undefined);
      expect(await endpoint.run(to("v2"), world)).to.include({ phase: "Serving" });
    }
  });

  it("that waits can be aborted, fail when it is judged again, and give way to another", async () => {
    const endpoint = await served();
    await endpoint.run(to("v2"), says("inconclusive"));
    expect(await endpoint.run(to("v2", { abort: "v2" }), well)).to.include({ kind: "fail" });
    await endpoint.run(to("v3"), says("inconclusive"));
    expect(await endpoint.run(to("v3"), says("failed"))).to.include({ kind: "fail" });
    await endpoint.run(to("v4"), says("inconclusive"));
    expect(await endpoint.run(to("v5"), well)).to.include({ phase: "Serving" });
    expect(endpoint.journal?.refused.map(({ generation }) => generation)).to.deep.equal(["v2", "v3"]);
  });

  it("is neither made nor refused while its run can't be read", async () => {
    const endpoint = await served();
    const ending = await endpoint.run(to("v2"), says("error"));
    expect(ending).to.include({ kind: "fail", reason: "the run error" });
    expect(endpoint.journal).to.deep.include({ serving: "v1", refused: [] });
    expect([...endpoint.deployments.keys()]).to.deep.equal(["v1"]);
    expect(await endpoint.run(to("v2"), well)).to.include({ phase: "Serving" });
  });

  it("is not judged when it is gone back to", async () => {
    const endpoint = await served();
    await endpoint.run(to("v2"), well);
    expect(await endpoint.run(to("v1"), says("failed"))).to.include({ phase: "Serving" });
  });

  it("is judged by its absolute limits when it is the first", async () => {
    const endpoint = new SimulatedEndpoint();
    expect(await endpoint.run(to("v1"), says("failed"))).to.include({ kind: "fail" });
    expect(endpoint.deployments.size).to.equal(0);
  });
});
