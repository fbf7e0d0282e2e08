import { expect } from "chai";
import execa from "execa";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createBlobAccess } from "../../local/blobs/access";
import { startAzurite, type Azurite } from "../../local/blobs/azurite";
import { statePaths } from "../../local/state";
import { createMlflow, type Mlflow } from "../../providers/clients/mlflow";
import { getModel, getVersion, versionsOf } from "../../providers/clients/mlflow-registry";
import type { MlflowServer } from "../../providers/clients/mlflow-server";
import { tagRecord } from "../../providers/clients/mlflow-tracking";
import * as custom from "../../providers/custom-model/provider";
import * as model from "../../providers/mlflow-model/provider";
import type { ModelVersionInputs, ModelVersionOutputs } from "../../providers/models/types";
import { clientsPython, python } from "../../tools/paths";
import { startGuard, startMlflowServer, type MlflowServerProcess } from "../helpers/mlflow-server";

/** Saves a small model in a folder, and logs one in a run of the server. */
const SAVE = `
import mlflow, numpy, sys
from sklearn.linear_model import LogisticRegression
model = LogisticRegression().fit([[0.0], [1.0]], [0, 1])
mlflow.sklearn.save_model(model, sys.argv[1], input_example=numpy.array([[0.5]]))
mlflow.set_experiment("trained")
with mlflow.start_run() as run:
    mlflow.set_tag("mlflow.source.git.commit", "4f2a")
    mlflow.sklearn.log_model(model, "model")
print(run.info.run_id)
`;

/** Loads a version as its users do, and prints what it predicts and what the registry says of it. */
const LOAD = `
import json, mlflow, numpy
version = mlflow.MlflowClient().get_model_version_by_alias("churn", "champion")
model = mlflow.pyfunc.load_model("models:/churn@champion")
print(json.dumps([[int(one) for one in model.predict(numpy.array([[0.0], [1.0]]))], str(version.version), version.tags["team"], version.description]))
`;

/** The files of a version, by their digests. */
const DOWNLOAD = `
import hashlib, json, mlflow, pathlib, sys
root = pathlib.Path(mlflow.artifacts.download_artifacts(sys.argv[1]))
files = [one for one in root.rglob("*") if one.is_file() and one.name != "registered_model_meta"]
print(json.dumps({str(one.relative_to(root)): hashlib.sha256(one.read_bytes()).hexdigest() for one in files}))
`;

const WORDS = { description: "who leaves", tags: { team: "risk" }, aliases: ["champion"] };

