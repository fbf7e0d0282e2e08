import fc from "fast-check";
import { normalAutoscale } from "../../providers/autoscale/spec";
import type {
  Evidence,
  Journal,
  Moving,
  Observed,
  ObservedDeployment,
  ObservedSetting,
  RolloutSpec,
  Traffic,
} from "../../providers/rollout/types";
import { autoscale, spec } from "./rollout-specs";

/** An endpoint in any state that Azure lets it be in, with whatever a journal may say of it, and whatever is wanted of it now. */
export interface State {
  readonly spec: RolloutSpec;
  readonly observed: Observed;
  readonly now: number;
}

const NOW = 1_000_000_000;
const OWN = ["v1", "v2", "v3", "v4"] as const;
const FOREIGN = ["blue", "green"] as const;
const NAMES = [...OWN, ...FOREIGN] as const;

const name = fc.constantFrom(...NAMES);
const own = fc.constantFrom(...OWN);
const time = fc.integer({ min: NOW - 1_000_000, max: NOW + 1_000_000 });
const flag = fc.constantFrom(true, undefined);

const deployment = (ours: boolean): fc.Arbitrary<ObservedDeployment> =>
  fc.record({
    state: fc.constantFrom("ready", "ready", "ready", "changing", "failed"),
    ours: fc.constant(ours),
    outdated: fc.constantFrom(false, false, true),
    instances: fc.integer({ min: 1, max: 50 }),
  });
/** As many as Azure lets an endpoint have. */
const MOST = 20;

/** Some of the names, and sometimes so many others that the endpoint is full. */
const deployments: fc.Arbitrary<Observed["deployments"]> = fc
  .tuple(
    fc.uniqueArray(name, { maxLength: NAMES.length }),
    fc.record({ count: fc.constantFrom(0, 0, MOST), ours: fc.boolean() }),
    fc.tuple(...NAMES.map((each) => deployment((OWN as readonly string[]).includes(each)))),
    // A generation whose name somebody else has taken.
    fc.constantFrom(undefined, undefined, undefined, ...OWN),
  )
  .map(([there, others, all, taken]) =>
    Object.fromEntries(
      [
        ...there.map((each) => {
          const one = all[NAMES.indexOf(each)] ?? { state: "ready", ours: false };
          return [each, each === taken ? { ...one, ours: false } : one] as const;
        }),
        ...Array.from(
          { length: others.count },
          (_, index) => [`other-${index}`, { state: "ready", ours: others.ours } as const] as const,
        ),
      ].slice(0, MOST),
    ),
  );

/** A map over some of the names, 0 or 100 in total. */
function mapOver(names: readonly string[]): fc.Arbitrary<Traffic> {
  if (names.length === 0) return fc.constant({});
  const cuts = fc.uniqueArray(fc.integer({ min: 1, max: 99 }), { maxLength: Math.min(3, names.length - 1) });
  const shares = fc.tuple(fc.shuffledSubarray([...names], { minLength: names.length }), cuts);
  const whole = shares.map(([order, at]) => {
    const bounds = [0, ...[...at].sort((a, b) => a - b), 100];
    return Object.fromEntries(
      bounds.slice(1).map((bound, index) => [order[index] ?? "", bound - (bounds[index] ?? 0)]),
    );
  });
  return fc.oneof({ weight: 1, arbitrary: fc.constant({}) }, { weight: 6, arbitrary: whole });
}

