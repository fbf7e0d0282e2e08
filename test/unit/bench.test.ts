import { expect } from "chai";
import * as fc from "fast-check";
import { killsOf, PHASES, phaseOf, VICTIMS, type Kill } from "../../bench/support/kill-plan";
import { splitOf } from "../../bench/support/traffic-watch";

describe("the benches' arithmetic", () => {
  it("draws kills that hit every phase with every victim in each three rollouts, the same by the same seed", () => {
    fc.assert(
      fc.property(fc.integer(), fc.nat(60), (seed, block) => {
        const draw = (): Kill[] => [0, 1, 2].flatMap((round) => killsOf(seed, 3 * block + round));
        const kills = draw();
        expect(draw()).to.deep.equal(kills);
        const hit = new Set(kills.map(({ phase, victim }) => `${phase} ${victim}`));
        expect(kills).to.have.length(15);
        expect(hit.size).to.equal(PHASES.length * VICTIMS.length);
      }),
    );
  });

  it("tells the phase by the journal", () => {
    const at = (step: number): string | undefined => phaseOf({ moving: { step }, old: [] }, 2);
    expect([-1, 0, 1, 2].map(at)).to.deep.equal(["deploying", "mirrored", "weighted", "watched"]);
    expect([phaseOf({ old: [{}] }, 2), phaseOf({ old: [] }, 2), phaseOf(undefined, 2)]).to.deep.equal([
      "retiring",
      undefined,
      undefined,
    ]);
  });

  it("compares a split with its weights, by the requests that were routed in that time alone", () => {
    const asked = Array.from({ length: 1_000 }, (_, index) => ({
      from: 1_000 + index,
      to: 1_010 + index,
      status: 200,
      deployment: index % 5 === 0 ? "new" : "old",
      row: 0,
      answer: "",
    }));
    const held = { traffic: { old: 80, new: 20 }, from: 1_000, to: 1_799 };
    const [old, fresh] = splitOf(held, asked);
    expect(old).to.deep.include({ deployment: "old", weight: 80, requests: 500, got: 400, sigma: 0 });
    expect(fresh?.got).to.equal(100);
    const [off] = splitOf({ ...held, traffic: { old: 95, new: 5 } }, asked);
    expect(off?.sigma).to.be.greaterThan(3);
  });
});
