import { expect } from "chai";
import { clientsPython } from "../../tools/paths";
import { AzureWorkspace } from "../helpers/azure-workspace";
import { ClientProcess } from "../helpers/client-process";

/** Each step is one function of `clients/pipelines.py`; later ones build on those before. */
describe("pipeline jobs, by the unmodified azure-ai-ml and mlflow clients", function () {
  this.timeout(300_000);
  let workspace: AzureWorkspace;
  let client: ClientProcess;
  const seen = async (step: string): Promise<unknown> => await client.call(step);

  before(async () => {
    workspace = await AzureWorkspace.open("pipelines");
    const [, , subscription = "", , group = "", , , , name = ""] = workspace.id.split("/");
    const script = ["pipelines.py", subscription, group, name] as const;
    client = new ClientProcess(clientsPython, script, workspace.environment, workspace.paths.folder);
  });
  after(async () => {
    await client?.close();
    await workspace?.close();
  });

  it("run three steps, each with what the one before left, and are streamed", async () => {
    expect(await seen("prepare")).to.deep.equal(["train"]);
    expect(await seen("runs")).to.deep.equal({
      made: ["three-1", "pipeline", "pipes"],
      streamed: ["Streaming logs/azureml/executionlogs.txt", "step judge is Completed"],
      status: "Completed",
    });
  });

  it("have their steps listed, and files of steps and of the whole downloaded", async () => {
    expect(await seen("steps")).to.deep.equal({
      statuses: { clean: "Completed", judge: "Completed", train: "Completed" },
      target: ["raw", "clean:1", "train:2"],
      log: ["train has 3 lines"],
      report: ["raw", "clean:1", "train:2", "judge:3"],
    });
  });

  it("track each step in a run below their own", async () => {
    expect(await seen("tracked")).to.deep.equal({
      parent: "FINISHED",
      steps: [
        ["clean", "FINISHED", 2],
        ["judge", "FINISHED", 4],
        ["train", "FINISHED", 3],
      ],
    });
  });

  it("run a step again where it changed, and all of them where that is asked for", async () => {
    expect(await seen("reuses")).to.deep.equal({
      statuses: ["Completed", "Completed"],
      reused: { clean: "true", judge: "false", train: "true" },
      report: ["raw", "clean:1", "train:2", "judge:4"],
      forced: ["false"],
    });
  });

  it("end with a step that fails, or go on with what does not need it", async () => {
    expect(await seen("fails")).to.deep.equal({
      words: [true, true],
      "goes on": { after: "Canceled", apart: "Completed", breaks: "Failed", first: "Completed" },
      stops: ["Failed", { after: "Canceled", apart: "Canceled", breaks: "Failed", first: "Canceled" }],
    });
  });

  it("are cancelled with the steps that run", async () => {
    expect(await seen("cancels")).to.deep.equal(["Canceled", "Canceled", "KILLED"]);
  });

  it("have pipelines among their steps", async () => {
    expect(await seen("nests")).to.deep.equal({
      status: "Completed",
      report: ["raw", "clean:7", "train:5", "judge:9"],
      within: { clean: "Completed", train: "Completed" },
    });
  });

  it("have sweeps among their steps, and read what the best trial has written", async () => {
    expect(await seen("sweeps")).to.deep.equal({
      status: "Completed",
      report: ["raw", "clean:1", "rate:0.3", "judge:2"],
      target: ["raw", "clean:1", "rate:0.3"],
      trials: ["Completed", "Completed"],
      best: "_1",
    });
  });

  it("are refused where steps wait for one another", async () => {
    const { circle } = (await seen("refuses")) as Record<string, [number, string]>;
    expect(circle?.[0]).to.equal(400);
    expect(circle?.[1]).to.contain("The steps a, b wait for one another");
  });

  it("run behind a batch endpoint as a pipeline component's deployment, with inputs and outputs of its own names", async () => {
    expect(await seen("deploys")).to.deep.equal({
      status: "Completed",
      steps: { clean: "Completed", train: "Completed" },
      both: ["raw", "clean:6", "train:5"],
      listed: [true],
      refused: "(BadArgument) The pipeline needs a value for its input 'source', of type uri_folder.",
    });
  });

  it("no answer breaks Microsoft's models", async () => {
    expect(await workspace.violations()).to.deep.equal([]);
  });
});
