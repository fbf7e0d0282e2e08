import { expect } from "chai";
import fc from "fast-check";
import type { BatchRolloutSpec } from "../../providers/batch-rollout/types";
import { allWell, SimulatedBatchEndpoint, type BatchWorld } from "../helpers/simulated-batch-endpoint";

const to = (generation: string, more: Partial<BatchRolloutSpec> = {}): BatchRolloutSpec => ({
  generation,
  proof: "sample",
  maxProofSeconds: 3_600,
  retireAfterSeconds: 0,
  keepGenerations: 0,
  ...more,
});
const served = async (...generations: string[]): Promise<SimulatedBatchEndpoint> => {
  const endpoint = new SimulatedBatchEndpoint();
  for (const one of generations) await endpoint.run(to(one, { keepGenerations: 2 }), allWell);
  return endpoint;
};
const wrong: BatchWorld = { ...allWell, proves: false };

const generation = fc.constantFrom("v1", "v2", "v3");
const spec: fc.Arbitrary<BatchRolloutSpec> = fc.record(
  {
    generation,
    proof: fc.constantFrom("sample", "other"),
    maxProofSeconds: fc.constantFrom(1, 60, 3_600),
    retireAfterSeconds: fc.constantFrom(0, 60, 86_400),
    keepGenerations: fc.integer({ min: 0, max: 2 }),
    retry: fc.constantFrom("once", "twice"),
  },
  { requiredKeys: ["generation", "proof", "maxProofSeconds", "retireAfterSeconds", "keepGenerations"] },
);
const world: fc.Arbitrary<BatchWorld> = fc.record({
  deploys: fc.constantFrom(true, true, true, false),
  submits: fc.constantFrom(true, true, true, false),
  looks: fc.constantFrom(0, 1, 5, Infinity),
  proves: fc.constantFrom(true, true, false),
});
const runs = fc.array(
  fc.record({ spec, world, removed: fc.constantFrom(false, false, false, true), kill: fc.nat(60) }),
  { maxLength: 6 },
);

