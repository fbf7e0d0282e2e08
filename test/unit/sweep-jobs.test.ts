import { expect } from "chai";
import fc from "fast-check";
import { objectAt } from "../../local/arm/objects";
import type { Json, JsonObject } from "../../local/json";
import {
  lastDue,
  terminated,
  type EarlyTermination,
  type Reported,
} from "../../local/sweep-jobs/early-termination";
import { normalQuantile } from "../../local/sweep-jobs/normal-quantile";
import { bestTrial, nextStep } from "../../local/sweep-jobs/plan";
import { pointsOf } from "../../local/sweep-jobs/points";
import { encoded, gridPoint, gridSize, valueAt, valuesAt } from "../../local/sweep-jobs/sample";
import {
  searchSpaceOf,
  type Distribution,
  type SearchSpace,
  type Value,
} from "../../local/sweep-jobs/search-space";
import type { SweepSpec, Trial } from "../../local/sweep-jobs/sweep";
import { trialProperties } from "../../local/sweep-jobs/trial";
import { Harness, propertiesOf, WORKSPACE } from "./arm-harness";
import { CLUSTER, CODE, ENVIRONMENT, makeBatchParts } from "./batch-fixtures";

const number = fc.double({ min: -20, max: 20, noNaN: true });
const share = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true });
const range = fc.tuple(number, fc.double({ min: 0.001, max: 10, noNaN: true })).map(([min, width]) => ({
  min,
  max: min + width,
}));
const q = fc.integer({ min: 1, max: 9 });
const values = fc.array(fc.oneof(fc.string(), fc.integer(), fc.boolean()), { minLength: 1, maxLength: 5 });

const distributionOf = (type: string, ...taken: Json[]): Distribution => {
  const [found] = Object.values(searchSpaceOf({ x: [type, taken] }));
  return found as Distribution;
};

describe("a value that is drawn", () => {
  it("is one of the choices, each for as large a share", () => {
    fc.assert(
      fc.property(values, share, (choices, at) => {
        expect(choices).to.include(valueAt(distributionOf("choice", choices), at));
        const all = choices.map((_, index) =>
          valueAt(distributionOf("choice", choices), (index + 0.5) / choices.length),
        );
        expect(all).to.deep.equal(choices);
      }),
    );
  });

  it("is a whole number below the upper bound", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1000 }), share, (upper, at) => {
        const value = valueAt(distributionOf("randint", upper), at) as number;
        expect(Number.isInteger(value) && value >= 0 && value < upper, String(value)).to.equal(true);
      }),
    );
  });

  it("is within the bounds, or as far outside as rounding to q takes it", () => {
    fc.assert(
      fc.property(
        range,
        q,
        share,
        fc.constantFrom("uniform", "loguniform"),
        ({ min, max }, step, at, type) => {
          const [least, most] = type === "uniform" ? [min, max] : [Math.exp(min), Math.exp(max)];
          const value = valueAt(distributionOf(type, min, max), at) as number;
          expect(value).to.be.within(
            least * (1 - Math.sign(least) * 1e-12),
            most * (1 + Math.sign(most) * 1e-12),
          );
          const rounded = valueAt(distributionOf(`q${type}`, min, max, step), at) as number;
          expect(rounded).to.be.within(least - step / 2 - 1e-6, most + step / 2 + 1e-6);
          expect(Math.abs(rounded / step - Math.round(rounded / step))).to.be.below(1e-6);
        },
      ),
    );
  });

  it("is more for a larger share, of a normal distribution too, and always finite", () => {
    fc.assert(
      fc.property(
        number,
        fc.double({ min: 0.01, max: 5, noNaN: true }),
        share,
        share,
        (mu, sigma, one, other) => {
          const at = (point: number): number => valueAt(distributionOf("normal", mu, sigma), point) as number;
          expect(at(Math.min(one, other))).to.be.at.most(at(Math.max(one, other)) + 1e-6);
          expect(Number.isFinite(at(0)) && Number.isFinite(at(one))).to.equal(true);
          expect(valueAt(distributionOf("lognormal", mu, sigma), one)).to.be.at.least(0);
        },
      ),
    );
  });

  it("of a normal distribution has its known quantiles", () => {
    const known = [0.5, 0.975, 0.025, 0.001, 0.8413447460685429].map(normalQuantile);
    for (const [index, expected] of [
      0, 1.959963984540054, -1.959963984540054, -3.090232306167813, 1,
    ].entries())
      expect(known[index]).to.be.closeTo(expected, 1e-8);
  });
});

