import type { ContainerClient } from "@azure/storage-blob";
import { expect } from "chai";
import fc from "fast-check";
import { commandStep, pipelineStep, sweepStep } from "../../components";
import { circleIn } from "../../components/pipeline-constraints";
import { specification } from "../../components/pipeline-component";
import { fromOf, OutputReference, stepsBefore, withReferences } from "../../components/pipeline-references";
import type { Arm } from "../../providers/clients/arm";
import type { ChildRun } from "../../providers/clients/run-history";
import { pipelineProperties } from "../../providers/pipeline/body";
import { nodeBody } from "../../providers/pipeline/node";
import { pipelineJob } from "../../providers/pipeline/pipeline-job";
import { diff } from "../../providers/pipeline/provider";
import { pipelineResult, progressLine } from "../../providers/pipeline/result";
import type { PipelineInputs, PipelineOutputs } from "../../providers/pipeline/types";
import type { LiveTrainingJob } from "../../providers/training-job/job";
import type { TrainingClients } from "../../providers/training-job/kind";
import { run } from "../../providers/training-job/run";
import { failure } from "../helpers/failure";
import { WORKSPACE_ID } from "../helpers/pulumi-mocks";

const prepare = commandStep({ command: "prepare", outputs: { data: { type: "uri_folder" } } });
const train = commandStep({
  command: "train",
  inputs: { data: { type: "uri_folder", from: prepare.outputs.data } },
  outputs: { model: { type: "mlflow_model" } },
});

describe("the outputs of a step", () => {
  it("are inputs of the same type alone, and of a name that is there", () => {
    // @ts-expect-error A folder is no model.
    commandStep({ command: "a", inputs: { model: { type: "mlflow_model", from: prepare.outputs.data } } });
    // @ts-expect-error A model is no folder.
    commandStep({ command: "a", inputs: { data: { type: "uri_folder", from: train.outputs.model } } });
    // @ts-expect-error There is no such output.
    commandStep({ command: "a", inputs: { data: { type: "uri_folder", from: prepare.outputs.date } } });
    // @ts-expect-error A step's output is no address.
    commandStep({ command: "a", inputs: { data: { type: "uri_folder", from: "azureml://data" } } });
    const right = commandStep({
      command: "a",
      inputs: { model: { type: "mlflow_model", from: train.outputs.model } },
    });
    expect(right.kind).to.equal("command");
  });

  it("are a sweep's as a command's", () => {
    const sweep = sweepStep({
      command: "a ${{search_space.x}}",
      outputs: { model: { type: "mlflow_model" } },
      searchSpace: { x: { type: "randint", upper: 9 } },
      samplingAlgorithm: { kind: "Random" },
      objective: { primaryMetric: "loss", goal: "Minimize" },
      limits: { maxTotalTrials: 2 },
    });
    // @ts-expect-error A model is no folder.
    commandStep({ command: "a", inputs: { data: { type: "uri_folder", from: sweep.outputs.model } } });
    const reads = commandStep({
      command: "a",
      inputs: { model: { type: "mlflow_model", from: sweep.outputs.model } },
    });
    const { steps } = withReferences({ workspaceId: WORKSPACE_ID, steps: { sweep, reads } });
    expect(fromOf(steps["reads"]?.inputs?.["model"])).to.include({ step: "sweep", output: "model" });
  });

  it("are read by a pipeline that is a step, for its steps", () => {
    const report = { type: "uri_file", uri: "azureml://datastores/lake/paths/report.json" } as const;
    const judge = commandStep({
      command: "judge",
      inputs: { data: { type: "uri_folder", from: prepare.outputs.data, mode: "Download" }, least: 0.9 },
      outputs: { report },
    });
    const inner = pipelineStep({ steps: { judge }, outputs: { report: judge.outputs.report } });
    const outer = pipelineStep({ steps: { inner, train }, outputs: { report: inner.outputs.report } });
    expect(outer.outputs.report).to.deep.equal(report);
    // @ts-expect-error A file is no folder.
    commandStep({ command: "a", inputs: { data: { type: "uri_folder", from: outer.outputs.report } } });
    const last = commandStep({
      command: "a",
      inputs: { report: { type: "uri_file", from: outer.outputs.report } },
    });
    const { steps } = withReferences({ workspaceId: WORKSPACE_ID, steps: { prepare, outer, last } });
    const read = { type: "uri_folder", from: new OutputReference("uri_folder", "prepare", "data") };
    expect(steps["outer"]?.inputs).to.deep.equal({
      inner_judge_data: read,
      inner_judge_least: 0.9,
      train_data: read,
    });
    expect(fromOf(steps["last"]?.inputs?.["report"])).to.include({ step: "outer", output: "report" });
    const { outputOf, steps: within } = steps["outer"] as typeof outer;
    expect(outputOf.report).to.include({ step: "inner", output: "report" });
    expect(Object.keys(within["inner"]?.inputs ?? {})).to.deep.equal(["judge_data", "judge_least"]);
    expect(stepsBefore(steps)).to.deep.equal({ prepare: [], outer: ["prepare"], last: ["outer"] });
  });

  it("are known by the object that a step has, by the step's key", () => {
    const args = {
      workspaceId: WORKSPACE_ID,
      steps: { first: prepare, train },
      outputs: { model: train.outputs.model },
    };
    const { steps, outputs } = withReferences(args);
    expect(fromOf(steps["train"]?.inputs?.["data"])).to.include({ step: "first", output: "data" });
    expect(outputs?.["model"]).to.include({ type: "mlflow_model", step: "train", output: "model" });
    const without = withReferences({ ...args, steps: { train } });
    expect(fromOf(without.steps["train"]?.inputs?.["data"])?.step).to.equal(undefined);
  });

  it("are each step's own, though declared by one object", () => {
    const outputs = { data: { type: "uri_folder" } } as const;
    const [one, two] = [commandStep({ command: "a", outputs }), commandStep({ command: "b", outputs })];
    const reads = commandStep({
      command: "c",
      inputs: { x: { type: "uri_folder", from: two.outputs.data } },
    });
    const { steps } = withReferences({ workspaceId: WORKSPACE_ID, steps: { one, two, reads } });
    expect(fromOf(steps["reads"]?.inputs?.["x"])?.step).to.equal("two");
  });
});

