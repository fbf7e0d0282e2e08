import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect } from "chai";
import { clientsPython } from "../../tools/paths";
import { AzureWorkspace } from "../helpers/azure-workspace";
import { ClientProcess } from "../helpers/client-process";
import { LocalAzure } from "../helpers/local-azure";

const SERVED = "from helper import weight\n";
/** Reads a model of plain JSON, as a script of Azure ML's pages does. */
const init = (file: string): string => `
import json, os

def init():
    global model
    with open(os.path.join(os.environ["AZUREML_MODEL_DIR"], "${file}")) as content:
        model = json.load(content)
    print("the model is there")
`;
const run = `
def run(data):
    rows = json.loads(data)["rows"]
    return {"greeting": os.environ["GREETING"], "sums": [weight * sum(row) + model["bias"] for row in rows]}
`;
const raw = `
from azureml.contrib.services.aml_request import rawhttp
from azureml.contrib.services.aml_response import AMLResponse

@rawhttp
def run(request):
    return AMLResponse({"rows": len(request.get_json()["rows"]), "from": os.path.basename(os.environ["AZUREML_MODEL_DIR"])}, 200, json_str=True)
`;

const conda = (...packages: readonly string[]): string =>
  JSON.stringify({ name: "scoring", dependencies: ["pip", { pip: packages }] });
const SERVER = "azureml-inference-server-http";