const moving: fc.Arbitrary<Moving> = fc.record(
  {
    generation: own,
    step: fc.integer({ min: -1, max: 5 }),
    since: time,
    saved: fc.uniqueArray(name, { minLength: 1, maxLength: 4 }).chain(mapOver),
    failures: fc.nat(2),
    errors: fc.nat(4),
    inconclusive: fc.nat(2),
    straight: fc.constant(true),
    retry: fc.constantFrom("once", "twice"),
    paused: fc.constant("it waits"),
  },
  { requiredKeys: ["generation", "step", "since", "saved", "failures", "errors", "inconclusive"] },
);
const journal: fc.Arbitrary<Journal> = fc
  .record(
    {
      serving: own,
      moving,
      refused: fc.uniqueArray(fc.record({ generation: own, reason: fc.constant("it failed") }), {
        maxLength: 3,
        selector: ({ generation }) => generation,
      }),
      old: fc.uniqueArray(fc.record({ generation: own, until: time, proven: fc.boolean() }), {
        maxLength: 4,
        selector: ({ generation }) => generation,
      }),
    },
    { requiredKeys: ["refused", "old"] },
  )
  // What is on its way, or serves, is nothing else.
  .filter(({ serving, moving }) => moving === undefined || moving.generation !== serving)
  .map(({ old, ...rest }) => ({
    ...rest,
    old: old.filter(
      ({ generation }) => generation !== rest.serving && generation !== rest.moving?.generation,
    ),
  }));
const evidence: fc.Arbitrary<Evidence> = fc.record(
  {
    deployFailure: fc.constant("it crashed"),
    smoke: fc.constantFrom({ passed: true }, { passed: false, reason: "wrong answer" }),
    measurement: fc.record(
      {
        at: time,
        verdict: fc.constantFrom("passed", "failed", "inconclusive", "error"),
        reason: fc.constant("a figure"),
        missing: fc.nat(50),
        noted: flag,
      },
      { requiredKeys: ["at", "verdict", "reason"] },
    ),
    replayed: time,
  },
  { requiredKeys: [] },
);

/** One for each deployment at most. */
const settings: fc.Arbitrary<readonly ObservedSetting[]> = fc.uniqueArray(
  fc.record(
    {
      id: fc.constant("/an/autoscale/setting"),
      deployment: name,
      ours: fc.boolean(),
      enabled: fc.boolean(),
      autoscale: autoscale.map(normalAutoscale),
    },
    { requiredKeys: ["id", "deployment", "ours", "enabled"] },
  ),
  { maxLength: 3, selector: ({ deployment }) => deployment },
);

export const state: fc.Arbitrary<State> = deployments.chain((there) => {
  const names = Object.keys(there);
  // What serves may be changing, or have failed at that.
  return mapOver(names).chain((traffic) => {
    const idle = names.filter((each) => !(each in traffic) && there[each]?.state === "ready");
    const mirror =
      idle.length === 0
        ? fc.constant({})
        : fc.oneof(
            fc.constant({}),
            fc
              .tuple(fc.constantFrom(...idle), fc.integer({ min: 1, max: 50 }))
              .map(([to, percent]) => ({ [to]: percent })),
          );
    const state = fc.record({
      spec,
      now: fc.constant(NOW),
      observed: fc.record(
        {
          began: time,
          traffic: fc.constant(traffic),
          mirror,
          deployments: fc.constant(there),
          settings,
          journal,
          evidence,
        },
        { requiredKeys: ["began", "traffic", "mirror", "deployments", "evidence"] },
      ),
    });
    return fc.tuple(state, fc.boolean()).map(([one, isPromising]) => (isPromising ? promising(one) : one));
  });
});

/** The same, with what the journal is about wanted, and nothing yet that says no to it: else most states go back at once. */
function promising(one: State): State {
  const { deployments: there, journal: written, evidence: found } = one.observed;
  const { moving: now, serving = "" } = written ?? {};
  const generation = now?.generation ?? serving;
  const live = there[generation];
  if (live === undefined) return one;
  const { measurement } = found;
  return {
    ...one,
    spec: { ...one.spec, generation, abort: "another", judgesRun: false },
    observed: {
      ...one.observed,
      deployments: { ...there, [generation]: { ...live, ours: true, state: "ready", outdated: false } },
      evidence: {
        smoke: { passed: true },
        aliased: { generation: serving },
        ...(measurement === undefined ? {} : { measurement }),
      },
    },
  };
}
