import { expect } from "chai";
import fc from "fast-check";
import {
  killsOf,
  LONGEST,
  PHASES,
  phaseOf,
  VICTIMS,
  type Phase,
  type Victim,
} from "../../bench/support/kill-plan";
import { plan } from "../../providers/rollout/plan";
import { run, type Ending } from "../../providers/rollout/run";
import type { RolloutSpec, Traffic } from "../../providers/rollout/types";
import { CUTS, cutOff, type Cut } from "../helpers/cut-off";
import { to as specTo, well } from "../helpers/rollout-specs";
import { Killed, SimulatedEndpoint, sum, type World } from "../helpers/simulated-endpoint";

const SEED = 6;
const KILLS = 200;
const to = (generation: string): RolloutSpec => specTo(generation, { maxHoldSeconds: 36_000 });
const phaseNow = ({ journal }: SimulatedEndpoint): Phase | undefined => phaseOf(journal, 2);

/** What dies with each: the one that asks, the one that waits for the effect, the one that would answer. */
const cutOf: Readonly<Record<Victim, Cut>> = { pulumi: "before", provider: "middle", "local Azure": "after" };

/** Runs on the same endpoint, one after another. */
class Runs {
  private readonly pending: (() => Promise<void>)[] = [];

  constructor(readonly endpoint: SimulatedEndpoint) {}

  /** @returns undefined when it was killed */
  async one(spec: RolloutSpec, world: World, next: () => Cut | undefined): Promise<Ending | undefined> {
    const service = cutOff(this.endpoint, this.endpoint.service(world), this.pending, next);
    try {
      return await run(
        service,
        (observed, now) => plan(spec, observed, now),
        () => undefined,
      );
    } catch (error) {
      if (error instanceof Killed) return undefined;
      throw error;
    }
  }
}

/** How many actions each phase of a rollout has that nobody kills. */
async function actionsOfPhases(): Promise<Map<Phase, number>> {
  const runs = new Runs(new SimulatedEndpoint());
  await runs.one(to("v0"), well, () => undefined);
  const counts = new Map<Phase, number>();
  await runs.one(to("v1"), well, () => {
    const phase = phaseNow(runs.endpoint);
    if (phase !== undefined) counts.set(phase, (counts.get(phase) ?? 0) + 1);
    return undefined;
  });
  return counts;
}

describe("a rollout that is killed", () => {
  it(`in each phase with each victim, ${KILLS} times: converges, without an orphan, and all requests are served throughout`, async () => {
    const actions = await actionsOfPhases();
    const histogram = new Map<string, number>();
    const runs = new Runs(new SimulatedEndpoint());
    const { endpoint } = runs;
    await runs.one(to("v0"), well, () => undefined);
    for (let round = 0; round < KILLS / PHASES.length; round += 1) {
      const [before, wanted] = [`v${round}`, `v${round + 1}`];
      endpoint.maps.length = 0;
      for (const { phase, victim, after } of killsOf(SEED, round)) {
        let left = Math.floor((after / LONGEST) * (actions.get(phase) ?? 0));
        const ending = await runs.one(to(wanted), well, () =>
          phaseNow(endpoint) === phase && left-- === 0 ? cutOf[victim] : undefined,
        );
        expect(ending, `${wanted} was to be killed with ${victim} while ${phase}`).to.equal(undefined);
        const cell = `${phase} × ${victim}`;
        histogram.set(cell, (histogram.get(cell) ?? 0) + 1);
      }
      expect(await runs.one(to(wanted), well, () => undefined)).to.include({ phase: "Serving" });
      expect(endpoint.traffic).to.deep.equal({ [wanted]: 100 });
      expect(endpoint.mirror).to.deep.equal({});
      expect([...endpoint.deployments.keys()], "no orphan").to.deep.equal([wanted]);
      for (const map of endpoint.maps) {
        expect(sum(map)).to.equal(100);
        expect([before, wanted]).to.include.members(Object.keys(map));
      }
    }
    const cells = PHASES.flatMap((phase) => VICTIMS.map((victim) => `${phase} × ${victim}`));
    expect([...histogram.keys()]).to.have.members(cells);
    expect([...histogram.values()].reduce((total, count) => total + count)).to.equal(KILLS);
    expect(Math.min(...histogram.values())).to.be.at.least(Math.floor(KILLS / cells.length) - 1);
  });

  it("and whose generation fails: the map of before comes back exactly, whatever it was and whenever it is killed", async () => {
    const kills = fc.array(fc.record({ action: fc.nat(40), cut: fc.constantFrom(...CUTS) }), {
      maxLength: 4,
    });
    const passes = fc.nat(12);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 100 }), kills, passes, async (own, all, passed) => {
        const runs = new Runs(new SimulatedEndpoint());
        const { endpoint } = runs;
        await runs.one(to("v1"), well, () => undefined);
        endpoint.addForeign("blue");
        const saved: Traffic = own === 100 ? { v1: 100 } : { v1: own, blue: 100 - own };
        endpoint.traffic = saved;
        // Once it is bad, it stays bad.
        const verdicts = [
          ...Array<"passed">(passed).fill("passed"),
          ...Array<"failed">(500).fill("failed"),
        ] as const;
        const bad = { ...well, verdicts };
        for (const { action, cut } of all) {
          let left = action;
          await runs.one(to("v2"), bad, () => (left-- === 0 ? cut : undefined));
        }
        expect(await runs.one(to("v2"), bad, () => undefined)).to.include({ kind: "fail" });
        expect(endpoint.traffic).to.deep.equal(saved);
        expect(endpoint.mirror).to.deep.equal({});
        expect(endpoint.journal?.serving).to.equal("v1");
      }),
      { numRuns: 500 },
    );
  });
});
