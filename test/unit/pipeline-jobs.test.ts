import { expect } from "chai";
import fc from "fast-check";
import { objectAt } from "../../local/arm/objects";
import type { JsonObject } from "../../local/json";
import type { CommandStep, PipelineStep, SweepStep } from "../../local/pipeline-jobs/job";
import { inOrder, nextSteps, type Progress, type StepProgress } from "../../local/pipeline-jobs/next-steps";
import { referenceIn, referencesIn, withInputs } from "../../local/pipeline-jobs/references";
import { movedOutputs, reuseKey, withMoved } from "../../local/pipeline-jobs/reuse";
import { withoutAbsent } from "../../local/pipeline-jobs/step-properties";
import { Harness, propertiesOf, WORKSPACE } from "./arm-harness";
import { CLUSTER, CODE, DATA, ENVIRONMENT, makeBatchParts } from "./batch-fixtures";

/** Steps `s0`, `s1`, …, each needing some of those before it. */
const graphs = fc
  .array(fc.array(fc.nat(), { maxLength: 3 }), { minLength: 1, maxLength: 8 })
  .map((all) =>
    Object.fromEntries(
      all.map((needs, index) => [
        `s${index}`,
        index === 0 ? [] : [...new Set(needs.map((need) => `s${need % index}`))],
      ]),
    ),
  );

/** Runs the steps to the end; those in `fails` fail. */
function played(
  needs: Readonly<Record<string, readonly string[]>>,
  fails: ReadonlySet<string>,
  continueOnStepFailure: boolean,
): Readonly<Record<string, StepProgress>> {
  const steps: Record<string, Progress> = Object.fromEntries(
    Object.entries(needs).map(([name, need]) => [name, { needs: need, progress: "waiting" }]),
  );
  const tell = (name: string, progress: StepProgress): void => {
    steps[name] = { needs: needs[name] ?? [], progress };
  };
  for (;;) {
    const { begin, drop, stop } = nextSteps(steps, { continueOnStepFailure });
    for (const name of begin) {
      for (const need of needs[name] ?? []) expect(steps[need]?.progress).to.equal("completed");
      tell(name, "running");
    }
    for (const name of [...drop, ...stop]) tell(name, "canceled");
    const [running] = Object.keys(steps).filter((name) => steps[name]?.progress === "running");
    if (running === undefined) break;
    tell(running, fails.has(running) ? "failed" : "completed");
  }
  return Object.fromEntries(Object.entries(steps).map(([name, { progress }]) => [name, progress]));
}

describe("the steps of a pipeline", () => {
  it("all complete, each after what it needs, where none fails", () => {
    fc.assert(
      fc.property(graphs, fc.boolean(), (needs, goesOn) => {
        expect(new Set(Object.values(played(needs, new Set(), goesOn)))).to.deep.equal(
          new Set(["completed"]),
        );
      }),
    );
  });

  it("are dropped where they need one that failed, and only they are where the pipeline goes on", () => {
    fc.assert(
      fc.property(graphs, fc.nat(), (needs, which) => {
        const names = Object.keys(needs);
        const failing = names[which % names.length] ?? "";
        const ended = played(needs, new Set([failing]), true);
        const lost = new Set([failing]);
        for (const name of names) if ((needs[name] ?? []).some((need) => lost.has(need))) lost.add(name);
        for (const name of names) {
          const expected = name === failing ? "failed" : lost.has(name) ? "canceled" : "completed";
          expect(ended[name], name).to.equal(expected);
        }
      }),
    );
  });

  it("begin no more after a failure, unless the pipeline goes on", () => {
    const steps = {
      fails: { needs: [], progress: "failed" },
      runs: { needs: [], progress: "running" },
      waits: { needs: [], progress: "waiting" },
    } as const;
    expect(nextSteps(steps, { continueOnStepFailure: false })).to.deep.equal({
      begin: [],
      drop: ["waits"],
      stop: ["runs"],
    });
    expect(nextSteps(steps, { continueOnStepFailure: true }).begin).to.deep.equal(["waits"]);
  });

  it("are in an order, or wait for one another in a circle", () => {
    fc.assert(
      fc.property(graphs, (needs) => {
        const { order, circle } = inOrder(needs);
        expect(circle).to.deep.equal([]);
        for (const [name, need] of Object.entries(needs))
          for (const each of need) expect(order.indexOf(each)).to.be.lessThan(order.indexOf(name));
      }),
    );
    expect(inOrder({ a: [], b: ["c", "a"], c: ["b"] }).circle).to.deep.equal(["b", "c"]);
  });
});