describe("a grid", () => {
  it("is exactly the product of its choices", () => {
    const choices = fc.uniqueArray(fc.integer(), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(
        fc.dictionary(fc.stringMatching(/^[a-z]{1,3}$/), choices, { minKeys: 1, maxKeys: 3 }),
        (body) => {
          const space = searchSpaceOf(
            Object.fromEntries(Object.entries(body).map(([name, each]) => [name, ["choice", [each]]])),
          );
          const seen = Array.from({ length: gridSize(space) }, (_, index) =>
            JSON.stringify(valuesAt(space, gridPoint(space, index))),
          );
          const product = Object.entries(body).reduce<Record<string, Value>[]>(
            (so, [name, each]) => so.flatMap((part) => each.map((value) => ({ ...part, [name]: value }))),
            [{}],
          );
          expect([...seen].sort()).to.deep.equal(product.map((each) => JSON.stringify(each)).sort());
        },
      ),
    );
  });
});

describe("points of a search space", () => {
  const searchSpace: SearchSpace = searchSpaceOf({ x: ["uniform", [0, 1]], y: ["choice", [["a", "b"]]] });
  const spec = (sampling: SweepSpec["sampling"], id = "/sweep/one"): SweepSpec =>
    ({ id, searchSpace, sampling, goal: "Maximize", maxTrials: 4 }) as SweepSpec;
  const first = async (wanted: SweepSpec, count = 4): Promise<(readonly number[])[]> => {
    const points = pointsOf(wanted);
    const trials: Trial[] = [];
    for (let at = 0; at < count; at += 1)
      trials.push({ number: at, point: await points.next(trials), values: {}, metrics: [] });
    return trials.map(({ point }) => point);
  };

  it("are the same for the same seed, and others for another one or another sweep", async () => {
    const random = { kind: "Random", rule: "Random", seed: 7 } as const;
    const points = await first(spec(random));
    expect(await first(spec(random, "/sweep/other"))).to.deep.equal(points);
    expect(await first(spec({ ...random, seed: 8 }))).to.not.deep.equal(points);
    const unseeded = { ...random, seed: undefined };
    expect(await first(spec(unseeded))).to.not.deep.equal(await first(spec(unseeded, "/sweep/other")));
  });

  it("fill the cube evenly by Sobol's sequence", async function () {
    this.timeout(60_000);
    const points = await first(spec({ kind: "Random", rule: "Sobol", seed: 7 }));
    for (const dimension of [0, 1]) {
      const quarters = points.map((point) => Math.floor((point[dimension] ?? 0) * 4)).sort();
      expect(quarters).to.deep.equal([0, 1, 2, 3]);
    }
  });

  it("are where an improvement is expected, once there is something to learn from", async function () {
    this.timeout(60_000);
    const points = pointsOf(spec({ kind: "Bayesian" }));
    const trials = [0.1, 0.3, 0.5, 0.7, 0.9].flatMap((x, index) =>
      [0.25, 0.75].map((y, other): Trial => ({
        number: 2 * index + other,
        point: [x, y],
        values: {},
        metrics: [(y > 0.5 ? 1 : 0) - (x - 0.6) ** 2],
        ended: "Completed",
      })),
    );
    const [x = 0, y = 0] = await points.next(trials);
    expect(y).to.be.at.least(0.5);
    expect(x).to.be.within(0.4, 0.8);
  });

  it("are learned from with a direction for each choice", () => {
    expect(encoded(searchSpace, [0.4, 0.6])).to.deep.equal([0.4, 0, 1]);
  });
});

