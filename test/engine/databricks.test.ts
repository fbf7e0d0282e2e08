import { expect } from "chai";
import execa from "execa";
import { createHash, randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DEPLOYER, SUBSCRIPTION_ID } from "../../local/cloud";
import { localPath } from "../../local/environment";
import { packageRoot, python } from "../../tools/paths";
import { AzureWorkspace } from "../helpers/azure-workspace";
import { DATABRICKS_HOST, startDatabricks, type DatabricksStandIn } from "../helpers/databricks";
import { programStack, type Stack } from "../helpers/local-azure";
import { startMlflowServer, type MlflowServerProcess } from "../helpers/mlflow-server";
import { ProgramStack } from "../helpers/program-stack";

const TRAIN = `
import mlflow, numpy, sys
from mlflow.models import infer_signature
from sklearn.linear_model import LogisticRegression
data = numpy.array([[0.0], [1.0]])
model = LogisticRegression().fit(data, [0, 1])
`;
/** Logs where the tracking URI leads, and prints the run's id. */
const LOG = `
with mlflow.start_run() as run:
    mlflow.log_metric("accuracy", 1.0)
    mlflow.set_tag("mlflow.source.git.commit", "4f2a")
    mlflow.sklearn.log_model(model, "model", signature=infer_signature(data, model.predict(data)))
`;
/** Tracking and registry in the workspace, from a machine that is none of Azure's. */
const ALL_IN_AZURE = `${TRAIN}
mlflow.set_tracking_uri(sys.argv[1])
mlflow.set_experiment("from-databricks")
${LOG}
made = mlflow.register_model(f"runs:/{run.info.run_id}/model", "all-in-azure")
print(made.version, mlflow.get_run(run.info.run_id).data.metrics["accuracy"])
`;
const ON_DATABRICKS = `${TRAIN}
mlflow.set_tracking_uri("databricks")
mlflow.set_experiment("/Shared/churn")
${LOG}
print(run.info.run_id)
`;
/** Tracking on Databricks, the registry in the workspace: the model is downloaded, and registered from its folder. */
const REGISTERED_BY_HAND = `
import mlflow, sys
mlflow.set_tracking_uri("databricks")
mlflow.set_registry_uri(sys.argv[1])
folder = mlflow.artifacts.download_artifacts(f"runs:/{sys.argv[2]}/model")
made = mlflow.register_model(f"file://{folder}", "by-hand")
print(made.version)
`;
/** A model in a folder, with a file that goes in several parts. */
const SAVE = `${TRAIN}
import os
mlflow.sklearn.save_model(model, sys.argv[1], signature=infer_signature(data, model.predict(data)))
with open(os.path.join(sys.argv[1], "weights.bin"), "wb") as file:
    file.write(os.urandom(20 * 1024 * 1024))
`;
/** Loads a version from Databricks' registry, and says what it predicts, what it is tagged with, and what its large file is. */
const READ_BACK = `
import hashlib, json, mlflow, numpy, os, sys
from mlflow import MlflowClient
mlflow.set_tracking_uri("databricks")
mlflow.set_registry_uri("databricks")
uri = f"models:/{sys.argv[1]}/1"
folder = mlflow.artifacts.download_artifacts(uri)
large = os.path.join(folder, "weights.bin")
print(json.dumps({
    "predicts": mlflow.pyfunc.load_model(uri).predict(numpy.array([[0.0], [1.0]])).tolist(),
    "tags": MlflowClient().get_model_version(sys.argv[1], "1").tags,
    "large": hashlib.sha256(open(large, "rb").read()).hexdigest() if os.path.exists(large) else None,
}))
`;
/** What MLflow's own client sends of a file in parts, and what comes back of it. */
const LOG_LARGE = `
import hashlib, mlflow, os
mlflow.set_tracking_uri("databricks")
mlflow.set_experiment("/Shared/churn")
with open("large.bin", "wb") as file:
    file.write(os.urandom(12 * 1024 * 1024))
with mlflow.start_run() as run:
    mlflow.log_artifact("large.bin", "large")
there = mlflow.artifacts.download_artifacts(run_id=run.info.run_id, artifact_path="large/large.bin")
print(*(hashlib.sha256(open(path, "rb").read()).hexdigest() for path in ["large.bin", there]))
`;
const SCORE = `
import json, requests, sys
from azure.identity import EnvironmentCredential
token = EnvironmentCredential().get_token("https://ml.azure.com/.default").token
body = {"input_data": [[0.0], [1.0]]}
answer = requests.post(sys.argv[1], json=body, headers={"authorization": f"Bearer {token}"})
print(answer.status_code, answer.text)
`;