describe("what a step refers to", () => {
  it("is an input of the pipeline, another step's output, or an output of the pipeline", () => {
    expect(referenceIn("${{parent.inputs.raw}}")).to.deep.equal({ kind: "input", input: "raw" });
    expect(referenceIn("${{ parent.jobs.clean.outputs.data }}")).to.deep.equal({
      kind: "step",
      step: "clean",
      output: "data",
    });
    expect(referenceIn("${{parent.outputs.model}}")).to.deep.equal({ kind: "output", output: "model" });
    for (const none of ["plain", "a${{parent.inputs.raw}}", "${{inputs.raw}}", "${{parent.jobs.clean}}"])
      expect(referenceIn(none), none).to.equal(undefined);
  });

  it("may be part of a text", () => {
    const text = "by-${{parent.inputs.who}}-${{parent.jobs.a.outputs.b}}";
    expect(referencesIn(text)).to.have.length(2);
    expect(withInputs(text, (name) => name.toUpperCase())).to.equal("by-WHO-${{parent.jobs.a.outputs.b}}");
  });

  it("goes out of the command where it is optional and not given", () => {
    const command = "train $[[--depth ${{inputs.depth}}]] $[[--rate ${{inputs.rate}}]]";
    expect(withoutAbsent(command, { rate: {} })).to.equal("train  --rate ${{inputs.rate}}");
  });
});

