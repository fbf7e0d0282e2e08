import { expect } from "chai";
import * as fc from "fast-check";
import { ArmError } from "../../local/arm/errors";
import { checkTraffic, type Traffic, weightOf, without } from "../../local/arm/types/machinelearning/traffic";

const names = ["blue", "green", "red"] as const;
const shares = fc.dictionary(fc.constantFrom(...names), fc.integer({ min: -5, max: 120 }), { maxKeys: 3 });

function taken(traffic: Traffic, mirror: Traffic, deployments: readonly string[] = names): boolean {
  try {
    checkTraffic(traffic, mirror, deployments);
    return true;
  } catch (error) {
    expect(error).to.be.instanceOf(ArmError);
    return false;
  }
}

const sum = (traffic: Traffic): number => Object.values(traffic).reduce((total, each) => total + each, 0);

describe("the traffic of an online endpoint", () => {
  it("is taken when, and only when, it sums to 0 or 100 in whole shares of deployments that are there", () => {
    fc.assert(
      fc.property(shares, (traffic) => {
        const fits = Object.values(traffic).every((share) => share >= 0 && share <= 100);
        expect(taken(traffic, {})).to.equal(fits && [0, 100].includes(sum(traffic)));
      }),
    );
  });

  it("goes to no deployment that is not there", () => {
    fc.assert(
      fc.property(fc.constantFrom(...names), (gone) => {
        const left = names.filter((name) => name !== gone);
        expect(taken({ [gone]: 100 }, {}, left)).to.equal(false);
        expect(taken({}, { [gone]: 10 }, left)).to.equal(false);
      }),
    );
  });

  it("is mirrored to one deployment at most, at 50 % at most, and to none that has live traffic", () => {
    fc.assert(
      fc.property(shares, fc.constantFrom(...names), (mirror, live) => {
        const targets = Object.keys(mirror).filter((name) => (mirror[name] ?? 0) > 0);
        const fits =
          Object.values(mirror).every((share) => share >= 0 && share <= 100) &&
          targets.length <= 1 &&
          sum(mirror) <= 50 &&
          !targets.includes(live);
        expect(taken({ [live]: 100 }, mirror)).to.equal(fits);
      }),
    );
  });

  it("takes no part of a percent", () => {
    expect(taken({ blue: 33.5, green: 66.5 }, {})).to.equal(false);
    expect(taken({ blue: Number.NaN }, {})).to.equal(false);
  });

  it("finds a deployment by its name in any case, and forgets it alone", () => {
    expect(weightOf({ Blue: 90, green: 10 }, "blue")).to.equal(90);
    expect(without({ Blue: 0, green: 100 }, "blue")).to.deep.equal({ green: 100 });
  });
});