describe("steps that wait for one another", () => {
  it("are found, and where each needs only earlier ones there are none", () => {
    const graph = fc
      .array(fc.array(fc.nat(), { maxLength: 3 }), { minLength: 1, maxLength: 8 })
      .map((all) =>
        Object.fromEntries(
          all.map((needs, index) => [
            `s${index}`,
            index === 0 ? [] : needs.map((need) => `s${need % index}`),
          ]),
        ),
      );
    fc.assert(
      fc.property(graph, (before) => {
        expect(circleIn(before)).to.deep.equal([]);
        const last = `s${Object.keys(before).length - 1}`;
        expect(circleIn({ ...before, s0: [last], [last]: [...(before[last] ?? []), "s0"] })).to.include(last);
      }),
    );
  });
});

const inputs: PipelineInputs = {
  workspaceId: WORKSPACE_ID,
  prefix: "churn",
  steps: {
    prepare: {
      componentId: `${WORKSPACE_ID}/components/churn-prepare/versions/sha256-1`,
      environmentVariables: { LOG: "warning" },
      inputs: { raw: { input: "prepare_raw", mode: "Download" } },
    },
    train: {
      componentId: `${WORKSPACE_ID}/components/churn-train/versions/sha256-2`,
      inputs: { data: { step: "prepare", output: "data" } },
    },
  },
  stepSettings: {
    prepare: { outputs: { data: { type: "uri_folder", mode: "Upload" } } },
    train: {
      computeId: `${WORKSPACE_ID}/computes/gpu`,
      instanceCount: 2,
      distribution: { kind: "PyTorch", processCountPerInstance: 4 },
      limits: { timeoutSeconds: 60 },
      outputs: { model: { type: "mlflow_model", pipelineOutput: "model" } },
    },
  },
  inputs: { prepare_raw: { type: "uri_folder", uri: "azureml://datastores/lake/paths/new/" } },
  outputs: { model: { type: "mlflow_model" } },
  continueOnStepFailure: false,
  experimentName: "churn",
  wait: true,
  deadlineSeconds: 60,
  onDestroy: "cancel",
};

