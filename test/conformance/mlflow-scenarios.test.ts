import { expect } from "chai";
import { clientsPython, python } from "../../tools/paths";
import { AzureWorkspace } from "../helpers/azure-workspace";
import { ClientProcess } from "../helpers/client-process";

const right = { predicted: [0, 0, 1, 1], inputs: ["age", "dose"] };

/** Azure ML's how-to-log-mlflow-models and how-to-manage-models-mlflow, step by step. */
describe("what Azure ML's pages on MLflow models say to do", function () {
  this.timeout(300_000);
  let workspace: AzureWorkspace;
  let two: ClientProcess;
  let three: ClientProcess;

  before(async () => {
    workspace = await AzureWorkspace.open("pages");
    const client = (of: string): ClientProcess =>
      new ClientProcess(of, ["mlflow_scenarios.py"], workspace.environment, workspace.paths.folder);
    two = client(python);
    three = client(clientsPython);
  });
  after(async () => {
    await two?.close();
    await three?.close();
    await workspace.close();
  });

  it("autolog tracks a training with its model, which is loaded from the run", async () => {
    expect(await two.call("autologged")).to.deep.equal({
      ...right,
      flavors: ["python_function", "sklearn"],
      tracked: [true, true],
    });
  });

  it("a run has metrics, artifacts and a pipeline as its model, all of which are read back", async () => {
    expect(await two.call("pipelined")).to.deep.equal({
      ...right,
      flavors: ["python_function", "sklearn"],
      name: "scaled",
      loss: [0.125, [0.5, 0.25, 0.125]],
      listed: ["model", "settings.json"],
      settings: '{"seed":7}',
    });
  });

  for (const [name, client] of [
    ["MLflow 2.22", () => two],
    ["MLflow 3", () => three],
  ] as const)
    it(`${name} finds, filters, orders and reads runs`, async () => {
      const experiment = name.replaceAll(/[^A-Za-z0-9]+/g, "-");
      expect(await client().call("compared", { name: experiment })).to.deep.equal({
        experiments: 2,
        active: [experiment],
        named: experiment,
        all: ["alpha 0.1", "alpha 0.5", "alpha 0.9"],
        metric: ["alpha 0.1", "alpha 0.5"],
        param: ["alpha 0.5"],
        both: ["alpha 0.9"],
        finished: 3,
        running: [],
        newest: "alpha 0.9",
        history: [0.9, 0.45, 0.3],
        columns: ["metrics.rmse", "params.alpha"],
      });
    });

  it("a run has a child for each trial, and takes on the best one's parameters and model", async () => {
    expect(await two.call("nested")).to.deep.equal({
      children: ["depth 1", "depth 2", "depth 3", "depth 4", "depth 5"],
      best: "depth 3",
      parent: { depth: "3" },
      predicted: [0, 0, 1, 1],
      statuses: ["FINISHED"],
    });
  });

  it("the REST API is used with a service principal's token and nothing else", async () => {
    const api = `${workspace.trackingUri.replace(/^azureml:/, "https:").replace("/v1.0/", "/v2.0/")}/api/2.0/mlflow`;
    const { status, text } = await workspace.ask(
      "GET",
      `${api}/experiments/get-by-name?experiment_name=pipelines`,
    );
    expect(status, text).to.equal(200);
    const { experiment } = JSON.parse(text) as {
      experiment: { readonly name: string; readonly experiment_id: string };
    };
    expect(experiment.name).to.equal("pipelines");
    const found = await workspace.ask("POST", `${api}/runs/search`, {
      experiment_ids: [experiment.experiment_id],
    });
    expect((JSON.parse(found.text) as { runs: readonly unknown[] }).runs).to.have.length(1);
  });

  it("a model is logged by hand with signature, conda environment and example", async () => {
    expect(await two.call("by_hand")).to.deep.equal({
      ...right,
      flavors: ["python_function", "sklearn"],
      example: true,
    });
  });

  it("a model is a wrapper class with artifacts", async () => {
    expect(await two.call("wrapped")).to.deep.equal({ ...right, flavors: ["python_function"] });
  });

  it("a model is loaded by code of its own", async () => {
    expect(await two.call("by_loader")).to.deep.equal({ ...right, flavors: ["python_function"] });
  });

  for (const [name, client] of [
    ["MLflow 2.22", () => two],
    ["MLflow 3", () => three],
  ] as const) {
    it(`${name} registers from a folder, searches, describes, tags, moves through stages, loads and deletes`, async () => {
      const model = name.replaceAll(/[^A-Za-z0-9]+/g, "-");
      expect(await client().call("managed", { name: model })).to.deep.equal({
        versions: ["1", "2", "3"],
        stages: { "1": "Archived", "2": "Production", "3": "None" },
        tags: [{ type: "classification" }, {}],
        description: "who leaves",
        production: ["2"],
        predicted: [0, 0, 1, 1],
        left: ["2", "3"],
      });
    });
  }

  it("MLflow 3 tracks runs; its logged models are refused as Azure ML refuses them", async () => {
    expect(await three.call("tracked")).to.deep.equal({
      params: { alpha: "0.5" },
      metrics: { rmse: 0.25 },
      listed: ["notes.txt"],
      text: "hello",
    });
    expect(await three.call("logged_model")).to.equal(
      "API request to endpoint /api/2.0/mlflow/logged-models failed with error code 404 != 200. Response body: ''",
    );
  });
});