/** A component's version, and a pipeline of it in the local ARM. */
describe("a pipeline job that is put", () => {
  let arm: Harness;
  let made = 0;
  before(async () => {
    arm = new Harness();
    await makeBatchParts(arm);
    const step = {
      type: "command",
      command: "python score.py ${{inputs.data}} ${{inputs.rate}} ${{outputs.out}}",
      code: `azureml:${CODE}`,
      environment: ENVIRONMENT,
      inputs: { data: { type: "uri_folder" }, rate: { type: "number", default: "0.5" } },
      outputs: { out: { type: "uri_folder" } },
    };
    await arm.make(`${WORKSPACE}/components/step/versions/1`, { properties: { componentSpec: step } });
  });
  after(async () => {
    const violations = arm.arm.violations();
    await arm.close();
    expect(violations, "answers that break Microsoft's models").to.deep.equal([]);
  });

  const componentId = `${WORKSPACE}/components/step/versions/1`;
  const literal = (value: string): JsonObject => ({ job_input_type: "literal", value });
  const node = (data: string, more: JsonObject = {}): JsonObject => ({
    ...{ type: "command", componentId, inputs: { data: literal(data) } },
    ...more,
  });
  const body = (jobs: JsonObject, more: JsonObject = {}): JsonObject => ({
    properties: {
      jobType: "Pipeline",
      inputs: { raw: { jobInputType: "uri_folder", uri: DATA } },
      outputs: { report: { jobOutputType: "uri_folder" } },
      jobs,
      ...more,
    },
  });
  const put = async (jobs: JsonObject, more: JsonObject = {}) =>
    await arm.ask("PUT", `${WORKSPACE}/jobs/pipe_${made++}`, body(jobs, more));
  const refusal = async (jobs: JsonObject): Promise<string> => {
    const { status, body: answer } = await put(jobs);
    return `${status} ${String(objectAt(answer, "error")["message"])}`;
  };
  const steps = (): readonly PipelineStep[] => arm.effects.pipelines.at(-1)?.steps ?? [];

  it("is started with each step's job, which reads from where the one before writes", async () => {
    const first = node("${{parent.inputs.raw}}");
    const second = node("${{parent.jobs.first.outputs.out}}", {
      computeId: CLUSTER,
      resources: { instance_count: 2 },
      limits: { timeout: "PT1M", job_limits_type: "Command" },
      environment_variables: { MINE: "my own" },
      outputs: { out: { value: "${{parent.outputs.report}}", type: "literal" } },
    });
    const { status, body: answer } = await put({ second, first }, { settings: { force_rerun: true } });
    expect([status, propertiesOf(answer)["status"]]).to.deep.equal([201, "Running"]);
    const [one, two] = steps() as [CommandStep, CommandStep];
    expect([one.name, two.name, two.needs, two.reuse]).to.deep.equal(["first", "second", ["first"], false]);
    expect(two.spec).to.deep.include({
      clusterId: CLUSTER,
      instances: 2,
      timeout: 60_000,
      environmentVariables: { MINE: "my own" },
    });
    expect(two.spec.inputs).to.deep.equal({
      data: { kind: "files", place: one.outputs["out"]?.place },
      rate: { kind: "text", text: "0.5" },
    });
    expect(two.spec.tags).to.include({ "mlflow.parentRunId": String(answer["name"]) });
    expect(arm.effects.pipelines.at(-1)?.outputs).to.deep.equal({
      report: { step: "second", output: "out" },
    });
  });

  it("has sweeps, whose trials read from where the step before writes, and whose best trial others read from", async () => {
    const search = node("${{parent.jobs.first.outputs.out}}", {
      type: "sweep",
      componentId: null,
      trial: { componentId },
      search_space: { rate: { type: "uniform", min_value: 0.5, max_value: 1 } },
      sampling_algorithm: { type: "random", rule: "sobol", seed: 3 },
      objective: { primary_metric: "score", goal: "minimize" },
      early_termination: { policy_type: "Bandit", slack_factor: 0.2, evaluation_interval: 2 },
      limits: { max_total_trials: 4, timeout: 100, trial_timeout: 60 },
    });
    const last = node("${{parent.jobs.search.outputs.out}}");
    const { status } = await put({ first: node("${{parent.inputs.raw}}"), search, last });
    expect(status).to.equal(201);
    const [first, sweep, reads] = steps() as [CommandStep, SweepStep, CommandStep];
    expect(sweep.spec).to.deep.include({
      searchSpace: { rate: { kind: "uniform", min: 0.5, max: 1, log: false, q: undefined } },
      sampling: { kind: "Random", rule: "Sobol", seed: 3 },
      metric: "score",
      goal: "Minimize",
      earlyTermination: {
        kind: "Bandit",
        evaluationInterval: 2,
        delayEvaluation: 0,
        slackFactor: 0.2,
      },
      maxTrials: 4,
      timeout: 100_000,
    });
    expect(sweep.spec.trial).to.deep.include({
      command: "python score.py ${{inputs.data}} ${{search_space.rate}} ${{outputs.out}}",
      limits: { jobLimitsType: "Command", timeout: "PT60S" },
    });
    const place = { account: "mlstore", container: "data", prefix: "best" };
    const to = { uri: "azureml://best", place };
    expect(withMoved(reads.spec, movedOutputs(sweep.outputs, { out: to })).inputs["data"]).to.deep.equal({
      kind: "files",
      place,
    });
    const moved = withMoved(sweep.spec, movedOutputs(first.outputs, { out: to }));
    expect(objectAt(objectAt(moved.trial, "inputs"), "data")["uri"]).to.equal("azureml://best");
  });

  it("is refused with what is missing or wrong, and where", async () => {
    const gone = { ...node("${{parent.inputs.raw}}"), componentId: componentId.replace(/1$/, "2") };
    expect(await refusal({ gone })).to.match(/^404 The component '.+' was not found/);
    expect(await refusal({ a: node("${{parent.inputs.rows}}") })).to.equal(
      "400 The pipeline has no input 'rows'.",
    );
    expect(await refusal({ a: node("${{parent.jobs.b.outputs.out}}") })).to.contain(
      "of a step 'b' that is not there",
    );
    const b = node("${{parent.jobs.a.outputs.oat}}");
    expect(await refusal({ a: node("${{parent.inputs.raw}}"), b })).to.contain("has no output 'oat'");
    expect(await refusal({ a: node("${{parent.jobs.a.outputs.out}}") })).to.contain("The steps a wait for");
    expect(await refusal({ a: { type: "command", componentId, inputs: {} } })).to.contain(
      "needs a value for the input 'data'",
    );
    expect(await refusal({})).to.contain("at least one step");
  });

  it("has steps that are told apart by what they would do, wherever that goes", async () => {
    await put({ a: node("${{parent.inputs.raw}}"), b: node("${{parent.inputs.raw}}") });
    const [one, two] = steps() as [CommandStep, CommandStep];
    expect(reuseKey("w", one)).to.equal(reuseKey("w", two));
    expect(reuseKey("other", one)).to.not.equal(reuseKey("w", one));
    const others = [
      { command: "else" },
      { environmentVariables: { A: "1" } },
      { instances: 2 },
      { inputs: {} },
    ];
    for (const other of others)
      expect(reuseKey("w", { spec: { ...one.spec, ...other } }), JSON.stringify(other)).to.not.equal(
        reuseKey("w", one),
      );
  });

  it("reads from a run that is reused where that has written", async () => {
    await put({ a: node("${{parent.inputs.raw}}"), b: node("${{parent.jobs.a.outputs.out}}") });
    const [one, two] = steps() as [CommandStep, CommandStep];
    const place = { account: "mlstore", container: "data", prefix: "before" };
    const moved = movedOutputs(one.outputs, { out: { uri: "azureml://before", place } });
    expect(withMoved(two.spec, moved).inputs["data"]).to.deep.equal({ kind: "files", place });
    expect(withMoved(two.spec, movedOutputs(one.outputs, one.outputs))).to.equal(two.spec);
  });

  it("is told of anew by another PUT, and goes with its steps", async () => {
    const id = `${WORKSPACE}/jobs/again`;
    const jobs = { a: node("${{parent.inputs.raw}}") };
    await arm.ask("PUT", id, body(jobs));
    const before = arm.effects.pipelines.length;
    const again = await arm.ask("PUT", id, body(jobs, { tags: { by: "ci" } }));
    expect([again.status, propertiesOf(again.body)["tags"]]).to.deep.equal([200, { by: "ci" }]);
    expect(arm.effects.pipelines).to.have.length(before);
    expect((await arm.finish("POST", `${id}/cancel`)).status).to.be.below(300);
    await arm.finish("DELETE", id);
    expect(arm.effects.calls.slice(-2)).to.deep.equal([`cancelPipelineJob ${id}`, `removePipelineJob ${id}`]);
  });
});