describe("the plan of a batch rollout", () => {
  it("keeps Azure's rules and its own, whatever is asked for, whatever fails, and whenever it is killed; and ends", async () => {
    await fc.assert(
      fc.asyncProperty(runs, fc.boolean(), async (all, isForeign) => {
        const endpoint = new SimulatedBatchEndpoint();
        if (isForeign) {
          endpoint.deployments.set("blue", { state: "ready", ours: false });
          endpoint.defaultDeployment = "blue";
        }
        for (const one of all) await endpoint.run(one.removed ? undefined : one.spec, one.world, one.kill);
        expect(endpoint.deployments.has("blue")).to.equal(isForeign);
      }),
      { numRuns: 2_000 },
    );
  });

  it("after any history, what is asked for last is the default and alone when all is well with it", async () => {
    await fc.assert(
      fc.asyncProperty(runs, generation, async (all, last) => {
        const endpoint = new SimulatedBatchEndpoint();
        for (const one of all) await endpoint.run(one.removed ? undefined : one.spec, one.world, one.kill);
        endpoint.now += 100_000_000;
        expect(await endpoint.run(to(last, { retry: "now" }), allWell)).to.include({ phase: "Serving" });
        expect(endpoint.defaultDeployment).to.equal(last);
        expect([...endpoint.deployments.keys()], "no orphan").to.deep.equal([last]);
        expect(endpoint.journal).to.not.have.property("moving");
      }),
      { numRuns: 2_000 },
    );
  });

  it("a failed proof leaves the default, wherever the runs that found it are killed", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(60), { maxLength: 4 }), world, async (kills, one) => {
        const endpoint = await served("v1");
        endpoint.defaults.length = 0;
        const bad = { ...one, proves: false };
        for (const kill of kills) await endpoint.run(to("v2"), bad, kill);
        expect(await endpoint.run(to("v2"), bad)).to.include({ kind: "fail" });
        expect(new Set(endpoint.defaults)).to.deep.equal(new Set(["v1"].slice(0, endpoint.defaults.length)));
        expect(endpoint.defaultDeployment).to.equal("v1");
        expect(endpoint.journal?.serving).to.equal("v1");
      }),
    );
  });

  it("a run killed between any two actions, and run again, ends as one that was not, with one job", async () => {
    for (let kill = 0; kill < 30; kill += 1) {
      const endpoint = await served("v1");
      endpoint.jobs.clear();
      await endpoint.run(to("v2"), allWell, kill);
      expect(await endpoint.run(to("v2"), allWell), `killed at ${kill}`).to.include({ phase: "Serving" });
      expect(endpoint.defaultDeployment).to.equal("v2");
      expect(endpoint.jobs.size).to.equal(1);
      expect([...endpoint.deployments.keys()]).to.deep.equal(["v2"]);
    }
  });

  it("an unchanged one does nothing", async () => {
    const endpoint = await served("v1");
    endpoint.defaults.length = 0;
    expect(await endpoint.run(to("v1"), allWell)).to.include({ phase: "Serving" });
    expect(endpoint.defaults).to.deep.equal([]);
    expect(endpoint.jobs.size).to.equal(1);
  });

  it("a failed proof tells why, is refused again without a job, and is tried anew with another retry", async () => {
    const endpoint = await served("v1");
    expect(await endpoint.run(to("v2"), wrong)).to.deep.equal({
      kind: "fail",
      reason: "v2 is refused: 3 rows, expected 4",
    });
    expect(endpoint.deployments.has("v2"), "it stays for a look").to.equal(true);
    const jobs = endpoint.jobs.size;
    expect(await endpoint.run(to("v2"), allWell)).to.have.property(
      "reason",
      "v2 was refused before: 3 rows, expected 4",
    );
    expect(endpoint.jobs.size).to.equal(jobs);
    expect(await endpoint.run(to("v2", { retry: "again" }), allWell)).to.include({ phase: "Serving" });
    expect(endpoint.jobs.size).to.equal(jobs + 1);
  });

  it("a revert after a failed proof takes the failed generation away", async () => {
    const endpoint = await served("v1");
    await endpoint.run(to("v2"), wrong);
    expect(await endpoint.run(to("v1"), wrong)).to.include({ phase: "Serving" });
    expect([...endpoint.deployments.keys()]).to.deep.equal(["v1"]);
  });

  it("back to a kept generation takes no job, and keeps the one that it leaves", async () => {
    const endpoint = await served("v1", "v2");
    const jobs = endpoint.jobs.size;
    expect(await endpoint.run(to("v1", { keepGenerations: 1 }), wrong)).to.include({ phase: "Serving" });
    expect(endpoint.defaultDeployment).to.equal("v1");
    expect([...endpoint.deployments.keys()]).to.have.members(["v1", "v2"]);
    expect(endpoint.jobs.size).to.equal(jobs);
  });

  it("an old generation stays for its time, and goes with the first run after it", async () => {
    const endpoint = await served("v1");
    const wish = to("v2", { retireAfterSeconds: 600 });
    await endpoint.run(wish, allWell);
    expect([...endpoint.deployments.keys()]).to.have.members(["v1", "v2"]);
    endpoint.now += 600_001;
    await endpoint.run(wish, allWell);
    expect([...endpoint.deployments.keys()]).to.deep.equal(["v2"]);
  });

  it("a job that does not end in its time is cancelled, and no proof", async () => {
    const endpoint = await served("v1");
    const ending = await endpoint.run(to("v2", { maxProofSeconds: 60 }), { ...allWell, looks: Infinity });
    expect(ending).to.have.property("kind", "fail");
    expect(ending)
      .to.have.property("reason")
      .that.matches(/v2 is refused: job proof-v2-\w+ has not ended in 60 s/);
    expect([...endpoint.jobs.values()].every(({ left }) => left <= 1)).to.equal(true);
  });

  it("a default that was moved by hand is put back", async () => {
    const endpoint = await served("v1");
    endpoint.deployments.set("blue", { state: "ready", ours: false });
    endpoint.defaultDeployment = "blue";
    await endpoint.run(to("v1"), allWell);
    expect(endpoint.defaultDeployment).to.equal("v1");
    expect(endpoint.deployments.has("blue")).to.equal(true);
  });

  it("a change of what is wanted cancels the job on its way and leaves no orphan", async () => {
    const endpoint = await served("v1");
    await endpoint.run(to("v2"), { ...allWell, looks: Infinity }, 16);
    expect(endpoint.journal?.moving).to.include({ generation: "v2" });
    expect(await endpoint.run(to("v3"), allWell)).to.include({ phase: "Serving" });
    expect([...endpoint.deployments.keys()]).to.deep.equal(["v3"]);
  });

  it("removal takes everything of its own, and nothing else", async () => {
    const endpoint = await served("v1", "v2");
    endpoint.deployments.set("blue", { state: "ready", ours: false });
    expect(await endpoint.run(undefined, allWell)).to.deep.equal({ kind: "end", phase: "Gone" });
    expect([...endpoint.deployments.keys()]).to.deep.equal(["blue"]);
    expect(endpoint.defaultDeployment).to.equal(undefined);
    expect(endpoint.journal).to.equal(undefined);
  });
});