describe("an early termination policy", () => {
  const timing = { evaluationInterval: 1, delayEvaluation: 0 };
  const bandit: EarlyTermination = { kind: "Bandit", slackFactor: 0.2, ...timing };
  const trial = (at: number, metrics: readonly number[], more: Partial<Reported> = {}): Reported => ({
    number: at,
    running: true,
    metrics,
    ...more,
  });
  const policies: readonly EarlyTermination[] = [
    bandit,
    { kind: "Bandit", slackAmount: 0.1, ...timing },
    { kind: "MedianStopping", ...timing },
    { kind: "TruncationSelection", truncationPercentage: 40, ...timing },
  ];

  it("is due at each multiple of the interval after the delay", () => {
    const timed = { ...bandit, evaluationInterval: 2, delayEvaluation: 3 };
    const counts = [0, 1, 2, 3, 4, 5, 6].map((reports) => lastDue(timed, reports));
    expect(counts).to.deep.equal([undefined, undefined, undefined, undefined, 4, 4, 6]);
  });

  it("ends a trial that said all that it had before a better one began", () => {
    expect(terminated(bandit, "Maximize", [trial(0, [0.1, 0.1, 0.1])])).to.deep.equal([]);
    const both = [trial(0, [0.1, 0.1, 0.1]), trial(1, [0.9, 0.9, 0.9], { running: false })];
    expect(terminated(bandit, "Maximize", both)).to.deep.equal([0]);
  });

  it("of a bandit allows the documented distance from the best", () => {
    const trials = [trial(0, [0.8]), trial(1, [0.66]), trial(2, [0.67])];
    expect(terminated(bandit, "Maximize", trials)).to.deep.equal([1]);
    const amount = { kind: "Bandit", slackAmount: 0.2, ...timing } as const;
    expect(terminated(amount, "Maximize", [...trials, trial(3, [0.59])])).to.deep.equal([3]);
    expect(terminated(bandit, "Minimize", [trial(0, [1]), trial(1, [1.19]), trial(2, [1.21])])).to.deep.equal(
      [2],
    );
  });

  it("of the median compares a trial's best with the others' running averages", () => {
    const median: EarlyTermination = { kind: "MedianStopping", ...timing, delayEvaluation: 2 };
    const trials = [trial(0, [0.2, 0.3]), trial(1, [0.5, 0.7]), trial(2, [0.6, 0.8])];
    expect(terminated(median, "Maximize", trials)).to.deep.equal([0]);
  });

  it("of truncation ends a share of the worst, by their last value", () => {
    const cut: EarlyTermination = { kind: "TruncationSelection", truncationPercentage: 50, ...timing };
    const trials = [0.1, 0.4, 0.3, 0.2].map((value, at) => trial(at, [value]));
    expect(terminated(cut, "Maximize", trials)).to.deep.equal([0, 3]);
    expect(terminated(cut, "Minimize", trials)).to.deep.equal([1, 2]);
  });

  const trials = fc.array(
    fc.array(fc.double({ min: -100, max: 100, noNaN: true }), { minLength: 1, maxLength: 1 }),
    { minLength: 1, maxLength: 8 },
  );

  it("never ends the best, what has ended, or any where all do alike", () => {
    fc.assert(
      fc.property(fc.constantFrom(...policies), trials, fc.boolean(), (policy, reports, maximize) => {
        const goal = maximize ? "Maximize" : "Minimize";
        const seen = reports.map((metrics, at) => trial(at, metrics));
        const ended = terminated(policy, goal, seen);
        const best = bestTrial(
          goal,
          seen.map((each) => ({ ...each, point: [], values: {} })),
        );
        expect(ended).to.not.include(best?.number);
        expect(
          terminated(
            policy,
            goal,
            seen.map((each) => ({ ...each, running: false })),
          ),
        ).to.deep.equal([]);
        expect(
          terminated(
            policy,
            goal,
            seen.map((each) => ({ ...each, metrics: [3] })),
          ),
        ).to.deep.equal([]);
      }),
    );
  });

  it("does with a goal what it does with the opposite of the opposite metric", () => {
    fc.assert(
      fc.property(fc.constantFrom(...policies), trials, (policy, reports) => {
        const seen = reports.map((metrics, at) => trial(at, metrics));
        const mirrored = reports.map((metrics, at) =>
          trial(
            at,
            metrics.map((value) => -value),
          ),
        );
        expect(terminated(policy, "Minimize", mirrored)).to.deep.equal(terminated(policy, "Maximize", seen));
      }),
    );
  });
});

