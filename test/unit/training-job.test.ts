import type { ContainerClient } from "@azure/storage-blob";
import { expect } from "chai";
import { bindingsIn } from "../../components/training-job-bindings";
import { scriptIn } from "../../components/training-job-constraints";
import type { Arm } from "../../providers/clients/arm";
import type { MlflowRun } from "../../providers/clients/mlflow-tracking";
import { DECISIVE, digestOfInputs, runName } from "../../providers/training-job/identity";
import { describeJob, type LiveTrainingJob } from "../../providers/training-job/job";
import { diff } from "../../providers/training-job/provider";
import { resultOf } from "../../providers/training-job/result";
import { commandJob } from "../../providers/training-job/command-job";
import type { TrainingClients } from "../../providers/training-job/kind";
import { run } from "../../providers/training-job/run";
import type { TrainingJobInputs, TrainingJobOutputs } from "../../providers/training-job/types";
import { assetFixture } from "../helpers/asset-fixtures";
import { failure } from "../helpers/failure";
import { WORKSPACE_ID } from "../helpers/pulumi-mocks";

const inputs: TrainingJobInputs = {
  workspaceId: WORKSPACE_ID,
  prefix: "churn",
  command: "python train.py --rate ${{inputs.rate}} --base ${{inputs.base}}",
  codeId: `${WORKSPACE_ID}/codes/churn/versions/sha256-1`,
  environmentId: `${WORKSPACE_ID}/environments/sklearn/versions/3`,
  inputs: { rate: 0.1, base: { type: "mlflow_model", uri: "azureml:churn:7", mode: "Download" } },
  outputs: { model: { type: "custom_model" }, report: { type: "uri_file" } },
  limits: { timeoutSeconds: 90 },
  experimentName: "churn",
  description: "Learns who leaves",
  tags: { team: "risk" },
  wait: true,
  deadlineSeconds: 60,
  onDestroy: "cancel",
};

/** A workspace whose jobs end as they are told. */
class Training {
  readonly jobs = new Map<string, LiveTrainingJob>();
  readonly puts: { readonly id: string; readonly properties: Readonly<Record<string, unknown>> }[] = [];
  readonly said: string[] = [];
  ends = "Completed";

  readonly arm = {
    read: async (id: string) => this.jobs.get(id),
    put: async (id: string, { body }: { body: { properties: LiveTrainingJob["properties"] } }) => {
      this.puts.push({ id, properties: body.properties });
      const status = this.jobs.get(id)?.properties.status ?? this.ends;
      const job = { id, name: id.split("/").at(-1) ?? "", properties: { ...body.properties, status } };
      this.jobs.set(id, job);
      return job;
    },
  } as unknown as Arm;

  readonly clients: TrainingClients = {
    arm: this.arm,
    containerClient: () => ({}) as ContainerClient,
    jobs: {
      read: async (id) => {
        const job = this.jobs.get(id);
        return job && { id, name: job.name, status: job.properties.status };
      },
      cancel: async () => undefined,
    },
    history: async () => ({
      childRuns: async () => [],
      addresses: async () => ({}),
      details: async (runId) => ({ runId, error: { error: { message: "exit code 1" } } }),
    }),
    run: async (_workspaceId, runId) => runOf(runId),
    childRuns: async () => [],
    say: (line) => void this.said.push(line),
  };
}

function runOf(runId: string): MlflowRun {
  const history = JSON.stringify([{ run_id: runId, artifact_path: "model" }]);
  return {
    info: { run_id: runId, experiment_id: "1", artifact_uri: "", status: "FINISHED" },
    data: {
      metrics: [
        { key: "accuracy", value: 0.93 },
        { key: "loss", value: "NaN" as unknown as number },
      ],
      params: [{ key: "rate", value: "0.1" }],
      tags: [
        { key: "mlflow.user", value: "x" },
        { key: "mlflow.log-model.history", value: history },
        { key: "team", value: "risk" },
      ],
    },
  };
}