describe("a pipeline's job", () => {
  const files = { prepare_raw: { type: "uri_folder", uri: "azureml://datastores/lake/paths/new/" } } as const;
  const { jobs, settings, outputs } = pipelineProperties(inputs, files) as Record<
    string,
    Record<string, object>
  >;

  it("has the members that azure-ai-ml sends", () => {
    expect(settings).to.deep.equal({
      default_compute: `${WORKSPACE_ID}/computes/serverless`,
      continue_on_step_failure: false,
      force_rerun: false,
    });
    expect(outputs).to.deep.equal({ model: { jobOutputType: "mlflow_model" } });
    expect(jobs?.["prepare"]).to.deep.equal({
      name: "prepare",
      type: "command",
      display_name: "prepare",
      componentId: inputs.steps["prepare"]?.componentId,
      environment_variables: { LOG: "warning" },
      inputs: {
        raw: { job_input_type: "literal", value: "${{parent.inputs.prepare_raw}}", mode: "Download" },
      },
      outputs: { data: { job_output_type: "uri_folder", mode: "Upload" } },
      resources: { instance_count: 1 },
    });
    expect(jobs?.["train"]).to.deep.include({
      computeId: `${WORKSPACE_ID}/computes/gpu`,
      inputs: { data: { job_input_type: "literal", value: "${{parent.jobs.prepare.outputs.data}}" } },
      outputs: { model: { type: "literal", value: "${{parent.outputs.model}}" } },
      resources: { instance_count: 2 },
      distribution: { distribution_type: "PyTorch", process_count_per_instance: 4 },
      limits: { job_limits_type: "Command", timeout: "PT60S" },
    });
  });

  it("has sweeps as azure-ai-ml sends them", () => {
    const sweep = {
      searchSpace: {
        rate: { type: "quniform", minValue: 0, maxValue: 9, q: 3 },
        kind: { type: "choice", values: ["a", "b"] },
      },
      samplingAlgorithm: { kind: "Random", rule: "Sobol", seed: 7 },
      objective: { primaryMetric: "score", goal: "Maximize" },
      earlyTermination: { kind: "Bandit", slackFactor: 0.2, evaluationInterval: 2 },
      maxTotalTrials: 4,
    } as const;
    const componentId = `${WORKSPACE_ID}/components/churn-search/versions/1`;
    const settings = { limits: { maxConcurrentTrials: 2, timeoutSeconds: 100, trialTimeoutSeconds: 60 } };
    expect(nodeBody("search", { componentId, sweep }, settings)).to.deep.equal({
      name: "search",
      type: "sweep",
      display_name: "search",
      trial: { componentId },
      search_space: {
        rate: { type: "quniform", min_value: 0, max_value: 9, q: 3 },
        kind: { type: "choice", values: ["a", "b"] },
      },
      sampling_algorithm: { type: "random", rule: "sobol", seed: 7 },
      objective: { primary_metric: "score", goal: "maximize" },
      early_termination: { policy_type: "Bandit", slack_factor: 0.2, evaluation_interval: 2 },
      limits: { max_total_trials: 4, max_concurrent_trials: 2, timeout: 100, trial_timeout: 60 },
      inputs: {},
      outputs: {},
      resources: { instance_count: 1 },
    });
  });

  it("has pipelines as azure-ai-ml sends them", () => {
    const component = { componentId: "/components/nested/versions/1", pipeline: true } as const;
    const inputs = { train_data: { step: "prepare", output: "data" } };
    const settings = { outputs: { model: { type: "mlflow_model", pipelineOutput: "model" } } } as const;
    expect(nodeBody("nested", { ...component, inputs }, settings)).to.deep.equal({
      name: "nested",
      type: "pipeline",
      display_name: "nested",
      componentId: component.componentId,
      inputs: { train_data: { job_input_type: "literal", value: "${{parent.jobs.prepare.outputs.data}}" } },
      outputs: { model: { type: "literal", value: "${{parent.outputs.model}}" } },
    });
  });

  it("has components of trials that take what is tried as inputs", () => {
    const component = specification("churn-search", {
      command: "train ${{search_space.rate}} ${{ search_space.kind }}",
      environmentId: "/environments/1",
      reuse: true,
      inputs: {},
      outputs: {},
      searchSpace: {
        rate: { type: "uniform", minValue: 0, maxValue: 9 },
        depth: { type: "randint", upper: 3 },
        kind: { type: "choice", values: ["a", 1] },
        deep: { type: "choice", values: [true, false] },
      },
    });
    expect(component).to.deep.include({
      command: "train ${{inputs.rate}} ${{inputs.kind}}",
      inputs: {
        rate: { type: "number" },
        depth: { type: "integer" },
        kind: { type: "string" },
        deep: { type: "boolean" },
      },
    });
  });

  it("runs all steps again where that is asked for", () => {
    expect(pipelineProperties({ ...inputs, rerun: "now" }, files)["settings"]).to.include({
      force_rerun: true,
    });
  });

  it("has components with the types of what their steps read and write", () => {
    const known = {
      command: "train",
      codeId: "/code/1",
      environmentId: "/environments/1",
      reuse: true,
      inputs: { rate: 0.1, name: "x", deep: true, data: { type: "uri_folder", uri: "azureml://a" } as const },
      outputs: { model: { type: "mlflow_model" } },
    };
    expect(specification("churn-train", known)).to.deep.equal({
      name: "churn-train",
      type: "command",
      is_deterministic: true,
      command: "train",
      code: "azureml:/code/1",
      environment: "azureml:/environments/1",
      inputs: {
        rate: { type: "number" },
        name: { type: "string" },
        deep: { type: "boolean" },
        data: { type: "uri_folder" },
      },
      outputs: { model: { type: "mlflow_model" } },
    });
  });
});

