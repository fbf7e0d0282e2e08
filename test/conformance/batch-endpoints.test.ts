import { expect } from "chai";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { clientsPython, exampleModelFolder, packageRoot } from "../../tools/paths";
import { AzureWorkspace } from "../helpers/azure-workspace";
import { ClientProcess } from "../helpers/client-process";

const smoke = join(packageRoot(), "examples", "breast-cancer", "smoke.json");
const [{ body }] = JSON.parse(readFileSync(smoke, "utf8")) as [
  { body: { input_data: { columns: string[]; data: [number[], number[]] } } },
];
const {
  columns,
  data: [malignant, benign],
} = body.input_data;

type Named = readonly [name: string, status: string];

/** how-to-mlflow-batch, step by step, by azure-ai-ml as it is. */
describe("what Azure ML's page on batch endpoints says to do", function () {
  this.timeout(600_000);
  const endpoint = "heart-classifier";
  const cluster = "batch-cluster";
  let workspace: AzureWorkspace;
  let azure: ClientProcess;
  let data: string;

  before(async () => {
    workspace = await AzureWorkspace.open("batch");
    const [, , subscription = "", , group = "", , , , name = ""] = workspace.id.split("/");
    const { environment, paths } = workspace;
    const client = ["batch_endpoints.py", subscription, group, name] as const;
    azure = new ClientProcess(
      clientsPython,
      client,
      // The client looks at a job every two seconds at least, and every minute at most.
      { ...environment, AZUREML_RUN_POLLING_INTERVAL_MIN: "1", AZUREML_RUN_POLLING_INTERVAL_MAX: "2" },
      paths.folder,
    );
  });
  after(async () => {
    await azure?.close();
    await workspace?.close();
  });

  const folder = (name: string): string => {
    const path = join(workspace.paths.folder, name);
    mkdirSync(path, { recursive: true });
    return path;
  };
  const seen = async <T>(step: string, args: Record<string, unknown> = {}): Promise<T> =>
    await azure.call<T>(step, { endpoint, ...args });
  const finished = async (job: string): Promise<string> => {
    const [printed, status] = await azure.call<Named>("stream", { job });
    expect(status, printed).to.equal("Completed");
    return printed;
  };

  it("registers a model, and has a cluster of none to five machines", async () => {
    const model = { name: "heart", path: exampleModelFolder, type: "mlflow_model" };
    expect(await azure.call("register", model)).to.equal("1");
    expect(await azure.call("create_cluster", { name: cluster })).to.deep.equal([0, 5]);
  });

  it("makes an endpoint, a deployment over two machines without a script, and its default", async () => {
    expect(await seen("create_endpoint")).to.match(
      /^https:\/\/heart-classifier\.westeurope\.inference\.ml\.azure\.com\/jobs$/,
    );
    const deployment = { name: "classifier-mlflow", model: "azureml:heart:1", cluster };
    expect(await seen("deploy", deployment)).to.equal("Succeeded");
    expect(await seen("make_default", { name: "classifier-mlflow" })).to.equal("classifier-mlflow");
  });

  it("registers the data that nobody has labelled", async () => {
    const files = folder("unlabeled");
    const rows = [malignant, benign, malignant].map((row) => row.join(","));
    for (const name of ["one", "two", "three"])
      writeFileSync(join(files, `${name}.csv`), [columns.join(","), ...rows, ""].join("\n"));
    const [id, path] = await azure.call<Named>("register_data", { name: "heart-data", folder: files });
    expect(id).to.match(/\/data\/heart-data\/versions\/1$/);
    expect(path).to.match(/^azureml:\/\//);
    data = id;
  });

  it("invokes it, streams the job, and downloads a line a row", async () => {
    const [job] = await seen<Named>("invoke", { path: data });
    expect(await finished(job)).to.contain("Execution Summary");
    for (const by_child of [false, true]) {
      const found = await azure.call<Record<string, string>>("download", {
        job,
        folder: folder(`score-${String(by_child)}`),
        by_child,
      });
      expect(Object.keys(found)).to.deep.equal(["predictions.csv"]);
      const lines = (found["predictions.csv"] ?? "").trim().split("\n");
      expect(lines.filter((line) => /one\.csv|two\.csv|three\.csv/.test(line))).to.have.length(9);
    }
    expect(await seen("jobs")).to.deep.equal([[job, "Completed"]]);
  });

  it("puts the output where the caller says, with what this job has otherwise", async () => {
    const output = "azureml://datastores/workspaceblobstore/paths/batch-predictions/mine.csv";
    const more = { output, mini_batch_size: 1 };
    const [job] = await seen<Named>("invoke", { path: data, ...more });
    await finished(job);
    const found = await azure.call<Record<string, string>>("download", { job, folder: folder("mine") });
    expect(Object.keys(found)).to.deep.equal(["mine.csv"]);
  });

  it("scores by a custom script, a list of files at a time", async () => {
    const code = folder("code");
    writeFileSync(
      join(code, "score.py"),
      [
        "import os, glob",
        "def init():",
        "    global answer",
        '    [path] = glob.glob(os.environ["AZUREML_MODEL_DIR"] + "/**/answer.txt", recursive=True)',
        "    answer = open(path).read().strip()",
        "def run(mini_batch):",
        '    return [f"{os.path.basename(path)}:{answer}" for path in mini_batch]',
        "",
      ].join("\n"),
    );
    const plain = folder("plain");
    writeFileSync(join(plain, "answer.txt"), "forty-two\n");
    await azure.call("register", { name: "plain", path: plain, type: "custom_model" });
    const conda = join(code, "conda.yaml");
    writeFileSync(conda, "name: score\ndependencies:\n  - pip\n  - pip:\n      - pandas\n");
    const name = "classifier-custom";
    await seen("deploy", { name, model: "azureml:plain:1", cluster, code, conda });
    const [job] = await seen<Named>("invoke", { path: data, deployment: name });
    await finished(job);
    const found = await azure.call<Record<string, string>>("download", { job, folder: folder("custom") });
    expect((found["predictions.csv"] ?? "").trim().split("\n").sort()).to.deep.equal(
      ["one", "three", "two"].map((each) => `${each}.csv:forty-two`),
    );
  });

  it("tells what is wrong with data that no model of MLflow reads, in the job", async () => {
    const files = folder("texts");
    writeFileSync(join(files, "note.txt"), "nothing to predict");
    const [texts] = await azure.call<Named>("register_data", { name: "texts", folder: files });
    const [job] = await seen<Named>("invoke", { path: texts, deployment: "classifier-mlflow" });
    await azure.call("stream", { job }).then(
      () => expect.fail("the job did not fail"),
      (error: Error) => expect(error.message).to.match(/JobException[\s\S]*\.txt/),
    );
  });

  it("takes the endpoint away with its deployments", async () => {
    expect(await seen("delete_endpoint")).to.deep.equal([]);
  });

  it("no answer to all this breaks Microsoft's models", async () => {
    expect(await workspace.violations()).to.deep.equal([]);
  });
});
