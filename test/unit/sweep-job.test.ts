import type { ContainerClient } from "@azure/storage-blob";
import { expect } from "chai";
import type { Arm } from "../../providers/clients/arm";
import type { MlflowRun } from "../../providers/clients/mlflow-tracking";
import { sweepProperties } from "../../providers/sweep-job/body";
import { diff } from "../../providers/sweep-job/provider";
import { bestByMetric, progressOf, sweepResult } from "../../providers/sweep-job/result";
import { sweep } from "../../providers/sweep-job/sweep";
import type { SweepJobInputs, SweepJobOutputs } from "../../providers/sweep-job/types";
import { runName } from "../../providers/training-job/identity";
import type { LiveTrainingJob } from "../../providers/training-job/job";
import type { TrainingClients } from "../../providers/training-job/kind";
import { run } from "../../providers/training-job/run";
import { failure } from "../helpers/failure";
import { WORKSPACE_ID } from "../helpers/pulumi-mocks";

const inputs: SweepJobInputs = {
  workspaceId: WORKSPACE_ID,
  prefix: "churn",
  command: "python train.py ${{search_space.rate}} ${{search_space.kernel}}",
  codeId: `${WORKSPACE_ID}/codes/churn/versions/sha256-1`,
  environmentId: `${WORKSPACE_ID}/environments/sklearn/versions/3`,
  outputs: { model: { type: "custom_model" } },
  searchSpace: {
    rate: { type: "loguniform", minValue: -6, maxValue: -1 },
    kernel: { type: "choice", values: ["rbf", 2, true] },
  },
  samplingAlgorithm: { kind: "Random", rule: "Sobol", seed: 7 },
  objective: { primaryMetric: "accuracy", goal: "Maximize" },
  earlyTermination: { kind: "Bandit", slackFactor: 0.1, delayEvaluation: 5 },
  maxTotalTrials: 8,
  maxConcurrentTrials: 2,
  timeoutSeconds: 3600,
  trialTimeoutSeconds: 60,
  experimentName: "churn",
  wait: true,
  deadlineSeconds: 60,
  onDestroy: "cancel",
};

function trial(number: number, accuracy?: number, status = "FINISHED"): MlflowRun {
  const run_id = `churn-1_${number}`;
  const history = JSON.stringify([{ run_id, artifact_path: "model" }]);
  return {
    info: { run_id, experiment_id: "1", artifact_uri: "", status },
    data: {
      metrics: accuracy === undefined ? [] : [{ key: "accuracy", value: accuracy }],
      params: [{ key: "rate", value: String(number) }],
      tags: [{ key: "mlflow.log-model.history", value: history }],
    },
  };
}

function job(properties: object = {}): LiveTrainingJob {
  return { id: "j", name: "churn-1", properties: { status: "Completed", ...properties } };
}

/** A workspace in which a sweep is over as soon as it is submitted. */
function clients(trials: readonly MlflowRun[], puts: object[] = []): TrainingClients {
  const jobs = new Map<string, LiveTrainingJob>();
  const arm = {
    read: async (id: string) => jobs.get(id),
    put: async (id: string, { body }: { body: { properties: object } }) => {
      puts.push(body.properties);
      const live = { ...job(body.properties), id, name: id.split("/").at(-1) ?? "" };
      jobs.set(id, live);
      return live;
    },
  } as unknown as Arm;
  return {
    arm,
    containerClient: () => ({}) as ContainerClient,
    jobs: {
      read: async (id) => {
        const live = jobs.get(id);
        return live && { id, name: live.name, status: live.properties.status };
      },
      cancel: async () => undefined,
    },
    history: async () => ({
      childRuns: async () => [],
      addresses: async () => ({}),
      details: async (runId) => ({ runId }),
    }),
    run: async () => undefined,
    childRuns: async () => trials,
    say: () => undefined,
  };
}