const children: readonly ChildRun[] = [
  {
    runId: "c1",
    displayName: "prepare",
    status: "Completed",
    properties: { "azureml.isreused": "true", "azureml.reusedrunid": "b1" },
    outputs: { data: { assetId: "asset-1" } },
  },
  { runId: "c2", displayName: "train", status: "Running", outputs: {} },
];

function clientsOf(status: string): TrainingClients & { readonly puts: string[] } {
  const jobs = new Map<string, LiveTrainingJob>();
  const puts: string[] = [];
  return {
    puts,
    arm: {
      read: async (id: string) => jobs.get(id),
      put: async (id: string, { body }: { body: { properties: object } }) => {
        puts.push(id);
        const job = { id, name: id.split("/").at(-1) ?? "", properties: { ...body.properties, status } };
        jobs.set(id, job);
        return job;
      },
    } as unknown as Arm,
    containerClient: () => ({}) as ContainerClient,
    jobs: {
      read: async (id) => {
        const job = jobs.get(id);
        return job && { id, name: job.name, status: job.properties.status };
      },
      cancel: async () => undefined,
    },
    history: async () => ({
      childRuns: async () => children,
      addresses: async () => ({
        "asset-1": "azureml://datastores/workspaceblobstore/paths/azureml/b1/data/",
      }),
      details: async (runId) => ({ runId, error: { error: { message: "exit code 1" } } }),
    }),
    run: async (_workspace, runId) => ({
      info: { run_id: runId, experiment_id: "1", artifact_uri: "", status: "FINISHED" },
      data: { metrics: [{ key: "rows", value: runId === "b1" ? 7 : 1 }], params: [], tags: [] },
    }),
    childRuns: async () => [],
    say: () => undefined,
  };
}

