import { expect } from "chai";
import execa from "execa";
import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { plainEnvironment } from "../../local/children";
import { DEPLOYER } from "../../local/cloud";
import { askAdmin } from "../../local/running";
import { digestOf, textFile } from "../../providers/assets/files";
import { createMlflow } from "../../providers/clients/mlflow";
import { versionByAlias } from "../../providers/clients/mlflow-registry";
import { packageRoot, python } from "../../tools/paths";
import { zipOf } from "../helpers/archives";
import { LocalAzure } from "../helpers/local-azure";
import { startMlflowServer, type MlflowServerProcess } from "../helpers/mlflow-server";
import { changes } from "../helpers/plan";
import { ProgramStack } from "../helpers/program-stack";

/** Logs a small model in a run that says its commit, and registers it as the next version, which the alias then leads to. */
const REGISTER = `
import mlflow, numpy
from sklearn.linear_model import LogisticRegression
model = LogisticRegression().fit([[0.0], [1.0]], [0, 1])
with mlflow.start_run():
    mlflow.set_tag("mlflow.source.git.commit", "4f2a")
    made = mlflow.sklearn.log_model(model, "model", input_example=numpy.array([[0.5]]), registered_model_name="there")
mlflow.MlflowClient().set_registered_model_alias("there", "champion", made.registered_model_version)
`;

const rates = { name: "rates.csv", bytes: Buffer.from("0.1") };

interface Tagged {
  readonly tags: readonly { readonly key: string; readonly value: string }[];
}

/** What MLflow holds, declared in a workspace and run by the real engine; the steps build on one another. */
describe("an experiment and a model of another MLflow server on the local Azure", () => {
  const azure = new LocalAzure();
  let server: MlflowServerProcess;
  let stack: ProgramStack;
  let outputs: Record<string, string>;

  const register = async (): Promise<void> =>
    void (await execa(python, ["-c", REGISTER], {
      cwd: azure.paths.folder,
      env: plainEnvironment({
        MLFLOW_TRACKING_URI: server.url,
        MLFLOW_DISABLE_TELEMETRY: "true",
        GIT_PYTHON_REFRESH: "quiet",
      }),
      extendEnv: false,
    }));
  /** One call of the package's own MLflow client, in a process that reaches the local Azure. */
  const mlflow = async <T>(method: "get" | "send", ...args: unknown[]): Promise<T> => {
    const script = `require("./dist/providers/clients/mlflow").createMlflow({ trackingUri: process.argv[1] })[process.argv[2]](...JSON.parse(process.argv[3]))
      .then((answer) => console.log(JSON.stringify(answer)))`;
    const { stdout } = await execa(
      process.execPath,
      ["-e", script, outputs["trackingUri"] ?? "", method, JSON.stringify(args)],
      { cwd: packageRoot(), env: azure.environment() },
    );
    return JSON.parse(stdout) as T;
  };
  const experimentId = (): string => outputs["experimentId"] ?? "";
  const tagsOf = ({ tags }: Tagged): Record<string, string> =>
    Object.fromEntries(tags.map(({ key, value }) => [key, value]));
  const experimentTags = async (): Promise<Record<string, string>> =>
    tagsOf(
      (await mlflow<{ experiment: Tagged }>("get", "experiments/get", { experiment_id: experimentId() }))
        .experiment,
    );
  const modelTags = async (): Promise<Record<string, string>> =>
    tagsOf(
      (await mlflow<{ registered_model: Tagged }>("get", "registered-models/get", { name: "churn" }))
        .registered_model,
    );
  const setTag = async (key: string, value: string): Promise<unknown> =>
    await mlflow("send", "POST", "experiments/set-experiment-tag", {
      experiment_id: experimentId(),
      key,
      value,
    });
  const planned = async (): Promise<string[]> =>
    (await changes(stack)).map(({ op, type }) => `${op} ${type.slice(type.lastIndexOf(":") + 1)}`);

  before(async () => {
    server = await startMlflowServer(python);
    await azure.start();
    await register();
    const archive = join(azure.paths.folder, "rates.zip");
    writeFileSync(archive, zipOf([rates]));
    stack = await ProgramStack.create(azure, "mlflow", {
      deployer: DEPLOYER.objectId,
      server: server.url,
      team: "risk",
      archive,
    });
  });
  after(async () => {
    await server?.stop();
    await azure.remove();
  });

  it("come up, plan nothing afterwards, and refresh without drift", async () => {
    await stack.succeeds("up", "--yes", "--skip-preview");
    outputs = await stack.outputs();
    expect(outputs["version"]).to.equal("1");
    expect(outputs["onServerId"]).to.equal("models:/kept/1");
    expect(outputs["onServerDigest"]).to.equal(outputs["digest"]);
    expect(await experimentTags()).to.include({ team: "risk" });
    expect(await modelTags()).to.include({ team: "risk" });
    await stack.succeeds("preview", "--expect-no-changes");
    await stack.succeeds("refresh", "--yes", "--expect-no-changes");
    await stack.succeeds("preview", "--expect-no-changes");
  });

  it("have a model beside them that is put together from Pulumi's assets", () => {
    const files = [
      textFile("rules.txt", "age > 30"),
      textFile("unpacked/rates.csv", "0.1"),
      {
        path: "packed.zip",
        sha256: createHash("sha256")
          .update(zipOf([rates]))
          .digest(),
      },
    ];
    expect(outputs["togetherDigest"]).to.equal(digestOf(files));
  });

  it("change their tags in place, and keep those of others", async () => {
    await setTag("theirs", "kept");
    stack.set("team", "fraud");
    expect(await planned()).to.have.members([
      "update Experiment",
      "update RegisteredModel",
      "update MlflowModel",
    ]);
    await stack.succeeds("up", "--yes", "--skip-preview");
    expect(await experimentTags()).to.include({ team: "fraud", theirs: "kept" });
    expect(await modelTags()).to.include({ team: "fraud" });
    expect(await stack.outputs()).to.deep.equal(outputs);
    await stack.succeeds("preview", "--expect-no-changes");
  });

  it("show a tag that somebody changed, and put it right", async () => {
    await setTag("team", "sales");
    await stack.succeeds("refresh", "--yes");
    expect(await planned()).to.deep.equal(["update Experiment"]);
    await stack.succeeds("up", "--yes", "--skip-preview");
    expect(await experimentTags()).to.include({ team: "fraud", theirs: "kept" });
  });

  it("follow the alias to the server's next version, which is the workspace's next", async () => {
    await register();
    expect(await planned()).to.deep.equal(["replace MlflowModel"]);
    await stack.succeeds("up", "--yes", "--skip-preview");
    const next = await stack.outputs();
    expect(next["version"]).to.equal("2");
    expect(next["digest"]).to.not.equal(outputs["digest"]);
    await stack.succeeds("preview", "--expect-no-changes");
  });

  it("go with the stack, and were answered as Microsoft's models have it", async () => {
    await stack.succeeds("destroy", "--yes", "--skip-preview");
    const left = await versionByAlias(createMlflow({ trackingUri: server.url }), "kept", "champion");
    expect(left?.version, "a version outlives its stack").to.equal("1");
    expect(await askAdmin<string[]>(azure.paths, azure.run(), "violations")).to.deep.equal([]);
  });
});