describe("a training job", () => {
  it("submits a command job by a name of its own, and tells what its run logged", async () => {
    const training = new Training();
    const { id, outs } = await run(commandJob, training.clients, inputs);
    expect(outs.runId).to.match(/^churn-[0-9a-f]{10}$/);
    expect(id).to.equal(`${WORKSPACE_ID}/jobs/${outs.runId}`);
    expect(training.puts).to.deep.equal([
      {
        id,
        properties: {
          jobType: "Command",
          command: inputs.command,
          codeId: inputs.codeId,
          environmentId: inputs.environmentId,
          inputs: {
            rate: { jobInputType: "literal", value: "0.1" },
            base: {
              jobInputType: "mlflow_model",
              uri: `${WORKSPACE_ID}/models/churn/versions/7`,
              mode: "Download",
            },
          },
          outputs: { model: { jobOutputType: "custom_model" }, report: { jobOutputType: "uri_file" } },
          resources: { instanceCount: 1 },
          limits: { jobLimitsType: "Command", timeout: "PT90S" },
          experimentName: "churn",
          description: "Learns who leaves",
          tags: { team: "risk" },
        },
      },
    ]);
    const { status, metrics, params, runTags, models } = outs;
    expect({ status, metrics, params, runTags, models }).to.deep.equal({
      status: "Completed",
      metrics: { accuracy: 0.93 },
      params: { rate: "0.1" },
      runTags: { team: "risk" },
      models: { model: `runs:/${outs.runId}/model` },
    });
  });

  it("goes on with the job that a killed command submitted, under the words of now", async () => {
    const training = new Training();
    training.ends = "Running";
    const { id } = await run(commandJob, training.clients, { ...inputs, wait: false });
    const again = await run(commandJob, training.clients, {
      ...inputs,
      wait: false,
      tags: { team: "sales" },
    });
    expect(again.id).to.equal(id);
    expect(again.outs.status).to.equal("Running");
    expect(training.puts.map((put) => put.id)).to.deep.equal([id, id]);
    expect(training.jobs.get(id)?.properties).to.deep.include({
      command: inputs.command,
      tags: { team: "sales" },
    });
  });

  it("runs nothing again that has completed", async () => {
    const training = new Training();
    const first = await run(commandJob, training.clients, inputs);
    const again = await run(commandJob, training.clients, {
      ...inputs,
      computeId: `${WORKSPACE_ID}/computes/cpu`,
    });
    expect(again.outs.runId).to.equal(first.outs.runId);
    expect(training.puts).to.have.length(1);
  });

  it("tells why a job failed, and takes another name after it", async () => {
    const training = new Training();
    training.ends = "Failed";
    expect((await failure(run(commandJob, training.clients, inputs))).message).to.contain(
      "ended Failed: exit code 1",
    );
    training.ends = "Completed";
    const { outs } = await run(commandJob, training.clients, inputs);
    expect(outs.runId).to.match(/^churn-[0-9a-f]{10}-2$/);
  });

  it("refuses inputs that changed between the preview and now", async () => {
    const training = new Training();
    const message = (await failure(run(commandJob, training.clients, { ...inputs, inputsDigest: "before" })))
      .message;
    expect(message).to.contain("the files changed while the command ran");
    expect(training.puts).to.deep.equal([]);
  });
});