interface ReadBack {
  readonly predicts: readonly number[];
  readonly tags: Record<string, string>;
  readonly large: string | null;
}

/** Azure ML's how-to-use-mlflow-azure-databricks and its notebook track_with_databricks_deploy_aml, step by step; then the same as a program. */
describe("what Azure ML's page on MLflow and Azure Databricks says to do", () => {
  let mlflow: MlflowServerProcess;
  let databricks: DatabricksStandIn;
  let azure: AzureWorkspace;
  let stack: Stack;
  let runId: string;
  let onDatabricks: ProgramStack;

  const environment = (): NodeJS.ProcessEnv => ({
    ...azure.environment,
    PATH: localPath(),
    DATABRICKS_HOST: `https://${DATABRICKS_HOST}`,
    DATABRICKS_TOKEN: databricks.token,
    MLFLOW_DISABLE_TELEMETRY: "true",
    GIT_PYTHON_REFRESH: "quiet",
    // Of a file that MLflow's client sends in parts, so that a small one is.
    MLFLOW_MULTIPART_UPLOAD_MINIMUM_FILE_SIZE: "6000000",
    MLFLOW_MULTIPART_UPLOAD_CHUNK_SIZE: "6000000",
  });
  const inPython = async (script: string, ...args: string[]): Promise<string> => {
    const { stdout } = await execa(python, ["-c", script, ...args], {
      cwd: azure.paths.folder,
      env: environment(),
      extendEnv: false,
    });
    return stdout.trim().split("\n").at(-1) ?? "";
  };

  before(async () => {
    mlflow = await startMlflowServer(python);
    databricks = await startDatabricks(mlflow.url);
    process.env["PULUMI_AZUREML_LOCAL_DATABRICKS"] = databricks.url;
    azure = await AzureWorkspace.open("dbx");
    const contributor = `/subscriptions/${SUBSCRIPTION_ID}/providers/Microsoft.Authorization/roleDefinitions/ba92f5b4-2d11-453d-a403-e96b0029c9fe`;
    await azure.arm(
      "PUT",
      `${azure.group}/providers/Microsoft.Authorization/roleAssignments/${randomUUID()}`,
      "2022-04-01",
      { properties: { roleDefinitionId: contributor, principalId: DEPLOYER.objectId } },
    );
  });
  after(async () => {
    delete process.env["PULUMI_AZUREML_LOCAL_DATABRICKS"];
    await azure?.close();
    await databricks?.stop();
    await mlflow?.stop();
  });

  it("tracks and registers in the workspace from outside", async () => {
    expect(await inPython(ALL_IN_AZURE, azure.trackingUri)).to.equal("1 1.0");
  });

  it("tracks on Databricks by MLflow's own client, whose token every request needs", async () => {
    runId = await inPython(ON_DATABRICKS);
    expect(runId).to.match(/^[0-9a-f]{32}$/);
    const asked = databricks.refused();
    const { exitCode } = await execa(python, ["-c", ON_DATABRICKS], {
      cwd: azure.paths.folder,
      env: { ...environment(), DATABRICKS_TOKEN: "another" },
      extendEnv: false,
      reject: false,
    });
    expect(exitCode).to.not.equal(0);
    expect(databricks.refused()).to.be.greaterThan(asked);
  });

  it("registers what was downloaded in the workspace, whose registry the client names beside Databricks' tracking", async () => {
    expect(await inPython(REGISTERED_BY_HAND, azure.trackingUri, runId)).to.equal("1");
  });

  it("goes, as a program, from Databricks' run to a version that an endpoint serves, and plans nothing more", async () => {
    const settings = {
      "databricks-model:workspaceId": azure.id,
      "databricks-model:databricks": `https://${DATABRICKS_HOST}`,
      "databricks-model:model": `runs:/${runId}/model`,
    };
    stack = await programStack(
      { paths: azure.paths, environment },
      join(packageRoot(), "examples", "databricks"),
      "dev",
      settings,
    );
    await stack.succeeds("up", "--yes", "--skip-preview");
    const { version, scoringUri = "" } = await stack.outputs();
    expect(version).to.equal("1");
    expect(await inPython(SCORE, scoringUri)).to.equal("200 [0, 1]");
    const { properties } = await azure.ml("GET", `${azure.id}/models/churn/versions/1`);
    expect((properties as { properties: object }).properties).to.include({
      "pulumi-azureml.runId": runId,
      "mlflow.source.git.commit": "4f2a",
    });
    await stack.succeeds("preview", "--expect-no-changes");
  });

  it("keeps Databricks' token out of the state and of what a plan prints", async () => {
    for (const text of [await stack.succeeds("stack", "export"), await stack.succeeds("preview", "--json")]) {
      expect(text).to.contain(DATABRICKS_HOST);
      expect(text).to.not.contain(databricks.token);
    }
  });

  it("takes files from MLflow's own client by each kind of signed address, as it does from this package", async () => {
    for (const kind of ["AWS_PRESIGNED_URL", "AZURE_ADLS_GEN2_SAS_URI", "AZURE_SAS_URI"] as const) {
      databricks.store.kind = kind;
      const [sent, there] = (await inPython(LOG_LARGE)).split(" ");
      expect(there, kind).to.equal(sent);
    }
    expect(databricks.store.asked.join("\n")).to.contain("comp=blocklist").and.contain("action=flush");
  });

  it("registers a folder and a run's model in Databricks' own registry, as a program, and plans nothing more", async () => {
    const path = join(azure.paths.folder, "model");
    await inPython(SAVE, path);
    onDatabricks = await ProgramStack.create({ paths: azure.paths, environment }, "databricks", {
      databricks: `https://${DATABRICKS_HOST}`,
      path,
      run: `runs:/${runId}/model`,
      team: "risk",
    });
    await onDatabricks.succeeds("up", "--yes", "--skip-preview");
    const { id, fromRunId, modelUri } = await onDatabricks.outputs();
    expect([id, fromRunId]).to.deep.equal(["models:/from-here/1", "models:/from-run/1"]);
    expect(modelUri).to.match(/^dbfs:\/databricks\/mlflow-tracking\/\d+\/[0-9a-f]{32}\/artifacts\/model$/);
    await onDatabricks.succeeds("preview", "--expect-no-changes");
    await onDatabricks.succeeds("refresh", "--yes", "--expect-no-changes");
  });

  it("has MLflow's own client load what was registered there, byte by byte, with its words", async () => {
    const here = JSON.parse(await inPython(READ_BACK, "from-here")) as ReadBack;
    const { digest } = await onDatabricks.outputs();
    const large = readFileSync(join(azure.paths.folder, "model", "weights.bin"));
    expect(here.predicts).to.deep.equal([0, 1]);
    expect(here.large).to.equal(createHash("sha256").update(large).digest("hex"));
    expect(here.tags).to.deep.equal({
      team: "risk",
      "alias.champion": "true",
      "pulumi-azureml.digest": digest,
    });
    const copied = JSON.parse(await inPython(READ_BACK, "from-run")) as ReadBack;
    expect(copied.predicts).to.deep.equal([0, 1]);
    expect(copied.tags).to.include({
      "pulumi-azureml.runId": runId,
      "mlflow.source.git.commit": "4f2a",
    });
  });

  it("retags a version there in place", async () => {
    onDatabricks.set("team", "fraud");
    await onDatabricks.succeeds("up", "--yes", "--skip-preview");
    const { tags } = JSON.parse(await inPython(READ_BACK, "from-here")) as ReadBack;
    expect(tags).to.include({ team: "fraud", "alias.champion": "true" });
  });

  it("keeps Databricks' token and its signatures out of that state too", async () => {
    const text = await onDatabricks.succeeds("stack", "export");
    expect(text).to.contain(DATABRICKS_HOST);
    expect(text).to.not.contain(databricks.token).and.not.match(/sig=/);
  });
});
