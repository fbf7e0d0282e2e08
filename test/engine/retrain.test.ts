import { expect } from "chai";
import execa from "execa";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { SmokeRequest } from "../../components";
import { DEPLOYER } from "../../local/cloud";
import { packageRoot, python } from "../../tools/paths";
import { askArm } from "../helpers/arm-process";
import { LocalAzure, type Stack } from "../helpers/local-azure";
import { Caller } from "../helpers/score";

const example = join(packageRoot(), "examples", "train-and-serve");
const API = "2025-12-01";
const TOKEN = `from azure.identity import EnvironmentCredential
print(EnvironmentCredential().get_token("https://ml.azure.com/.default").token)`;
/** What the newest run outside of jobs has for accuracy, as MLflow's own client reads it. */
const NEWEST = `import mlflow
[newest] = mlflow.search_runs(experiment_names=["Default"], max_results=1, output_format="list")
print(newest.data.metrics["accuracy"])`;
const up = ["up", "--yes", "--skip-preview"] as const;

interface Outputs {
  readonly workspaceId: string;
  readonly runId: string;
  readonly metrics: { readonly accuracy: number };
  readonly version: string;
  readonly endpointId: string;
  readonly scoringUri: string;
  readonly generation: string;
  readonly phase: string;
}

/** The example, run by the real engine; the steps build on one another. */
describe("retraining by one `up`", () => {
  const azure = new LocalAzure({ PULUMI_AZUREML_LOCAL_SPEED: "60" });
  const [request = expect.fail("the example has a request")] = JSON.parse(
    readFileSync(join(example, "smoke.json"), "utf8"),
  ) as SmokeRequest[];
  const answered = { status: 200, answer: request.expected };
  let stack: Stack;
  let caller: Caller;
  let first: Outputs;
  let better: Outputs;
  const outputs = async (): Promise<Outputs> => (await stack.outputs()) as unknown as Outputs;
  const read = async <T>(id: string): Promise<T> => await askArm<T>(azure, "read", id, API);
  const traffic = async (): Promise<unknown> =>
    (await read<{ properties: { traffic: unknown } }>(better.endpointId)).properties.traffic;
  const versions = async (): Promise<unknown> =>
    (await read<{ properties: { latestVersion: unknown } }>(`${better.workspaceId}/models/tumours`))
      .properties.latestVersion;

  before(async () => {
    await azure.start();
    stack = await azure.program(example, "dev", {
      "tumours:deployer": DEPLOYER.objectId,
      "tumours:strategy": { kind: "canary", percent: 20, bakeSeconds: 60 },
      "tumours:watchSeconds": 60,
    });
  });
  after(async () => {
    await caller?.close();
    await azure.remove();
  });

  it("trains, registers and serves the first model", async () => {
    await stack.succeeds(...up);
    first = await outputs();
    expect(first.version).to.equal("1");
    const { stdout: token } = await execa(python, ["-c", TOKEN], { env: azure.environment() });
    caller = new Caller(azure, first.scoringUri, token);
    expect(await caller.score(request.body)).to.deep.equal(answered);
  });

  it("registers, deploys, proves and serves a better one, and no request is lost", async () => {
    stack.set("tumours:strength", 1);
    await caller.answeredDuring(request.body, async () => await stack.succeeds(...up));
    better = await outputs();
    expect(better.metrics.accuracy).to.be.greaterThan(first.metrics.accuracy);
    expect(better.version).to.equal("2");
    expect(better.phase).to.equal("Serving");
    expect(await traffic()).to.deep.equal({ [better.generation]: 100 });
    expect(better.generation).to.not.equal(first.generation);
  });

  it("refuses a worse one with both figures, and nothing moves", async () => {
    stack.set("tumours:strength", 0.005);
    const { exitCode, stdout } = await stack.pulumi(...up);
    expect(exitCode).to.not.equal(0);
    const serving = Number(better.metrics.accuracy.toPrecision(6));
    const { figure } =
      /accuracy of its run (?<figure>0\.\d+), at least 0\.\d+/.exec(stdout)?.groups ?? expect.fail(stdout);
    expect(Number(figure)).to.be.within(0.9, serving - 0.001);
    expect(stdout).to.contain(
      `at least ${serving}; ${better.generation}, which serves, has accuracy ${serving} (run ${better.runId})`,
    );
    expect(await traffic()).to.deep.equal({ [better.generation]: 100 });
    expect(await versions()).to.equal("2");
    expect((await outputs()).generation).to.equal(better.generation);
    expect(await caller.score(request.body)).to.deep.equal(answered);
  });

  it("has a script that tracks the same from a laptop, unchanged", async () => {
    const workspace = await read<{ properties: { mlFlowTrackingUri: string } }>(better.workspaceId);
    const { mlFlowTrackingUri } = workspace.properties;
    const laptop = {
      cwd: azure.paths.folder,
      env: { ...azure.environment(), MLFLOW_TRACKING_URI: mlFlowTrackingUri },
    };
    await execa(python, [join(example, "training", "train.py"), "1"], laptop);
    const { stdout } = await execa(python, ["-c", NEWEST], laptop);
    expect(Number(stdout)).to.equal(better.metrics.accuracy);
  });

  it("goes back to the better parameters without another run, version or generation", async () => {
    stack.set("tumours:strength", 1);
    const said = await stack.succeeds(...up);
    expect(said).to.not.match(/training job \S+: (Queued|Running)/);
    expect(await outputs()).to.deep.equal(better);
    await stack.succeeds("preview", "--expect-no-changes");
  });
});