describe("a sweep job", () => {
  it("submits what is tried beside what each trial runs, and has the best trial as outputs", async () => {
    const puts: object[] = [];
    const { outs } = await run(sweep, clients([trial(0, 0.7), trial(1, 0.9)], puts), inputs);
    const { status, trials, bestRunId, metrics, params, models, outputUris } = outs;
    expect({ status, trials, bestRunId, metrics, params, models, outputUris }).to.deep.equal({
      status: "Completed",
      trials: 2,
      bestRunId: "churn-1_1",
      metrics: { accuracy: 0.9 },
      params: { rate: "1" },
      models: { model: "runs:/churn-1_1/model" },
      outputUris: { model: "azureml://jobs/churn-1_1/outputs/model" },
    });
    expect(puts).to.deep.equal([
      {
        jobType: "Sweep",
        trial: {
          command: inputs.command,
          codeId: inputs.codeId,
          environmentId: inputs.environmentId,
          resources: { instanceCount: 1 },
        },
        outputs: { model: { jobOutputType: "custom_model" } },
        experimentName: "churn",
        tags: {},
        searchSpace: {
          rate: ["loguniform", [-6, -1]],
          kernel: ["choice", [["rbf", 2, true]]],
        },
        samplingAlgorithm: { samplingAlgorithmType: "Random", rule: "Sobol", seed: 7 },
        objective: { primaryMetric: "accuracy", goal: "Maximize" },
        earlyTermination: { policyType: "Bandit", slackFactor: 0.1, delayEvaluation: 5 },
        limits: {
          jobLimitsType: "Sweep",
          maxTotalTrials: 8,
          maxConcurrentTrials: 2,
          timeout: "PT3600S",
          trialTimeout: "PT60S",
        },
      },
    ]);
  });

  it("names each policy as ARM does", () => {
    const policies = [
      { kind: "MedianStopping", evaluationInterval: 2 },
      { kind: "TruncationSelection", truncationPercentage: 20 },
    ] as const;
    expect(
      policies.map(
        (earlyTermination) => sweepProperties({ ...inputs, earlyTermination }, {})["earlyTermination"],
      ),
    ).to.deep.equal([
      { policyType: "MedianStopping", evaluationInterval: 2 },
      { policyType: "TruncationSelection", truncationPercentage: 20 },
    ]);
  });

  it("has failed where no trial logged the metric, however it ended", async () => {
    const { message } = await failure(run(sweep, clients([trial(0), trial(1)]), inputs));
    expect(message).to.contain("no trial logged the metric accuracy");
  });

  it("is another one with another search, and the same with more at a time", async () => {
    const known = { ...inputs, inputsDigest: "inputs" };
    const outs = { ...known, runId: "churn-1", status: "Completed" } as SweepJobOutputs;
    const others: readonly Partial<SweepJobInputs>[] = [
      { command: "ls" },
      { searchSpace: { rate: { type: "randint", upper: 3 } } },
      { samplingAlgorithm: { kind: "Bayesian" } },
      { objective: { primaryMetric: "accuracy", goal: "Minimize" } },
      { earlyTermination: { kind: "MedianStopping" } },
      { maxTotalTrials: 9 },
    ];
    for (const other of others)
      expect((await diff("id", outs, { ...known, ...other })).replaces).to.deep.equal(Object.keys(other));
    const names = [known, ...others.map((other) => ({ ...known, ...other }))];
    expect(new Set(names.map((each) => runName(each, sweep.decisive))).size).to.equal(names.length);
    const same = { maxConcurrentTrials: 4, timeoutSeconds: 1, trialTimeoutSeconds: 1, tags: {} };
    expect(await diff("id", outs, { ...known, ...same })).to.deep.include({ changes: true, replaces: [] });
  });
});

describe("the best trial of a sweep", () => {
  const { objective } = inputs;

  it("is what Azure ML names, where it is one of the trials", () => {
    const trials = [trial(0, 0.7), trial(1, 0.9)];
    const told = (name: string): string | undefined =>
      sweepResult(inputs, job({ properties: { best_child_run_id: name } }), undefined, trials).bestRunId;
    expect(told("churn-1_0")).to.equal("churn-1_0");
    expect(told("another_7")).to.equal("churn-1_1");
  });

  it("is otherwise the one whose metric is the best, of those that did not fail", () => {
    const trials = [trial(0, 0.7), trial(1, 0.9, "FAILED"), trial(2, NaN), trial(3), trial(4, 0.8, "KILLED")];
    expect(bestByMetric(objective, trials)?.info.run_id).to.equal("churn-1_4");
    expect(bestByMetric({ ...objective, goal: "Minimize" }, trials)?.info.run_id).to.equal("churn-1_0");
    expect(bestByMetric(objective, [])).to.equal(undefined);
  });

  it("and how the others are doing is what `up` says meanwhile", () => {
    const trials = [trial(0, 0.7), trial(1, undefined, "RUNNING"), trial(2, undefined, "FAILED")];
    expect(progressOf(inputs, trials)).to.equal(
      "1 of at most 8 trials completed, 1 running, 1 failed or ended early; best accuracy so far 0.7 (churn-1_0)",
    );
    expect(progressOf(inputs, trials.slice(1))).to.not.contain("best");
  });
});