describe("the next step of a sweep", () => {
  const trial = (at: number, ended?: Trial["ended"], metrics: readonly number[] = []): Trial => ({
    number: at,
    point: [],
    values: {},
    metrics,
    ...(ended === undefined ? {} : { ended }),
  });

  it("keeps the trials at a time and in total, and ends when the last has ended", () => {
    const states = fc.array(fc.constantFrom(undefined, "Completed", "Failed", "Canceled"), { maxLength: 12 });
    fc.assert(
      fc.property(
        states,
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 1, max: 12 }),
        (ended, total, most) => {
          const concurrent = Math.min(3, total);
          const trials = ended
            .slice(0, Math.min(total, most))
            .map((each, at) => trial(at, each as Trial["ended"]));
          const running = trials.filter((each) => each.ended === undefined).length;
          const step = nextStep({ maxTrials: total, maxConcurrent: concurrent }, trials, most);
          if (step.kind === "end") {
            expect(step.failed || running === 0).to.equal(true);
            expect(step.failed).to.equal(
              !trials.some(({ ended: how }) => how === "Completed" || how === "Canceled"),
            );
          } else {
            expect(trials.length + step.begin).to.be.at.most(Math.min(total, most));
            expect(step.begin === 0 || running + step.begin <= concurrent).to.equal(true);
            expect(step.begin + running).to.be.above(0);
          }
        },
      ),
    );
  });

  it("is the end where the first three fail", () => {
    const trials = [trial(0, "Failed"), trial(1, "Failed"), trial(2, "Failed"), trial(3)];
    expect(nextStep({ maxTrials: 9, maxConcurrent: 4 }, trials, 9)).to.deep.equal({
      kind: "end",
      failed: true,
    });
  });

  it("knows the best by the best that each has logged", () => {
    const trials = [
      trial(0, "Completed", [0.2, 0.9, 0.1]),
      trial(1, "Completed", [0.5]),
      trial(2, "Failed", [1]),
    ];
    expect(bestTrial("Maximize", trials)).to.deep.equal({ number: 0, score: 0.9 });
    expect(bestTrial("Minimize", trials)).to.deep.equal({ number: 0, score: 0.1 });
    expect(bestTrial("Maximize", [trial(0, "Completed")])).to.equal(undefined);
  });
});