describe("what a pipeline has told", () => {
  const live = { id: "job", name: "churn-1", properties: { status: "Running", outputs: {} } };

  it("is what each step's run has, or the run that stands for it", async () => {
    const { stepRuns, ...rest } = await pipelineResult(clientsOf("Running"), inputs, live);
    expect(rest).to.deep.equal({
      runId: "churn-1",
      status: "Running",
      outputUris: { model: "azureml://jobs/c2/outputs/model" },
    });
    expect(stepRuns["prepare"]).to.deep.include({
      runId: "b1",
      reused: true,
      metrics: { rows: 7 },
      outputUris: { data: "azureml://datastores/workspaceblobstore/paths/azureml/b1/data/" },
    });
    expect(stepRuns["train"]).to.deep.include({ runId: "c2", reused: false, status: "Running" });
  });

  it("is of a sweep what its best trial has", async () => {
    const { train: step = { componentId: "" } } = inputs.steps;
    const searching = {
      ...inputs,
      steps: {
        train: {
          ...step,
          sweep: {
            searchSpace: {},
            samplingAlgorithm: { kind: "Grid" },
            objective: { primaryMetric: "rows", goal: "Maximize" },
            maxTotalTrials: 2,
          },
        },
      },
    } as const;
    const clients = clientsOf("Running");
    const best = { ...children[1], properties: { best_child_run_id: "b1" } } as ChildRun;
    const history = async () => ({
      ...(await clients.history(WORKSPACE_ID)),
      childRuns: async () => [best],
    });
    const { stepRuns } = await pipelineResult({ ...clients, history }, searching, live);
    expect(stepRuns["train"]).to.deep.include({
      runId: "c2",
      bestRunId: "b1",
      metrics: { rows: 7 },
      outputUris: { model: "azureml://jobs/b1/outputs/model" },
    });
  });

  it("is said as how far each step is", () => {
    expect(progressLine(inputs, children)).to.equal("prepare Completed, train Running");
    expect(progressLine(inputs, [])).to.equal(undefined);
  });
});

describe("a pipeline's run", () => {
  it("is submitted once for what decides it, and found again", async () => {
    const clients = clientsOf("Completed");
    const { outs } = await run(pipelineJob, clients, inputs);
    const again = await run(pipelineJob, clients, { ...inputs, stepSettings: {}, displayName: "else" });
    expect([outs.status, again.outs.runId]).to.deep.equal(["Completed", outs.runId]);
    expect(clients.puts).to.deep.equal([`${WORKSPACE_ID}/jobs/${outs.runId}`]);
  });

  it("fails with why", async () => {
    const { message } = await failure(run(pipelineJob, clientsOf("Failed"), inputs));
    expect(message).to.contain("the job ended Failed: exit code 1");
  });

  it("is another one with other steps, inputs or rerun, and nothing else", async () => {
    const known = { ...inputs, inputsDigest: "inputs" };
    const outs = { ...known, runId: "churn-1", status: "Completed" } as PipelineOutputs;
    const { prepare: first } = known.steps;
    const others: readonly Partial<PipelineInputs>[] = [
      { steps: first === undefined ? {} : { prepare: first } },
      { inputsDigest: "others" },
      { rerun: "now" },
    ];
    for (const other of others)
      expect((await diff("id", outs, { ...known, ...other })).replaces).to.deep.equal(Object.keys(other));
    const same = { stepSettings: {}, computeId: `${WORKSPACE_ID}/computes/cpu`, continueOnStepFailure: true };
    expect(await diff("id", outs, { ...known, ...same })).to.deep.include({ changes: true, replaces: [] });
    expect((await diff("id", outs, known)).changes).to.equal(false);
  });
});
