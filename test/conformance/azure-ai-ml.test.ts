import { join } from "node:path";
import { expect } from "chai";
import { clientsPython, exampleModelFolder, packageRoot } from "../../tools/paths";
import { AzureWorkspace } from "../helpers/azure-workspace";
import { ClientProcess } from "../helpers/client-process";

const gone = [404, "ResourceNotFound"];
const request = join(packageRoot(), "examples", "breast-cancer", "sample.json");

/** Each step is one function of `clients/azure_ai_ml.py`; the last ones build on one another. */
describe("a workspace, by the unmodified azure-ai-ml client and Azure's own names", function () {
  this.timeout(300_000);
  let workspace: AzureWorkspace;
  let client: ClientProcess;
  const seen = async (step: string, args: Record<string, unknown> = {}): Promise<unknown> =>
    await client.call(step, args);

  before(async () => {
    workspace = await AzureWorkspace.open("aiml");
    const [, , subscription = "", , group = "", , , , name = ""] = workspace.id.split("/");
    const script = ["azure_ai_ml.py", subscription, group, name] as const;
    client = new ClientProcess(clientsPython, script, workspace.environment, workspace.paths.folder);
  });
  after(async () => {
    await client?.close();
    await workspace.close();
  });

  it("is found, listed and told where MLflow tracks", async () => {
    expect(await seen("the_workspace")).to.deep.equal({
      name: "mlw-aiml",
      // The client writes v2.0 for the v1.0 that ARM tells.
      tracking: workspace.trackingUri.replace("/v1.0/", "/v2.0/"),
      listed: ["mlw-aiml"],
      discovery: true,
      "storage key": true,
      absent: gone,
    });
  });

  it("has datastores, to which one is added and taken away", async () => {
    const own = [
      "workspaceartifactstore",
      "workspaceblobstore",
      "workspacefilestore",
      "workspaceworkingdirectory",
    ];
    expect(await seen("datastores")).to.deep.equal({
      default: "workspaceblobstore",
      mine: ["AzureBlob", "training", { for: "churn" }],
      listed: ["training", ...own],
      deleted: gone,
    });
  });

  it("has computes that are made, scaled and deleted", async () => {
    expect(await seen("computes")).to.deep.equal({
      made: ["amlcompute", "Standard_DS3_v2", "Succeeded"],
      scaled: [4, 4, 600],
      listed: ["cpu"],
      deleted: gone,
    });
  });

  it("has environments of images, conda files and Docker folders; a change without a version is the next one", async () => {
    expect(await seen("environments")).to.deep.equal({
      versions: ["1", "2"],
      latest: ["2", "python=3.11", { framework: "mlflow" }],
      built: true,
      listed: ["train"],
      all: ["1", "2"],
    });
  });

  it("has data that is uploaded, found and read back", async () => {
    expect(await seen("data")).to.deep.equal({
      whole: ["1", "uri_folder", { year: "1" }],
      one: ["7", true],
      downloaded: ["month\njanuary\n"],
      listed: ["january", "months"],
      absent: gone,
    });
  });

  it("has models that are uploaded, counted and downloaded", async () => {
    expect(await seen("models", { folder: exampleModelFolder })).to.deep.equal({
      versions: ["1", "2", "2"],
      plain: ["custom_model", ["000102"]],
      listed: ["churn", "plain"],
    });
  });

  it("serves a model: endpoint, deployment, traffic, calls, keys and logs", async () => {
    const { logs, ...served } = (await seen("serve_it", { request_file: request })) as { logs: string };
    expect(served).to.deep.equal({
      scoring: "https://oe-churn.westeurope.inference.ml.azure.com/score",
      deployed: ["Succeeded", 1, ["churn", "versions", "1"]],
      traffic: { blue: 100 },
      answers: [1, true],
      // The first stays, the second is another now.
      keys: [true, false],
      listed: ["oe-churn"],
    });
    expect(logs).to.match(/POST \/score 200/);
  });

  it("scales, adds a deployment, moves traffic, and is refused what would be an outage", async () => {
    expect(await seen("change_it")).to.deep.equal({
      instances: 2,
      traffic: { blue: 90, green: 10 },
      "too much": [400, "BadArgument"],
      weighted: [400, "BadArgument"],
      deployments: ["blue"],
      tags: { team: "churn" },
    });
  });

  it("lets the endpoint go", async () => {
    expect(await seen("end_it")).to.deep.equal(gone);
  });

  it("no answer breaks Microsoft's models", async () => {
    expect(await workspace.violations()).to.deep.equal([]);
  });
});