describe("what makes another training run", () => {
  const known = { ...inputs, inputsDigest: "inputs" };
  const outs = { ...known, runId: "churn-1", status: "Completed" } as TrainingJobOutputs;
  const others: readonly Partial<TrainingJobInputs>[] = [
    { command: "python train.py" },
    { codeId: `${WORKSPACE_ID}/codes/churn/versions/sha256-2` },
    { environmentId: `${WORKSPACE_ID}/environments/sklearn/versions/4` },
    { environmentVariables: { DEPTH: "3" } },
    { inputsDigest: "others" },
    { rerun: "today" },
  ];

  it("is other code, command, inputs, environment or rerun, in diff and in name", async () => {
    for (const other of others)
      expect((await diff("id", outs, { ...known, ...other })).replaces).to.deep.equal(Object.keys(other));
    const names = [known, ...others.map((other) => ({ ...known, ...other }))].map((each) =>
      runName(each, DECISIVE),
    );
    expect(new Set(names).size).to.equal(others.length + 1);
  });

  it("is nothing else", async () => {
    const same: Partial<TrainingJobInputs> = {
      tags: {},
      description: "else",
      displayName: "else",
      computeId: `${WORKSPACE_ID}/computes/cpu`,
      instanceCount: 2,
      limits: { timeoutSeconds: 1 },
      outputs: {},
      experimentName: "else",
      wait: false,
    };
    const change = await diff("id", outs, { ...known, ...same });
    expect(change).to.deep.include({ changes: true, replaces: [] });
    expect(runName({ ...known, ...same }, DECISIVE)).to.equal(runName(known, DECISIVE));
    expect((await diff("id", outs, known)).changes).to.equal(false);
  });

  it("is the content of files, not their place, and the value of a literal", async () => {
    const table = { type: "mltable", path: assetFixture("table") } as const;
    const digest = await digestOfInputs({ table, rate: 0.1 });
    expect(await digestOfInputs({ rate: 0.1, table: { ...table, mode: "Download" } })).to.equal(digest);
    expect(await digestOfInputs({ table, rate: 0.2 })).to.not.equal(digest);
    expect(
      await digestOfInputs({ table: { ...table, path: assetFixture("image") }, rate: 0.1 }),
    ).to.not.equal(digest);
  });
});

describe("a training job's words", () => {
  const id = `${WORKSPACE_ID}/jobs/churn-1`;
  const described = async (was: object, wish: object): Promise<Training> => {
    const training = new Training();
    await training.arm.put(id, {
      apiVersion: "",
      body: {
        properties: { command: "ls", services: {}, tags: { team: "risk", theirs: "x" }, description: "old" },
      },
    });
    await describeJob(training.arm, id, was, wish);
    return training;
  };

  it("change in place, and leave tags that others added", async () => {
    const { puts } = await described(
      { tags: { team: "risk" } },
      { tags: { owner: "ann" }, description: "new" },
    );
    expect(puts[1]?.properties).to.deep.equal({
      command: "ls",
      tags: { theirs: "x", owner: "ann" },
      description: "new",
    });
  });

  it("are emptied where the program no longer has them, and not written where they are the same", async () => {
    expect((await described({ description: "old" }, {})).puts[1]?.properties).to.include({ description: "" });
    expect((await described({}, { description: "old", tags: { team: "risk" } })).puts).to.have.length(1);
  });

  it("can't be given to a job that is gone", async () => {
    expect((await failure(describeJob(new Training().arm, id, {}, {}))).message).to.contain(
      "this job is gone",
    );
  });
});

describe("what a training job leaves", () => {
  it("has the addresses that Azure ML tells, and the job's own where it tells none", () => {
    const job: LiveTrainingJob = {
      id: "j",
      name: "churn-1",
      properties: { status: "Completed", outputs: { model: { uri: "azureml://datastores/lake/paths/m" } } },
    };
    const told = resultOf(inputs, job, undefined);
    expect(told.outputUris).to.deep.equal({
      model: "azureml://datastores/lake/paths/m",
      report: "azureml://jobs/churn-1/outputs/report",
    });
    expect(told).to.deep.include({ metrics: {}, params: {}, models: {} });
  });
});

describe("a training command", () => {
  it("is read for its bindings and the script that it begins with", () => {
    expect(bindingsIn("a ${{inputs.x}} ${{ outputs.y }} ${{parent.z}}")).to.deep.equal([
      { text: "${{inputs.x}}", kind: "inputs", name: "x" },
      { text: "${{ outputs.y }}", kind: "outputs", name: "y" },
      { text: "${{parent.z}}", name: "parent.z" },
    ]);
    expect(scriptIn("python -u src/train.py --x 1")).to.equal("src/train.py");
    for (const other of [
      "python -m train",
      "python /app/train.py",
      "cd a && python b.py",
      "python ${{inputs.s}}.py",
    ])
      expect(scriptIn(other)).to.equal(undefined);
  });
});
