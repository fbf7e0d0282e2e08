import { expect } from "chai";
import fc from "fast-check";
import { mirrorTargets, pickDeployment } from "../../local/scoring/traffic";

/** Traffic maps that sum to 100, with zeros among them. */
const trafficMaps = fc
  .array(fc.integer({ min: 0, max: 100 }), { minLength: 0, maxLength: 5 })
  .map((cuts) => [0, ...cuts, 100].sort((a, b) => a - b))
  .map((cuts) =>
    Object.fromEntries(cuts.slice(1).map((cut, index) => [`d${index}`, cut - (cuts[index] ?? 0)])),
  );

describe("a traffic map", () => {
  it("never sends a request to a deployment at 0 %", () => {
    fc.assert(
      fc.property(
        trafficMaps,
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (traffic, random) => {
          const picked = pickDeployment(traffic, random);
          expect(traffic[picked ?? ""]).to.be.greaterThan(0);
        },
      ),
    );
  });

  it("gives each deployment its share", () => {
    fc.assert(
      fc.property(trafficMaps, (traffic) => {
        const requests = 2_000;
        const counts: Record<string, number> = {};
        for (let i = 0; i < requests; i++) {
          const name = pickDeployment(traffic, (i + 0.5) / requests) ?? "";
          counts[name] = (counts[name] ?? 0) + 1;
        }
        for (const [name, percent] of Object.entries(traffic)) {
          expect(((counts[name] ?? 0) / requests) * 100).to.be.closeTo(percent, 0.1);
        }
      }),
      { numRuns: 30 },
    );
  });

  it("picks none when no deployment has a share", () => {
    expect(pickDeployment({}, 0.5)).to.equal(undefined);
    expect(pickDeployment({ blue: 0, green: 0 }, 0)).to.equal(undefined);
  });

  it("copies no more than the configured percent", () => {
    const copies = Array.from({ length: 1_000 }, (_, i) => mirrorTargets({ green: 10 }, i / 1_000)).flat();
    expect(copies).to.have.length(100);
    expect(mirrorTargets({ green: 0 }, 0)).to.deep.equal([]);
  });
});
