import { expect } from "chai";
import execa from "execa";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createMlflow, type Mlflow } from "../../providers/clients/mlflow";
import { serverSource } from "../../providers/models/server-source";
import type { ModelSource } from "../../providers/models/source";
import { clientsPython, python } from "../../tools/paths";
import { startMlflowServer, type MlflowServerProcess } from "../helpers/mlflow-server";

/** Logs a small model in a run that says its commit, and registers it: prints the run's id. */
const LOG_AND_REGISTER = `
import mlflow, numpy
from sklearn.linear_model import LogisticRegression
mlflow.set_experiment("source")
model = LogisticRegression().fit([[0.0], [1.0]], [0, 1])
with mlflow.start_run() as run:
    mlflow.set_tag("mlflow.source.git.commit", "4f2a")
    mlflow.sklearn.log_model(model, "model", input_example=numpy.array([[0.5]]), registered_model_name="there")
mlflow.MlflowClient().set_registered_model_alias("there", "champion", "1")
print(run.info.run_id)
`;

for (const [version, executable] of [
  ["2.22", python],
  ["3.15", clientsPython],
] as const) {
  describe(`models from an MLflow ${version} server`, function () {
    this.timeout(240_000);
    const folder = mkdtempSync(join(tmpdir(), "pulumi-azureml-client-"));
    let process_: MlflowServerProcess;
    let mlflow: Mlflow;
    let runId: string;
    const soon = (): AbortSignal => AbortSignal.timeout(30_000);
    const inPython = async (script: string): Promise<string> => {
      const env = {
        MLFLOW_TRACKING_URI: process_.url,
        MLFLOW_DISABLE_TELEMETRY: "true",
        GIT_PYTHON_REFRESH: "quiet",
      };
      return (await execa(executable, ["-c", script], { cwd: folder, env })).stdout;
    };
    const from = (text: string): ModelSource => serverSource(() => mlflow, text);
    const bytesOf = async (source: ModelSource): Promise<Record<string, string>> => {
      const digests: Record<string, string> = {};
      for (const file of await source.files()) {
        const hash = createHash("sha256");
        for await (const chunk of await file.open()) hash.update(chunk as Buffer);
        digests[file.path] = hash.digest("hex");
      }
      return digests;
    };

    before(async () => {
      process_ = await startMlflowServer(executable);
      mlflow = createMlflow({ trackingUri: process_.url });
      runId = (await inPython(LOG_AND_REGISTER)).trim().split("\n").at(-1) ?? "";
    });
    after(async () => {
      await process_?.stop();
      rmSync(folder, { recursive: true, force: true });
    });

    it("finds the same files by run, by version and by alias, with their lineage", async () => {
      const byVersion = from("models:/there/1");
      const bytes = await bytesOf(byVersion);
      expect(Object.keys(bytes)).to.include("MLmodel");
      for (const text of [`runs:/${runId}/model`, "models:/there@champion", "models:/there/latest"]) {
        expect(await bytesOf(from(text)), text).to.deep.equal(bytes);
        expect(await from(text).lineage(), text).to.include({ runId, gitCommit: "4f2a" });
      }
    });

    it("plans from the version that an alias leads to, and from a run's listing", async () => {
      const fixed = await from("models:/there/1").identify(soon());
      expect(await from("models:/there@champion").identify(soon())).to.deep.equal(fixed);
      const listed = await from(`runs:/${runId}/model`).identify(soon());
      expect(listed.address).to.match(/\/model#[0-9a-f]{64}$/);
    });

    it("says what isn't there", async () => {
      for (const text of [
        "models:/there/9",
        "models:/there@nobody",
        "models:/nowhere/1",
        `runs:/${runId}/none`,
      ]) {
        const error = await from(text)
          .files()
          .catch((reason: Error) => reason);
        expect(error, text).to.be.instanceOf(Error);
        expect((error as Error).message, text)
          .to.contain(text)
          .and.contain("there ");
      }
      expect(() => from("models:/there")).to.throw("models:/NAME@ALIAS");
    });
  });
}