describe("a sweep job that is put", () => {
  let arm: Harness;
  let made = 0;
  before(async () => {
    arm = new Harness();
    await makeBatchParts(arm);
  });
  after(async () => {
    const violations = arm.arm.violations();
    await arm.close();
    expect(violations, "answers that break Microsoft's models").to.deep.equal([]);
  });

  const body = (more: JsonObject = {}, trial: JsonObject = {}): JsonObject => ({
    properties: {
      jobType: "Sweep",
      trial: {
        command: "python train.py ${{search_space.x}}",
        environmentId: ENVIRONMENT,
        codeId: CODE,
        ...trial,
      },
      searchSpace: { x: ["choice", [[0.1, "b"]]] },
      samplingAlgorithm: { samplingAlgorithmType: "Grid" },
      objective: { primaryMetric: "accuracy", goal: "Minimize" },
      ...more,
    },
  });
  const put = async (more: JsonObject = {}, name = `sweep_${made++}`, trial: JsonObject = {}) =>
    await arm.ask("PUT", `${WORKSPACE}/jobs/${name}`, body(more, trial));
  const refusal = async (more: JsonObject, trial: JsonObject = {}): Promise<string> => {
    const { status, body: answer } = await put(more, undefined, trial);
    return `${status} ${String(objectAt(answer, "error")["message"])}`;
  };

  it("is started with its limits, and trials that have the values", async () => {
    const { status, body: answer } = await put(
      {
        computeId: CLUSTER,
        limits: { jobLimitsType: "Sweep", maxTotalTrials: 9, timeout: "PT1H", trialTimeout: "PT5M" },
        earlyTermination: {
          policyType: "TruncationSelection",
          truncationPercentage: 20,
          evaluationInterval: 0,
        },
        outputs: { model: { jobOutputType: "custom_model" } },
      },
      "all",
    );
    expect(status).to.equal(201);
    expect(propertiesOf(answer)["status"]).to.equal("Running");
    const spec = arm.effects.startedSweeps.at(-1) as SweepSpec;
    expect(spec).to.deep.include({
      metric: "accuracy",
      goal: "Minimize",
      maxTrials: 9,
      maxConcurrent: 9,
      timeout: 3_600_000,
      earlyTermination: {
        kind: "TruncationSelection",
        truncationPercentage: 20,
        evaluationInterval: 1,
        delayEvaluation: 0,
      },
    });
    expect(trialProperties(spec, 1, { x: "b" })).to.deep.include({
      jobType: "Command",
      command: "python train.py b",
      displayName: "all_1",
      environmentVariables: { AZUREML_SWEEP_x: "b" },
      computeId: CLUSTER,
      limits: { jobLimitsType: "Command", timeout: "PT5M" },
      outputs: { model: { jobOutputType: "custom_model" } },
    });
  });

  it("tells the best trial of by now", async () => {
    const id = `${WORKSPACE}/jobs/all`;
    const trials: Trial[] = [0.5, 0.25].map((value, at) => ({
      ...{ number: at, point: [], values: {} },
      metrics: [value],
    }));
    arm.effects.sweeps.set(id, { status: "Running", trials });
    const { body: answer } = await arm.ask("GET", id);
    expect(propertiesOf(answer)["properties"]).to.deep.include({ best_child_run_id: "all_1", score: "0.25" });
  });

  it("is refused where no trial could run, with the reason", async () => {
    expect(await refusal({ searchSpace: {} })).to.contain("no hyperparameter");
    expect(await refusal({ searchSpace: { x: ["uniform", [0, 1]] } })).to.contain(
      "Grid sampling takes choices alone",
    );
    expect(await refusal({ searchSpace: { x: ["choice", [[{ y: 1 }]]] } })).to.contain("does not sweep over");
    expect(await refusal({ searchSpace: { x: ["zipf", [1, 2]] } })).to.contain("is of type zipf");
    expect(await refusal({}, { command: "echo ${{search_space.y}}" })).to.contain("${{search_space.y}}");
    expect(await refusal({ computeId: `${WORKSPACE}/computes/gone` })).to.match(/^404 The compute/);
    const limits = { jobLimitsType: "Sweep", maxTotalTrials: 2, maxConcurrentTrials: 3 };
    expect(await refusal({ limits })).to.contain("there are at most 2 trials");
    const policy = { policyType: "Bandit", slackFactor: 0.1, slackAmount: 0.1 };
    expect(await refusal({ earlyTermination: policy })).to.contain("not both");
  });

  it("is cancelled and taken away", async () => {
    await put({}, "held");
    await arm.finish("POST", `${WORKSPACE}/jobs/held/cancel`);
    expect(arm.effects.calls).to.include(`cancelSweep ${WORKSPACE}/jobs/held`);
    await arm.finish("DELETE", `${WORKSPACE}/jobs/held`);
    expect(arm.effects.calls).to.include(`removeSweep ${WORKSPACE}/jobs/held`);
  });
});
