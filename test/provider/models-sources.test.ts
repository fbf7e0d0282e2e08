import { expect } from "chai";
import execa from "execa";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import type { JsonObject } from "../../local/json";
import { python } from "../../tools/paths";
import { archiveOf } from "../helpers/archives";
import { leaksIn } from "../helpers/leaks";
import { API, DEV as dev, ModelsAzure, TYPE as type } from "../helpers/models-azure";
import type { Remembered } from "../helpers/provider-client";
import { shareBlobs } from "../helpers/shared-blobs";

/** Logs a small model by MLflow's own client and the workspace's plug-in: prints the run's id. */
const LOG = `
import mlflow, numpy
from sklearn.linear_model import LogisticRegression
model = LogisticRegression().fit([[0.0], [1.0]], [0, 1])
with mlflow.start_run() as run:
    mlflow.log_metric("accuracy", 0.8)
    mlflow.sklearn.log_model(model, "model", input_example=numpy.array([[0.5]]))
print(run.info.run_id)
`;

/** Models from everywhere into one workspace, by Pulumi's own provider process on the local Azure; the first version is there before. */
describe("sources of models on the local Azure", () => {
  const models = new ModelsAzure();
  let first: Remembered;

  before(async () => {
    await models.start();
    first = await models.created({ workspaceId: dev, path: models.folder, aliases: ["champion"] });
  });
  after(async () => await models.close());

  it("an alias and an address of a datastore lead to a version's files", async () => {
    const { modelUri } = (await models.live(first.id)).properties;
    for (const source of ["models:/churn@champion", "models:/churn/1", modelUri]) {
      const found = await models.created({ workspaceId: dev, source, name: "taken" });
      expect([found.id, found.outputs["digest"]]).to.deep.equal([
        `${dev}/models/taken/versions/1`,
        first.outputs["digest"],
      ]);
    }
  });

  it("what a job put out is registered with its lineage, once the job is completed", async () => {
    const jobId = `${dev}/jobs/quiet_river`;
    const job = (status: string): object => ({
      properties: {
        jobType: "Command",
        command: "python train.py",
        environmentId: `${dev}/environments/train/versions/1`,
        properties: { "azureml.git.commit": "4f2a" },
        outputs: {
          model: {
            jobOutputType: "mlflow_model",
            uri: /azureml:.*/.exec(modelUri)?.[0].replace(/\/model$/, ""),
          },
        },
        status,
      },
    });
    const { modelUri } = (await models.live(first.id)).properties;
    const source = "azureml://jobs/quiet_river/outputs/model/paths/model";
    const inputs = {
      workspaceId: dev,
      source,
      name: "trained",
      onDelete: "retain",
      __provider: models.mlflow,
    };
    await models.arm("put", jobId, API, job("Running"));
    const { failures } = await models.provider.client.check(type, "it", inputs);
    expect(failures["source"]).to.contain("the job is Running");
    await models.arm("put", jobId, API, job("Completed"));
    const trained = await models.created(inputs);
    expect(trained.outputs["digest"]).to.equal(first.outputs["digest"]);
    expect((await models.live(trained.id)).properties.properties).to.include({
      "pulumi-azureml.source": source,
      "pulumi-azureml.jobName": "quiet_river",
      "mlflow.source.git.commit": "4f2a",
    });
    const wrong = { ...inputs, source: "azureml://jobs/quiet_river/outputs/data" };
    expect((await models.provider.client.check(type, "it", wrong)).failures["source"]).to.contain(
      "Allowed: artifacts, default, model",
    );
  });

  let logged: { readonly runId: string; readonly inputs: JsonObject };

  it("what a run logged is registered as the run's own client logged it", async () => {
    const workspace = await models.arm<{ properties: { mlFlowTrackingUri: string } }>("read", dev, API);
    const env = {
      ...models.azure.environment(),
      MLFLOW_TRACKING_URI: workspace.properties.mlFlowTrackingUri,
    };
    const { stdout } = await execa(python, ["-c", LOG], {
      env,
      cwd: models.azure.paths.folder,
      extendEnv: false,
    });
    const runId = stdout.trim().split("\n").at(-1) ?? "";
    const inputs = { workspaceId: dev, source: `runs:/${runId}/model`, name: "logged" };
    logged = { runId, inputs };
    const version = await models.created(inputs);
    expect(version.id).to.equal(`${dev}/models/logged/versions/1`);
    expect((await models.live(version.id)).properties.properties["pulumi-azureml.runId"]).to.equal(runId);
    const again = await models.provider.client.diff(version, await models.checked(inputs));
    expect(again.kind).to.equal("none");
    const none = { onDelete: "retain", ...inputs, source: "runs:/none/model", __provider: models.mlflow };
    expect((await models.provider.client.check(type, "it", none)).failures["source"]).to.contain(
      "there are no files",
    );
  });

  it("a run that is not good enough is refused by a plan and by `up`, and makes no version", async () => {
    const { runId, inputs } = logged;
    const accept = (min: number, metric = "accuracy"): JsonObject => ({
      ...inputs,
      onDelete: "retain",
      name: "judged",
      accept: { runMetrics: [{ metric, min }] },
      __provider: models.mlflow,
    });
    const { client } = models.provider;
    const refusal = async (asked: JsonObject): Promise<string | undefined> =>
      (await client.check(type, "it", asked)).failures[""];
    expect(await refusal(accept(0.9))).to.equal("it is not accepted: accuracy of its run 0.8, at least 0.9");
    expect(await refusal(accept(0.9, "f1"))).to.equal(
      `it is not accepted: run ${runId} of its model has no metric f1: log it there; it has accuracy`,
    );
    const planned = await models.checked(accept(0.7));
    const error = await client.create(type, "it", { ...planned, ...accept(0.9) }).then(
      () => expect.fail("it was made"),
      (failed: Error) => failed.message,
    );
    expect(error).to.contain(
      "accept: it is not accepted: accuracy of its run 0.8, at least 0.9. Try: a better model",
    );
    expect((await models.created(accept(0.7))).id).to.equal(`${dev}/models/judged/versions/1`);
    expect(await refusal(accept(0.9)), "gone back to").to.equal(undefined);
  });

  it("a folder and an archive of blobs are taken as who runs the command, and by a signature that nobody gets to read", async () => {
    const archive = archiveOf("tgz", [
      { name: "MLmodel", bytes: readFileSync(join(models.folder, "MLmodel")) },
    ]);
    const share = async (): Promise<string> =>
      await shareBlobs(models.azure, "stmodels", {
        "theirs/model/MLmodel": readFileSync(join(models.folder, "MLmodel")),
        "theirs/model.tgz": archive,
      });
    const sas = await share();
    const planted = { signature: decodeURIComponent(/sig=([^&]+)/.exec(sas)?.[1] ?? "") };
    const place = "https://stmodels.blob.core.windows.net/shared/theirs/model";
    const digests = new Set<unknown>();
    for (const address of [place, `${place}.tgz`]) {
      for (const source of [address, `${address}?${sas}`]) {
        const inputs = { workspaceId: dev, source, name: "theirs" };
        const made = await models.created(inputs);
        digests.add(made.outputs["digest"]);
        expect(await models.provider.client.diff(made, await models.checked(inputs))).to.deep.include({
          kind: "none",
        });
        const { properties } = await models.live(made.id);
        expect(properties.properties["pulumi-azureml.source"]).to.equal(place);
        const shown = JSON.stringify([properties, { ...made.outputs, source: undefined }]);
        expect(leaksIn(shown + models.provider.progress(), planted)).to.deep.equal([]);
        // The search finds it where the program has put it.
        if (source !== address) expect(leaksIn(JSON.stringify(made.outputs), planted)).to.not.deep.equal([]);
      }
    }
    expect([...digests]).to.have.length(1);

    // Put there once more, the same bytes look like others to a plan; what replaces the version is the version.
    const inputs = { workspaceId: dev, source: place, name: "again", onDelete: "delete" };
    const before_ = await models.created(inputs);
    await share();
    const news = await models.checked(inputs);
    expect((await models.provider.client.diff(before_, news)).replaces).to.deep.equal(["address"]);
    expect((await models.provider.client.create(type, "it", news)).id).to.equal(before_.id);
    await models.provider.client.delete(before_);
    expect(await models.arm("read", before_.id, API)).to.not.equal(null);

    const wrong = { workspaceId: dev, source: `${place}?${sas.replace("sp=rl", "sp=rwl")}`, name: "wrong" };
    const unread = await models.checked(wrong);
    await models.said(/theirs\/model: could not be read \(AuthenticationFailed\)/);
    const failed = await models.provider.client
      .create(type, "it", unread)
      .then(String, (error: Error) => error.message);
    expect(failed).to.match(/AuthenticationFailed|not authorized|Signature/i);
    expect(leaksIn(failed + models.provider.progress(), planted)).to.deep.equal([]);
  });

  it("an archive, and assets put together, are the version that their folder is", async () => {
    const entries = readdirSync(models.folder, { recursive: true, withFileTypes: true }).flatMap((entry) => {
      const path = join(entry.parentPath, entry.name);
      return entry.isFile() ? [{ name: relative(models.folder, path), bytes: readFileSync(path) }] : [];
    });
    for (const kind of ["zip", "tar", "tgz"] as const) {
      const path = join(models.azure.paths.folder, `packed.${kind}`);
      writeFileSync(path, archiveOf(kind, entries));
      expect((await models.created({ workspaceId: dev, path, name: "churn" })).id).to.equal(first.id);
      // Under another name every byte is read from the archive and sent.
      const other = await models.created({ workspaceId: dev, path, name: `packed-${kind}` });
      expect(other.outputs["digest"]).to.equal(first.outputs["digest"]);
    }
    const [one, ...others] = entries.map(({ name }) => [name, { file: join(models.folder, name) }] as const);
    const text = { text: readFileSync(join(models.folder, String(one?.[0])), "utf8") };
    const files = { ...Object.fromEntries(others), [String(one?.[0])]: text };
    const assets = await models.created({ workspaceId: dev, path: { files }, name: "assets" });
    expect(assets.outputs["digest"]).to.equal(first.outputs["digest"]);
  });

  it("an archive or assets that lead out of the model's folder, or hold no model, are refused for the plan", async () => {
    const refused = async (path: JsonObject | string): Promise<string | undefined> => {
      const inputs = { onDelete: "retain", name: "churn", workspaceId: dev, path, __provider: models.mlflow };
      return (await models.provider.client.check(type, "it", inputs)).failures["path"];
    };
    const packed = join(models.azure.paths.folder, "wrong.zip");
    writeFileSync(packed, archiveOf("zip", [{ name: "../MLmodel", bytes: Buffer.from("x") }]));
    expect(await refused(packed)).to.contain("../MLmodel");
    expect(await refused({ files: { "../MLmodel": { text: "x" } } })).to.contain("../MLmodel");
    expect(await refused({ files: { MLmodel: { file: models.folder } } })).to.contain("is a folder");
    writeFileSync(packed, archiveOf("zip", [{ name: "model/MLmodel", bytes: Buffer.from("x") }]));
    expect(await refused(packed)).to.contain("there is model/MLmodel: name, or pack, the folder");
  });
});
