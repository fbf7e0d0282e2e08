import { expect } from "chai";
import execa from "execa";
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { DEPLOYER, SUBSCRIPTION_ID } from "../../local/cloud";
import { localPath } from "../../local/environment";
import { packageRoot, python } from "../../tools/paths";
import { AzureWorkspace } from "../helpers/azure-workspace";
import { DATABRICKS_HOST, startDatabricks, type DatabricksStandIn } from "../helpers/databricks";
import { programStack, type Stack } from "../helpers/local-azure";
import { startMlflowServer, type MlflowServerProcess } from "../helpers/mlflow-server";

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
const SCORE = `
import json, requests, sys
from azure.identity import EnvironmentCredential
token = EnvironmentCredential().get_token("https://ml.azure.com/.default").token
body = {"input_data": [[0.0], [1.0]]}
answer = requests.post(sys.argv[1], json=body, headers={"authorization": f"Bearer {token}"})
print(answer.status_code, answer.text)
`;

/** Azure ML's how-to-use-mlflow-azure-databricks and its notebook track_with_databricks_deploy_aml, step by step; then the same as a program. */
describe("what Azure ML's page on MLflow and Azure Databricks says to do", () => {
  let mlflow: MlflowServerProcess;
  let databricks: DatabricksStandIn;
  let azure: AzureWorkspace;
  let stack: Stack;
  let runId: string;

  const environment = (): NodeJS.ProcessEnv => ({
    ...azure.environment,
    PATH: localPath(),
    DATABRICKS_HOST: `https://${DATABRICKS_HOST}`,
    DATABRICKS_TOKEN: databricks.token,
    MLFLOW_DISABLE_TELEMETRY: "true",
    GIT_PYTHON_REFRESH: "quiet",
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
});