/** how-to-deploy-online-endpoints by the client it uses, with a model that is a file of JSON. */
describe("a model that is not MLflow's, by its scoring script", function () {
  this.timeout(600_000);
  const endpoint = "script-sums";
  const files = mkdtempSync(join(tmpdir(), "scoring-scripts-"));
  const local = new LocalAzure({ XDG_CACHE_HOME: join(files, "cache") });
  let workspace: AzureWorkspace;
  let azure: ClientProcess;

  const file = (path: string, content: string): string => {
    const full = join(files, path);
    mkdirSync(dirname(full), { recursive: true });
    writeFileSync(full, content);
    return full;
  };
  const deploy = async (
    name: string,
    {
      model = "bias:1",
      code = "scoring",
      packages = [SERVER] as readonly string[] | null,
      script = "score.py",
    },
  ): Promise<string> =>
    await azure.call<string>("deploy", {
      endpoint,
      name,
      model,
      script,
      code: join(files, code),
      conda_file: packages && file(`${name}.yml`, conda(...packages)),
    });
  const invoke = async (deployment: string, request: unknown): Promise<unknown> =>
    await azure.call("invoke", {
      endpoint,
      deployment,
      request_file: file("request.json", JSON.stringify(request)),
    });
  /** The answer that comes once the deployment's processes are back; until then requests wait for their time. */
  const whenReady = async (deployment: string, request: unknown): Promise<unknown> =>
    await invoke(deployment, request).catch(async (error: Error) => {
      expect(error.message).to.contain("upstream request timeout");
      return await whenReady(deployment, request);
    });
  const logs = async (deployment: string): Promise<string> =>
    await azure.call<string>("logs", { endpoint, deployment });

  before(async () => {
    file("scoring/score.py", SERVED + init("bias.json") + run);
    file("scoring/helper.py", "weight = 2\n");
    file("folder/deep/score.py", init("parts/bias.json") + raw);
    file("lacking/score.py", `import tabulate\n${init("bias.json")}${raw}`);
    file("broken/score.py", init("nothing.json") + raw);
    await local.start();
    workspace = await AzureWorkspace.open("scripts", local);
    const [, , subscription = "", , group = "", , , , name = ""] = workspace.id.split("/");
    const client = ["scoring_script.py", subscription, group, name] as const;
    azure = new ClientProcess(clientsPython, client, workspace.environment, workspace.paths.folder);
  });
  after(async () => {
    await azure?.close();
    await workspace?.close();
    await local.remove();
    rmSync(files, { recursive: true, force: true });
  });

  it("answers from a registered file, with what lies beside the script and the environment variables", async () => {
    const bias = JSON.stringify({ bias: 1 });
    for (const [name, path] of [
      ["bias", file("bias.json", bias)],
      ["folder", dirname(file("parts/bias.json", bias))],
    ] as const)
      expect(await azure.call("register", { name, path })).to.deep.equal(["custom_model", "1"]);
    expect(await azure.call("create_endpoint", { endpoint })).to.equal("Succeeded");
    expect(await deploy("blue", {})).to.equal("Succeeded");
    expect(await invoke("blue", { rows: [[1, 2], [3]] })).to.deep.equal({ greeting: "hello", sums: [7, 7] });
    expect(await logs("blue"))
      .to.contain("the model is there")
      .and.contain("the image mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04:latest is not used");
  });

  it("answers 424 where the script raises, with its traceback in the log", async () => {
    const [status] = (await invoke("blue", { nothing: [] })) as [number];
    expect(status).to.equal(424);
    expect(await logs("blue")).to.contain("KeyError: 'rows'");
  });

  it("takes raw requests, a folder as the model, and a script in a folder of its own", async () => {
    expect(await deploy("raw", { model: "folder:1", code: "folder", script: "deep/score.py" })).to.equal(
      "Succeeded",
    );
    expect(await invoke("raw", { rows: [[1], [2]] })).to.deep.equal({ rows: 2, from: "1" });
  });

  it("takes another script by an update, and goes on with the one it has where the new one fails", async () => {
    file("scoring/helper.py", "weight = 3\n");
    expect(await deploy("blue", {})).to.equal("Succeeded");
    expect(await invoke("blue", { rows: [[1, 2]] })).to.deep.include({ sums: [10] });
    expect(await deploy("blue", { code: "broken" })).to.contain("FileNotFoundError");
    expect(await invoke("blue", { rows: [[1, 2]] })).to.deep.include({ sums: [10] });
  });

  it("fails with the reason: init raises, a package or the server is missing, pip cannot have it, an image alone", async () => {
    const broken = await deploy("broken", { code: "broken" });
    expect(broken)
      .to.contain("ResourceNotReady")
      .and.match(/FileNotFoundError: .*nothing\.json/);
    expect(await logs("broken")).to.contain("FileNotFoundError");
    expect(await deploy("lacking", { code: "lacking" })).to.contain(
      "ModuleNotFoundError: No module named 'tabulate'",
    );
    expect(await deploy("serverless", { packages: ["pandas"] })).to.contain(
      "A required package azureml-inference-server-http is missing",
    );
    expect(await deploy("nowhere", { packages: [SERVER, "no-such-package-at-all==1"] }))
      .to.contain("ImageBuildFailure")
      .and.contain("No matching distribution found for no-such-package-at-all==1");
    expect(await deploy("image", { packages: null })).to.contain("without a conda file");
  });

  it("has the package that it names, in an environment that pip builds", async () => {
    expect(await deploy("built", { code: "lacking", packages: [SERVER, "tabulate==0.9.0"] })).to.equal(
      "Succeeded",
    );
    expect(await invoke("built", { rows: [[1]] })).to.deep.include({ rows: 1 });
    expect(await logs("built")).to.contain(
      "building the environment: azureml-inference-server-http tabulate==0.9.0",
    );
  });

  it("serves again in the same environment when the local Azure was ended and is started again, after a failed update, too", async () => {
    const request = { rows: [[1]] };
    const before = { blue: await invoke("blue", request), built: await invoke("built", request) };
    expect((await local.command("down")).exitCode).to.equal(0);
    await local.start();
    for (const [deployment, answer] of Object.entries(before))
      expect(await whenReady(deployment, request), deployment).to.deep.equal(answer);
    expect((await logs("built")).match(/building the environment/g)).to.have.length(1);
  });
});