for (const [version, executable] of [
  ["2.22", python],
  ["3.15", clientsPython],
] as const) {
  describe(`models registered on an MLflow ${version} server`, function () {
    this.timeout(240_000);
    const folder = mkdtempSync(join(tmpdir(), "pulumi-azureml-target-"));
    const saved = join(folder, "model");
    let process_: MlflowServerProcess;
    let guard: Awaited<ReturnType<typeof startGuard>>;
    let server: MlflowServer;
    let mlflow: Mlflow;
    let runId: string;

    const inPython = async (script: string, ...args: string[]): Promise<string> => {
      const env = {
        MLFLOW_TRACKING_URI: process_.url,
        MLFLOW_DISABLE_TELEMETRY: "true",
        GIT_PYTHON_REFRESH: "quiet",
      };
      const { stdout } = await execa(executable, ["-c", script, ...args], { cwd: folder, env });
      return stdout.trim().split("\n").at(-1) ?? "";
    };
    const registered = async (
      declared: Partial<ModelVersionInputs>,
      provider: Pick<typeof model, "check" | "create"> = model,
    ): Promise<{ id: string; outs: ModelVersionOutputs }> => {
      const inputs = { server, name: "churn", onDelete: "delete" as const, ...declared };
      const { inputs: news = inputs, failures = [] } = await provider.check(inputs, inputs);
      expect(failures).to.deep.equal([]);
      const { id, outs } = await provider.create(news);
      return { id, outs: outs ?? expect.fail() };
    };
    const bytesOf = async (uri: string): Promise<unknown> => JSON.parse(await inPython(DOWNLOAD, uri));

    before(async () => {
      process_ = await startMlflowServer(executable);
      guard = await startGuard(process_.url, "Bearer planted-token");
      process.env["TEST_MLFLOW_TOKEN"] = "planted-token";
      server = { trackingUri: guard.url, auth: { kind: "Token", tokenVariable: "TEST_MLFLOW_TOKEN" } };
      mlflow = createMlflow(server);
      runId = await inPython(SAVE, saved);
    });
    after(async () => {
      delete process.env["TEST_MLFLOW_TOKEN"];
      await guard?.stop();
      await process_?.stop();
      rmSync(folder, { recursive: true, force: true });
    });

    it("from a folder are loaded by the server's own client, by the alias that is the server's own", async () => {
      const { id, outs } = await registered({ path: saved, ...WORDS });
      expect(id).to.equal("models:/churn/1");
      expect(JSON.parse(await inPython(LOAD))).to.deep.equal([[0, 1], "1", "risk", "who leaves"]);
      expect(outs.modelUri).to.match(/^mlflow-artifacts:\/\d+\/[0-9a-f]{32}\/artifacts\/model$/);
      expect((await getVersion(mlflow, "churn", "1"))?.run_id).to.equal(outs.modelUri.split("/")[2]);
    });

    it("are the version that has their content", async () => {
      expect((await registered({ path: saved, ...WORDS })).id).to.equal("models:/churn/1");
      expect(await versionsOf(mlflow, "churn")).to.have.length(1);
    });

    it("from a run of the same server name that run, and have its bytes", async () => {
      const { id } = await registered({ source: `runs:/${runId}/model`, name: "logged" });
      const made = await getVersion(mlflow, "logged", "1");
      expect(made?.run_id).to.equal(runId);
      expect(tagRecord(made?.tags)).to.include({
        "pulumi-azureml.runId": runId,
        "mlflow.source.git.commit": "4f2a",
        "pulumi-azureml.source": `runs:/${runId}/model`,
      });
      expect(await bytesOf(id)).to.deep.equal(await bytesOf(`runs:/${runId}/model`));
    });

    it("from the same server, which does one thing at a time, arrive however large they are", async () => {
      const large = join(folder, "large.bin");
      writeFileSync(large, Buffer.alloc(40_000_000, "large"));
      const { id } = await registered({ path: large, name: "large" }, custom);
      const copy = await registered({ source: id, name: "copy" }, custom);
      const digest = createHash("sha256").update(Buffer.alloc(40_000_000, "large")).digest("hex");
      expect(await bytesOf(copy.id)).to.deep.equal({ "large.bin": digest });
    });

    it("by two programs at once are one version or two, each of them whole", async () => {
      writeFileSync(join(saved, "note.txt"), "both");
      const both = await Promise.all([
        registered({ path: saved, name: "raced" }),
        registered({ path: saved, name: "raced" }),
      ]);
      const numbers = (await versionsOf(mlflow, "raced")).map((one) => one.version);
      expect(numbers).to.satisfy((all: string[]) => all.join() === "1" || all.join() === "2,1");
      expect(numbers).to.include.members(both.map(({ outs }) => outs.version));
      for (const number of numbers)
        expect(await bytesOf(`models:/raced/${number}`)).to.have.property("note.txt");
    });

    it("are retagged, refreshed and deleted; other content is the next one, which the alias then leads to", async () => {
      const { id, outs } = await registered({ path: saved, ...WORDS });
      expect(id).to.equal("models:/churn/2");
      expect((await getModel(mlflow, "churn"))?.aliases).to.deep.equal([{ alias: "champion", version: "2" }]);
      const news = { ...outs, tags: { team: "fraud" }, aliases: ["shadow"], description: "second" };
      await model.update(id, outs, news);
      const live = await getVersion(mlflow, "churn", "2");
      expect(live?.description).to.equal("second");
      expect(tagRecord(live?.tags)).to.include({ team: "fraud" });
      expect((await getModel(mlflow, "churn"))?.aliases).to.deep.equal([{ alias: "shadow", version: "2" }]);
      await mlflow.send("DELETE", "model-versions/delete-tag", { name: "churn", version: "2", key: "team" });
      expect((await model.read(id, { ...outs, ...news })).inputs?.tags).to.deep.equal({});
      await model.delete(id, { ...outs, onDelete: "retain" });
      expect((await model.read(id, outs)).id).to.equal(id);
      await model.delete(id, outs);
      expect((await model.read(id, outs)).id).to.equal("");
      await model.delete(id, outs);
    });

    it("by whoever has no token are refused, and the token is in no message", async () => {
      process.env["TEST_MLFLOW_TOKEN"] = "planted-wrong";
      try {
        const error = await registered({ path: saved, name: "nobody" }).catch((reason: Error) => reason);
        expect((error as Error).message)
          .to.contain("401")
          .and.not.contain("planted");
      } finally {
        process.env["TEST_MLFLOW_TOKEN"] = "planted-token";
      }
    });
  });
}

