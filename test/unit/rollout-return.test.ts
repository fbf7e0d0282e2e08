import { expect } from "chai";
import fc from "fast-check";
import { phaseOf } from "../../providers/rollout/phase";
import { planReturn } from "../../providers/rollout/return";
import type { Ending } from "../../providers/rollout/run";
import type { RolloutSpec } from "../../providers/rollout/types";
import { SimulatedEndpoint, sum, type World } from "../helpers/simulated-endpoint";

const well: World = { deploys: true, smokes: true, verdicts: ["passed"] };
const to = (generation: string, changed: Partial<RolloutSpec> = {}): RolloutSpec => ({
  generation,
  instances: 1,
  steps: [
    { weight: 20, bakeSeconds: 0, pause: true },
    { weight: 100, bakeSeconds: 0 },
  ],
  smoked: false,
  retireAfterSeconds: 60,
  keepGenerations: 2,
  maxHoldSeconds: 3600,
  foreignTraffic: "keep",
  onDrift: "putBack",
  promote: generation,
  ...changed,
});
const leave = async (endpoint: SimulatedEndpoint, left: string, kill?: number): Promise<Ending | undefined> =>
  await endpoint.follow(
    (observed, now) => planReturn(to(left), left, "it was rolled back", observed, now),
    well,
    kill,
  );
const served = async (...generations: string[]): Promise<SimulatedEndpoint> => {
  const endpoint = new SimulatedEndpoint();
  for (const one of generations) await endpoint.run(to(one), well);
  endpoint.maps.length = 0;
  return endpoint;
};

describe("an instant rollback", () => {
  it("moves all of the traffic in one write to the generation that served before, and keeps what it left", async () => {
    const endpoint = await served("v1", "v2", "v3");
    expect(await leave(endpoint, "v3")).to.include({ kind: "end", phase: "RolledBack" });
    expect(endpoint.maps).to.deep.equal([{ v2: 100 }]);
    expect([...endpoint.deployments.keys()]).to.have.members(["v1", "v2", "v3"]);
    expect(phaseOf(endpoint.journal, "v3")).to.equal("RolledBack");
    expect(phaseOf(endpoint.journal, "v2")).to.equal("Serving");
  });

  it("goes back further the second time, never to what was left", async () => {
    const endpoint = await served("v1", "v2", "v3");
    await leave(endpoint, "v3");
    await leave(endpoint, "v2");
    expect(endpoint.traffic).to.deep.equal({ v1: 100 });
    expect(await leave(endpoint, "v1")).to.include({ kind: "fail" });
    expect(endpoint.traffic).to.deep.equal({ v1: 100 });
  });

  it("says so where nothing is kept, and changes nothing", async () => {
    const endpoint = await served("v1");
    expect(await leave(endpoint, "v1")).to.deep.equal({
      kind: "fail",
      reason: "there is no former generation of v1 to go back to: none is kept, or none is up",
    });
    expect(endpoint.maps).to.deep.equal([]);
  });

  it("refuses what was left until there is a new retry token, and then takes its steps again", async () => {
    const endpoint = await served("v1", "v2");
    await leave(endpoint, "v2");
    expect(await endpoint.run(to("v2"), well)).to.deep.equal({
      kind: "fail",
      reason: "v2 was refused before: it was rolled back",
    });
    expect(endpoint.traffic).to.deep.equal({ v1: 100 });
    endpoint.maps.length = 0;
    expect(await endpoint.run(to("v2", { retry: "fixed" }), well)).to.include({ phase: "Serving" });
    expect(endpoint.maps).to.deep.include({ v1: 80, v2: 20 });
  });

  it("the program's revert to what serves again changes no traffic, and deletes what was left when its time has come", async () => {
    const endpoint = await served("v1", "v2");
    await leave(endpoint, "v2");
    endpoint.maps.length = 0;
    expect(await endpoint.run(to("v1"), well)).to.include({ phase: "Serving" });
    for (const map of endpoint.maps) expect(map).to.deep.equal({ v1: 100 });
    expect([...endpoint.deployments.keys()]).to.deep.equal(["v1"]);
  });

  it("puts the saved map back where a generation is still on its way", async () => {
    const endpoint = await served("v1");
    await endpoint.run(to("v2", { promote: "nobody" }), well);
    expect(endpoint.traffic).to.deep.equal({ v1: 80, v2: 20 });
    expect(await leave(endpoint, "v2")).to.include({ phase: "RolledBack" });
    expect(endpoint.traffic).to.deep.equal({ v1: 100 });
    expect(phaseOf(endpoint.journal, "v2")).to.equal("RolledBack");
  });

  it("gives traffic only to what is up, leaves others their share, and is the same after a kill", async () => {
    const generation = fc.constantFrom("v1", "v2", "v3", "v4");
    const runs = fc.array(fc.record({ generation, paused: fc.boolean(), kill: fc.nat(60) }), {
      minLength: 1,
      maxLength: 6,
    });
    await fc.assert(
      fc.asyncProperty(runs, fc.integer({ min: 0, max: 99 }), fc.nat(3), async (all, percent, kill) => {
        const endpoint = await served("v0");
        if (percent > 0) {
          endpoint.addForeign("blue");
          endpoint.traffic = { v0: 100 - percent, blue: percent };
        }
        for (const one of all)
          await endpoint.run(to(one.generation, one.paused ? { promote: "nobody" } : {}), well, one.kill);
        const { journal } = endpoint;
        const left = journal?.moving?.generation ?? journal?.serving ?? "";
        endpoint.maps.length = 0;
        // The simulated endpoint refuses what is not up, and totals other than 0 and 100.
        await leave(endpoint, left, kill);
        const ending = await leave(endpoint, left);
        for (const map of endpoint.maps) {
          expect(sum(map)).to.equal(100);
          expect(map["blue"] ?? 0).to.equal(percent);
        }
        expect(endpoint.maps.length).to.be.lessThan(2);
        if (ending?.kind === "end") expect(endpoint.traffic).to.not.have.property(left);
      }),
    );
  });
});
