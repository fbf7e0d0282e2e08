import { expect } from "chai";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createMlflow } from "../../providers/clients/mlflow";
import { check, create, delete as remove, diff, read, update } from "../../providers/mlflow-model/provider";
import * as custom from "../../providers/custom-model/provider";
import type { ModelVersionInputs, ModelVersionOutputs } from "../../providers/models/types";
import { takeRun } from "../../providers/models/upload-run";
import { MemoryMlflow } from "../helpers/memory-mlflow";

/** MLflow 3's, which Azure ML can't serve and an MLflow server can hold. */
const MLMODEL = "flavors:\n  sklearn: {}\nmlflow_version: 3.15.0\n";

describe("a model registered on an MLflow server", () => {
  const root = mkdtempSync(join(tmpdir(), "pulumi-azureml-target-"));
  let count = 0;
  let mlflow: MemoryMlflow;
  let trackingUri: string;

  beforeEach(async () => {
    mlflow = new MemoryMlflow();
    trackingUri = await mlflow.start();
  });
  afterEach(async () => await mlflow.stop());
  after(() => rmSync(root, { recursive: true, force: true }));

  /** Declares a folder with these files beside its `MLmodel`. */
  const inputs = async (
    files: Record<string, string | Buffer>,
    more: Partial<ModelVersionInputs> = {},
  ): Promise<ModelVersionInputs> => {
    const path = mkdtempSync(join(root, `model-${(count += 1)}-`));
    for (const [name, content] of Object.entries({ MLmodel: MLMODEL, ...files }))
      writeFileSync(join(path, name), content);
    return await checked({ server: { trackingUri }, name: "churn", path, onDelete: "delete", ...more });
  };
  const checked = async (news: ModelVersionInputs): Promise<ModelVersionInputs> => {
    const { failures = [], inputs: made = news } = await check(news, news);
    expect(failures).to.deep.equal([]);
    return made;
  };
  const made = async (news: ModelVersionInputs): Promise<{ id: string; outs: ModelVersionOutputs }> => {
    const { id, outs } = await create(news);
    return { id, outs: outs ?? expect.fail() };
  };
  const failed = async (work: Promise<unknown>): Promise<string> =>
    await work.then(
      () => expect.fail("nothing was refused"),
      (error: Error) => error.message,
    );
  const sent = (): string[] => mlflow.asked.filter((request) => request.startsWith("PUT "));
  const tagsOf = (index: number): Record<string, string> =>
    Object.fromEntries((mlflow.versions[index]?.tags ?? []).map(({ key, value }) => [key, value]));

  it("points at artifacts of a run of its own, with its words, its digest and its alias", async () => {
    const words = { description: "who leaves", tags: { team: "risk" }, aliases: ["champion"] };
    const news = await inputs({ "model.pkl": "bytes" }, words);
    const { id, outs } = await made(news);
    expect(id).to.equal("models:/churn/1");
    expect(outs).to.include({
      version: "1",
      digest: news.digest,
      modelUri: "mlflow-artifacts:/0/r1/artifacts/model",
    });
    expect(mlflow.versions[0]).to.deep.include({
      name: "churn",
      source: outs.modelUri,
      run_id: "r1",
      description: "who leaves",
    });
    expect(tagsOf(0)).to.deep.equal({ team: "risk", "pulumi-azureml.digest": news.digest });
    expect(mlflow.aliases.get("champion")).to.equal("1");
    expect(mlflow.artifacts.get("0/r1/artifacts/model/model.pkl")?.toString()).to.equal("bytes");
    expect(mlflow.runs.get("r1")?.info.status).to.equal("FINISHED");
  });

  it("is the version that has its content, and sends nothing then", async () => {
    const { id } = await made(await inputs({ "model.pkl": "bytes" }));
    const before = sent().length;
    const again = await made(await inputs({ "model.pkl": "bytes" }, { tags: { team: "fraud" } }));
    expect(again.id).to.equal(id);
    expect(sent()).to.have.length(before);
    expect(tagsOf(0)).to.include({ team: "fraud" });
  });

  it("with other content is the next one, which its alias then leads to", async () => {
    const first = await made(await inputs({ "model.pkl": "one" }, { aliases: ["champion"] }));
    const news = await inputs({ "model.pkl": "two" }, { aliases: ["champion"] });
    expect((await diff(first.id, first.outs, news)).replaces).to.deep.equal(["digest"]);
    expect((await made(news)).id).to.equal("models:/churn/2");
    expect([...mlflow.aliases]).to.deep.equal([["champion", "2"]]);
    await remove(first.id, first.outs);
    expect(mlflow.versions.map(({ version }) => version)).to.deep.equal(["2"]);
    await remove(first.id, first.outs);
  });

  it("is retagged and described in place; tags and aliases of others stay", async () => {
    const news = await inputs({}, { tags: { team: "risk", stage: "dev" }, aliases: ["champion"] });
    const { id, outs } = await made(news);
    mlflow.versions[0]?.tags.push({ key: "other", value: "theirs" });
    mlflow.aliases.set("theirs", "1");
    const changed = { ...news, description: "second", tags: { team: "fraud" }, aliases: ["shadow"] };
    await update(id, outs, changed);
    expect(tagsOf(0)).to.deep.equal({
      team: "fraud",
      other: "theirs",
      "pulumi-azureml.digest": outs.digest,
    });
    expect(mlflow.versions[0]?.["description"]).to.equal("second");
    expect([...mlflow.aliases.keys()]).to.have.members(["shadow", "theirs"]);
  });

  it("shows in a refresh what somebody changed, and that somebody deleted it", async () => {
    const news = await inputs({}, { tags: { team: "risk" }, aliases: ["champion"] });
    const { id, outs } = await made(news);
    mlflow.aliases.delete("champion");
    mlflow.versions[0]?.tags.splice(0, 1, { key: "team", value: "sales" });
    const seen = await read(id, outs);
    expect(seen.inputs).to.deep.include({ tags: { team: "sales" }, aliases: [] });
    mlflow.versions.splice(0);
    expect((await read(id, outs)).id).to.equal("");
  });

  it("is not there when a file could not be sent, and its upload goes on with what is missing", async () => {
    const news = await inputs({ a: "1", b: "2", c: "3" });
    mlflow.before = (request) => (request.endsWith("/c") ? 403 : undefined);
    expect(await failed(create(news))).to.contain("403");
    expect(mlflow.versions).to.deep.equal([]);
    expect(mlflow.runs.get("r1")?.info.status).to.equal("FAILED");
    mlflow.before = () => undefined;
    mlflow.asked.length = 0;
    // What is not the file, as a store that lost its end would have it, is sent as well.
    mlflow.artifacts.set("0/r1/artifacts/model/b", Buffer.from("x"));
    await made(news);
    expect(sent().map((request) => request.slice(-2))).to.have.members(["/b", "/c"]);
    expect(mlflow.artifacts.get("0/r1/artifacts/model/b")?.toString()).to.equal("2");
  });

  it("is not there when the server has less than was sent", async () => {
    const news = await inputs({ a: "1234" });
    let lists = 0;
    mlflow.before = (request) => {
      if (request === "GET mlflow-artifacts/artifacts" && (lists += 1) === 2)
        mlflow.artifacts.set("0/r1/artifacts/model/a", Buffer.from("12"));
      return undefined;
    };
    expect(await failed(create(news))).to.contain("1 of 2 files are not there as they were sent, a for");
    expect(mlflow.versions).to.deep.equal([]);
  });

  it("is registered once where the answer to it was lost", async () => {
    let creates = 0;
    mlflow.before = (request) =>
      request === "POST model-versions/create" && (creates += 1) === 1 ? "lost" : undefined;
    expect((await made(await inputs({}))).id).to.equal("models:/churn/1");
    expect(mlflow.versions).to.have.length(1);
    expect(creates).to.equal(1);
  });

  it("is registered where the request for it was lost", async () => {
    let creates = 0;
    mlflow.before = (request) =>
      request === "POST model-versions/create" && (creates += 1) === 1 ? "lose" : undefined;
    expect((await made(await inputs({}))).id).to.equal("models:/churn/1");
    expect(mlflow.versions).to.have.length(1);
  });

  it("is one of several files, large ones streamed, taken from the same server", async () => {
    const large = Buffer.alloc(9_000_000, 7);
    await made(await inputs({ large }));
    const place = { server: { trackingUri }, name: "copy", onDelete: "retain" as const };
    const { outs } = await made(await checked({ ...place, source: "models:/churn/1" }));
    expect(mlflow.artifacts.get(`${outs.modelUri.slice("mlflow-artifacts:/".length)}/large`)).to.deep.equal(
      large,
    );
    expect(tagsOf(1)).to.include({ "pulumi-azureml.source": "models:/churn/1" });
    // The run that has the first one's files is what the server knows of where it was made.
    expect(mlflow.versions[1]?.["run_id"]).to.equal("r1");
  });

  it("is sent in parts past the server where its store takes them, and is not there when one doesn't arrive", async () => {
    const large = Buffer.alloc(40_000_000, "large");
    mlflow.takesParts = true;
    mlflow.before = (request) => (request === "PUT /store" ? 403 : undefined);
    const news = await inputs({ large });
    expect(await failed(create(news))).to.match(/the store answered part \d with 403/);
    expect(mlflow.asked).to.include("POST mlflow-artifacts/mpu/abort/0/r1/artifacts/model");
    expect(mlflow.versions).to.deep.equal([]);
    mlflow.before = () => undefined;
    await made(news);
    expect(mlflow.artifacts.get("0/r1/artifacts/model/large")).to.deep.equal(large);
    expect(mlflow.parts.size).to.equal(3);
    expect(sent().filter((request) => request.endsWith("/large"))).to.deep.equal([]);
  });

  it("goes to a folder that the server on this machine keeps artifacts in, and to no store out of reach", async () => {
    const folder = mkdtempSync(join(root, "artifacts-"));
    mlflow.artifactRoot = folder;
    const { outs } = await made(await inputs({ "model.pkl": "bytes" }));
    expect(outs.modelUri).to.equal(`${folder}/0/r1/artifacts/model`);
    expect(readFileSync(join(outs.modelUri, "model.pkl"), "utf8")).to.equal("bytes");
    mlflow.artifactRoot = "s3://bucket/planted";
    expect(await failed(create(await inputs({ other: "x" })))).to.contain(
      "Allowed: mlflow-artifacts:/…, on Databricks",
    );
    expect(mlflow.versions).to.have.length(1);
  });

  it("is refused by Unity Catalog, by Databricks on Google Cloud, by a workspace's own address, and of a kind that MLflow doesn't know", async () => {
    const news = await inputs({});
    for (const [uri, name, why] of [
      ["https://adb-1.2.azuredatabricks.net", "main.risk.churn", "Unity Catalog"],
      ["https://1.2.gcp.databricks.com", "churn", "sourceServer"],
      ["azureml://westeurope.api.azureml.ms/mlflow/v1.0/subscriptions/S", "churn", "workspaceId"],
    ] as const)
      expect(await failed(create({ ...news, name, server: { trackingUri: uri } })), uri).to.contain(why);
    const triton = { ...news, type: "triton_model" as const };
    expect(await failed(custom.create(triton))).to.contain("Triton");
  });

  it("leaves the run of an upload that goes on to whoever sends it, and takes over one that stands still", async () => {
    const content = "4f".repeat(32);
    const tags = { "pulumi-azureml.upload": content, "pulumi-azureml.sender": "them 1" };
    const other = mlflow.leaveRun("theirs", "RUNNING", tags);
    const take = async (sleep: () => Promise<unknown>): Promise<string> => {
      const run = await takeRun(createMlflow({ trackingUri }), "0", "churn", content, () => undefined, sleep);
      await run.end("FAILED");
      return run.id;
    };
    const beating = async (): Promise<unknown> =>
      other.data.tags.splice(1, 1, { key: "pulumi-azureml.sender", value: "them 2" });
    expect(await take(beating)).to.equal("r2");
    mlflow.runs.delete("r2");
    expect(await take(async () => undefined)).to.equal("theirs");
  });
});
