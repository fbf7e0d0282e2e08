import fc from "fast-check";
import type { AutoscaleSpec } from "../../providers/autoscale/body";
import type { RolloutSpec, Step } from "../../providers/rollout/types";
import type { World } from "./simulated-endpoint";

/** A world in which all goes well. */
export const well: World = { deploys: true, smokes: true, verdicts: ["passed"] };
export const judgement = {
  intervalSeconds: 60,
  failureLimit: 0,
  consecutiveErrorLimit: 4,
  inconclusiveLimit: 0,
  delaySeconds: 240,
  replays: false,
};
/** Which waits for no late figures, and bears no failure and no error. */
export const prompt = { ...judgement, consecutiveErrorLimit: 0, delaySeconds: 0 };
const canary: RolloutSpec = {
  generation: "v1",
  instances: 1,
  steps: [
    { weight: 0, mirror: 30, bakeSeconds: 300 },
    { weight: 10, bakeSeconds: 300 },
    { weight: 100, bakeSeconds: 300 },
  ],
  smoked: true,
  judgement,
  retireAfterSeconds: 60,
  keepGenerations: 0,
  maxHoldSeconds: 3600,
  foreignTraffic: "keep",
  onDrift: "putBack",
};
/** A rollout to that generation by mirroring and one weight. */
export const to = (generation: string, changed: Partial<RolloutSpec> = {}): RolloutSpec => ({
  ...canary,
  generation,
  ...changed,
});
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ weight: fc.integer({ min: 1, max: 99 }), bakeSeconds: fc.integer({ min: 0, max: 900 }) }),
  fc.record({
    weight: fc.constant(0),
    mirror: fc.integer({ min: 1, max: 100 }),
    bakeSeconds: fc.integer({ min: 0, max: 900 }),
  }),
  fc.record({
    weight: fc.integer({ min: 0, max: 99 }),
    bakeSeconds: fc.constant(0),
    pause: fc.constant(true),
  }),
);
/** One of four. */
export const generation = fc.constantFrom("v1", "v2", "v3", "v4");
/** Whose range has room for every declared number of instances. */
export const autoscale: fc.Arbitrary<AutoscaleSpec> = fc.record({
  instances: fc.record({ least: fc.integer({ min: 1, max: 3 }), most: fc.integer({ min: 9, max: 50 }) }),
  rules: fc.constant([]),
});
/** Whatever may be asked for. */
export const spec: fc.Arbitrary<RolloutSpec> = fc.record(
  {
    generation,
    instances: fc.integer({ min: 3, max: 9 }),
    steps: fc
      .array(step, { maxLength: 4 })
      .map((steps): Step[] => [...steps, { weight: 100, bakeSeconds: 60 }]),
    autoscale,
    smoked: fc.boolean(),
    judgesRun: fc.boolean(),
    alias: fc.constant("serving"),
    judgement: fc.record({
      intervalSeconds: fc.integer({ min: 1, max: 120 }),
      failureLimit: fc.integer({ min: 0, max: 2 }),
      consecutiveErrorLimit: fc.integer({ min: 0, max: 4 }),
      inconclusiveLimit: fc.integer({ min: 0, max: 2 }),
      delaySeconds: fc.constantFrom(0, 240),
      replays: fc.boolean(),
    }),
    retireAfterSeconds: fc.integer({ min: 0, max: 600 }),
    keepGenerations: fc.integer({ min: 0, max: 2 }),
    maxHoldSeconds: fc.integer({ min: 0, max: 2000 }),
    foreignTraffic: fc.constantFrom("keep", "take"),
    onDrift: fc.constantFrom("putBack", "adopt"),
    promote: generation,
    abort: generation,
    retry: fc.constantFrom("once", "twice"),
  },
  {
    requiredKeys: [
      "generation",
      "instances",
      "steps",
      "smoked",
      "retireAfterSeconds",
      "keepGenerations",
      "maxHoldSeconds",
      "foreignTraffic",
      "onDrift",
    ],
  },
);
/** Whatever may come of it. */
export const world: fc.Arbitrary<World> = fc.record({
  deploys: fc.boolean(),
  smokes: fc.boolean(),
  run: fc.constantFrom("passed", "passed", "failed", "inconclusive", "error"),
  verdicts: fc.array(fc.constantFrom("passed", "passed", "failed", "inconclusive", "error"), {
    minLength: 1,
    maxLength: 6,
  }),
  missing: fc.constantFrom(0, 0, 50),
  scales: fc.array(fc.integer({ min: -5, max: 5 }), { maxLength: 4 }),
});