describe("models registered on an MLflow server whose artifacts are in blobs", function () {
  this.timeout(240_000);
  const paths = statePaths(mkdtempSync(join(tmpdir(), "pulumi-azureml-blobs-")));
  const account = "stmlflow";
  let azurite: Azurite;
  let server: MlflowServerProcess;

  before(async () => {
    azurite = await startAzurite(paths);
    await createBlobAccess(azurite).containerClient(account, "artifacts").create();
    server = await startMlflowServer(python, {
      blobs: {
        destination: `wasbs://artifacts@${account}.blob.core.windows.net/mlflow`,
        connectionString: `DefaultEndpointsProtocol=http;AccountName=${account};AccountKey=${azurite.key};BlobEndpoint=http://127.0.0.1:${azurite.port}/${account};`,
      },
    });
  });
  after(async () => {
    await server?.stop();
    await azurite?.stop();
    rmSync(paths.folder, { recursive: true, force: true });
  });

  it("go there in parts, and come back through the server with the same bytes", async () => {
    const bytes = Buffer.alloc(40_000_000, "large");
    const file = join(paths.folder, "large.bin");
    writeFileSync(file, bytes);
    const declared = {
      server: { trackingUri: server.url },
      name: "churn",
      path: file,
      onDelete: "retain" as const,
    };
    const { inputs = declared } = await custom.check(declared, declared);
    const { id, outs } = await custom.create(inputs);
    const run = String(outs?.modelUri).slice("mlflow-artifacts:/".length);
    const blob = createBlobAccess(azurite)
      .containerClient(account, "artifacts")
      .getBlockBlobClient(`mlflow/${run}/large.bin`);
    const { committedBlocks } = await blob.getBlockList("committed");
    expect(committedBlocks?.map(({ size }) => size)).to.deep.equal([16_777_216, 16_777_216, 6_445_568]);
    const back = { ...declared, path: undefined, source: id, name: "back" };
    const planned = (await custom.check(back, back)).inputs ?? expect.fail();
    expect((await custom.create(planned)).outs?.digest).to.equal(outs?.digest);
  });
});

describe("models copied between two MLflow servers of one worker each", function () {
  this.timeout(240_000);
  const folder = mkdtempSync(join(tmpdir(), "pulumi-azureml-two-"));
  let two: MlflowServerProcess;
  let three: MlflowServerProcess;

  before(async () => {
    [two, three] = await Promise.all([startMlflowServer(python), startMlflowServer(clientsPython)]);
  });
  after(async () => {
    await two?.stop();
    await three?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it("are the same bytes there and back, streamed", async () => {
    const file = join(folder, "large.bin");
    writeFileSync(file, Buffer.alloc(40_000_000, "large"));
    const on = (process_: MlflowServerProcess): MlflowServer => ({ trackingUri: process_.url });
    const first = { server: on(two), name: "churn", path: file, onDelete: "retain" as const };
    const { inputs = first } = await custom.check(first, first);
    const { id, outs } = await custom.create(inputs);
    for (const [from, to] of [
      [two, three],
      [three, two],
    ] as const) {
      const copy = {
        server: on(to),
        sourceServer: on(from),
        name: "copied",
        source: id,
        onDelete: "retain" as const,
      };
      const news = from === two ? copy : { ...copy, source: "models:/copied/latest" };
      const planned = (await custom.check(news, news)).inputs ?? expect.fail();
      const copied = await custom.create(planned);
      expect(copied.outs?.digest).to.equal(outs?.digest);
    }
  });
});
