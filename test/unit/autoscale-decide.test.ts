import { expect } from "chai";
import fc from "fast-check";
import { profileAt, wantedInstances, type MeasuredRule } from "../../local/autoscale/decide";
import { profilesOf, type Profile, type Rule } from "../../local/autoscale/profile";
import type { JsonObject } from "../../local/json";
import { autoscaleBody, type AutoscaleSpec } from "../../providers/autoscale/body";

const DEPLOYMENT =
  "/subscriptions/s/resourceGroups/rg/providers/Microsoft.MachineLearningServices/workspaces/w/onlineEndpoints/churn/deployments/blue";
const MINUTE = 60_000;
const spec: AutoscaleSpec = {
  instances: { least: 2, most: 5, default: 3 },
  rules: [
    { metric: "CpuUtilizationPercentage", above: 70, change: 2, cooldownMinutes: 5 },
    { metric: "RequestLatency", above: 200, change: 1, cooldownMinutes: 5 },
    { metric: "CpuUtilizationPercentage", below: 30, change: -1, cooldownMinutes: 10 },
  ],
  schedules: {
    weekend: {
      days: ["Saturday", "Sunday"],
      from: "06:00",
      until: "22:00",
      instances: { least: 1, most: 1 },
    },
  },
};
const profiles = profilesOf(
  autoscaleBody({ deploymentId: DEPLOYMENT, location: "westeurope" }, spec) as unknown as JsonObject,
);
const [usual] = profiles as [Profile];
/** @param values by rule */
const measured = (...values: (number | undefined)[]): MeasuredRule[] =>
  usual.rules.map((rule, index) => ({ rule, value: values[index] }));
const scale = (current: number, scaled?: number) => ({ now: 100 * MINUTE, current, scaled });

describe("autoscale's decision", () => {
  it("adds machines by the rule that asks for most, as far as the range goes", () => {
    expect(wantedInstances(usual, measured(71, 201, 71), scale(2))).to.equal(4);
    expect(wantedInstances(usual, measured(50, 201, 50), scale(2))).to.equal(3);
    expect(wantedInstances(usual, measured(99, 100, 99), scale(4))).to.equal(5);
    expect(wantedInstances(usual, measured(70, 200, 70), scale(2))).to.equal(2);
  });

  it("takes machines away when all rules that take away agree, and none would add them again", () => {
    expect(wantedInstances(usual, measured(10, undefined, 10), scale(5))).to.equal(4);
    expect(wantedInstances(usual, measured(10, undefined, 10), scale(2))).to.equal(2);
    expect(wantedInstances(usual, measured(10, 150, 10), scale(4))).to.equal(3);
    // Two machines would have to do in 225 ms each what three do in 150.
    expect(wantedInstances(usual, measured(10, 150, 10), scale(3))).to.equal(3);
  });

  it("leaves the number as it is during a rule's cooldown", () => {
    const at = (minutes: number) => (100 - minutes) * MINUTE;
    expect(wantedInstances(usual, measured(99, 0, 99), scale(2, at(4)))).to.equal(2);
    expect(wantedInstances(usual, measured(99, 0, 99), scale(2, at(5)))).to.equal(4);
    expect(wantedInstances(usual, measured(10, 0, 10), scale(4, at(9)))).to.equal(4);
    expect(wantedInstances(usual, measured(10, 0, 10), scale(4, at(10)))).to.equal(3);
  });

  it("has the default at least while nothing can be read", () => {
    expect(wantedInstances(usual, measured(), scale(2))).to.equal(3);
    expect(wantedInstances(usual, measured(), scale(4))).to.equal(4);
  });

  it("stays in the range whatever is measured, and comes back into it at once", () => {
    const figure = fc.option(fc.double({ min: 0, max: 1000, noNaN: true }), { nil: undefined });
    fc.assert(
      fc.property(
        fc.array(figure, { minLength: 3, maxLength: 3 }),
        fc.integer({ min: 1, max: 50 }),
        (values, current) => {
          const wanted = wantedInstances(usual, measured(...values), scale(current, 99 * MINUTE));
          expect(wanted).to.be.within(2, 5);
        },
      ),
    );
  });

  it("never takes away what the same figures would add again", () => {
    const figure = fc.double({ min: 0, max: 300, noNaN: true });
    fc.assert(
      fc.property(figure, figure, fc.integer({ min: 2, max: 5 }), (cpu, latency, current) => {
        const fewer = wantedInstances(usual, measured(cpu, latency, cpu), scale(current));
        if (fewer >= current) return;
        const then = measured(...[cpu, latency, cpu].map((each) => (each * current) / fewer));
        expect(wantedInstances(usual, then, scale(fewer))).to.be.at.most(fewer);
      }),
    );
  });

  it("goes by the profile that began last in the week", () => {
    const at = (time: string) => profileAt(profiles, Date.parse(time))?.most;
    expect(at("2026-01-02T23:00:00Z"), "Friday").to.equal(5);
    expect(at("2026-01-03T05:59:00Z"), "Saturday, early").to.equal(5);
    expect(at("2026-01-03T06:00:00Z"), "Saturday").to.equal(1);
    expect(at("2026-01-03T22:00:00Z"), "Saturday, late").to.equal(5);
    expect(at("2026-01-04T12:00:00Z"), "Sunday").to.equal(1);
    expect(at("2026-01-05T12:00:00Z"), "Monday").to.equal(5);
  });

  it("reads of a setting what its body says", () => {
    const [, latency] = usual.rules as [Rule, Rule];
    expect(latency).to.deep.equal({
      resource: DEPLOYMENT.replace("/deployments/blue", ""),
      metric: "RequestLatency",
      dimensions: { deployment: "blue" },
      window: 5 * MINUTE,
      operator: "GreaterThan",
      threshold: 200,
      change: 1,
      cooldown: 5 * MINUTE,
    });
  });
});
