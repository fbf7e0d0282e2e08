import { expect } from "chai";
import fc from "fast-check";
import { autoscaleBody, SCALE_METRICS, type AutoscaleSpec } from "../../providers/autoscale/body";
import { autoscaleOf, heldAt, mostInstances, normalAutoscale } from "../../providers/autoscale/spec";
import { ENDPOINT_ID } from "../helpers/pulumi-mocks";

const DEPLOYMENT = `${ENDPOINT_ID}/deployments/v1`;
const range = fc
  .tuple(fc.integer({ min: 1, max: 50 }), fc.nat(49), fc.nat(49), fc.boolean())
  .map(([least, more, usual, given]) => {
    const most = Math.min(50, least + more);
    return { least, most, ...(given ? { default: Math.min(most, least + usual) } : {}) };
  });
const minutes = fc.option(fc.integer({ min: 5, max: 720 }), { nil: undefined });
const rule = fc
  .record({
    metric: fc.constantFrom(...SCALE_METRICS),
    out: fc.boolean(),
    threshold: fc.double({ min: 0, max: 1000, noNaN: true }),
    by: fc.integer({ min: 1, max: 49 }),
    window: minutes,
    cooldown: minutes,
  })
  .map(({ metric, out, threshold, by, window, cooldown }) => ({
    metric,
    ...(out ? { above: threshold, change: by } : { below: threshold, change: -by }),
    ...(window === undefined ? {} : { windowMinutes: window }),
    ...(cooldown === undefined ? {} : { cooldownMinutes: cooldown }),
  }));
const rules = fc.array(rule, { maxLength: 4 });
const time = fc
  .tuple(fc.nat(23), fc.nat(59))
  .map((parts) => parts.map((part) => String(part).padStart(2, "0")).join(":"));
const schedule = fc.record(
  {
    days: fc.uniqueArray(fc.constantFrom("Monday", "Friday", "Sunday"), { minLength: 1 }),
    from: time,
    until: time,
    timeZone: fc.constantFrom("UTC", "W. Europe Standard Time"),
    instances: range,
    rules,
  },
  { requiredKeys: ["days", "instances"] },
);
const spec: fc.Arbitrary<AutoscaleSpec> = fc.record(
  {
    instances: range,
    rules,
    schedules: fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), schedule, {
      maxKeys: 3,
      noNullPrototype: true,
    }),
  },
  { requiredKeys: ["instances", "rules"] },
);
const read = (properties: object): AutoscaleSpec | undefined =>
  autoscaleOf(DEPLOYMENT, properties as Parameters<typeof autoscaleOf>[1]);
const written = (given: AutoscaleSpec) =>
  autoscaleBody({ deploymentId: DEPLOYMENT, location: "westeurope" }, given).properties;

describe("an autoscale setting", () => {
  it("is read back as what it was made of, with every default written out", () => {
    fc.assert(
      fc.property(spec, (given) => {
        expect(read(written(given))).to.deep.equal(normalAutoscale(given));
      }),
    );
  });

  it("is the same where Azure writes an hour, a day, or an id in its own way", () => {
    const given: AutoscaleSpec = {
      instances: { least: 1, most: 4 },
      rules: [
        {
          metric: "CpuUtilizationPercentage",
          above: 70,
          change: 1,
          windowMinutes: 90,
          cooldownMinutes: 1500,
        },
      ],
    };
    const text = JSON.stringify(written(given))
      .replace("PT90M", "PT1H30M")
      .replace("PT1500M", "P1DT1H")
      .replace(DEPLOYMENT, DEPLOYMENT.toUpperCase());
    expect(read(JSON.parse(text) as object)).to.deep.equal(normalAutoscale(given));
  });

  it("that says something else than this package ever does is nothing that it knows", () => {
    const { profiles } = written({ instances: { least: 1, most: 4 }, rules: [] });
    const [usual] = profiles;
    expect(read({ profiles: [] })).to.equal(undefined);
    expect(read({ profiles: [{ ...usual, name: "mine" }] })).to.equal(undefined);
    const rule = written({
      instances: { least: 1, most: 4 },
      rules: [{ metric: "CpuUtilizationPercentage", above: 70, change: 1 }],
    }).profiles[0]?.rules[0];
    const operator = { ...rule?.metricTrigger, operator: "Equals" };
    const percent = { ...rule?.scaleAction, type: "PercentChangeCount" };
    for (const change of [{ metricTrigger: operator }, { scaleAction: percent }])
      expect(read({ profiles: [{ ...usual, rules: [{ ...rule, ...change }] }] })).to.equal(undefined);
  });

  it("that is held has at least so many machines at any time, and never more than its ranges say", () => {
    fc.assert(
      fc.property(spec, fc.integer({ min: 1, max: 50 }), (given, count) => {
        const held = heldAt(given, count);
        const ranges = (one: AutoscaleSpec) => [
          one.instances,
          ...Object.values(one.schedules ?? {}).map(({ instances }) => instances),
        ];
        ranges(held).forEach(({ least, most, default: usual = least }, index) => {
          const before = ranges(given)[index];
          expect(most).to.equal(before?.most);
          expect(least).to.equal(Math.max(before?.least ?? 0, Math.min(most, count)));
          expect(usual).to.be.within(least, most);
        });
        expect(mostInstances(held)).to.equal(mostInstances(given));
      }),
    );
  });
});
