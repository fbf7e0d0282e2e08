import { expect } from "chai";
import fastify, { type FastifyInstance } from "fastify";
import type { BatchJobState } from "../../local/batch/job";
import { batchJobResource } from "../../local/batch/job-resource";
import type { JsonObject } from "../../local/json";
import { Artifacts } from "../../local/mlflow/artifacts";
import { batchRunSource } from "../../local/mlflow/batch-runs";
import { answerError } from "../../local/mlflow/errors";
import type { Blobs } from "../../local/mlflow/model-files";
import { outputUriRoutes, runHistoryRoutes } from "../../local/mlflow/run-history";
import { FakeBatchJobs } from "./batch-fixtures";
import { memoryStore, workspace, workspaceResource } from "./mlflow-fixtures";

const place = { account: "stone", container: "c", prefix: "p" };
const id = `${workspace.id}/jobs/run-1`;
const outputUri = "azureml://datastores/workspaceblobstore/paths/azureml/step-1/score/";
const resource = batchJobResource(
  {
    spec: {
      ...{ id, clusterId: `${workspace.id}/computes/cpu-cluster`, instances: 1, concurrencyPerInstance: 1 },
      ...{ miniBatchSize: 1, errorThreshold: -1, maxRetries: 3, timeout: 1000, outputAction: "AppendRow" },
      ...{
        outputFileName: "predictions.csv",
        environmentVariables: {},
        model: { ...place, type: "mlflow_model" },
      },
      ...{ code: undefined, environment: undefined, output: place, logs: place },
      input: { ...place, kind: "uri_folder" },
    },
    child: "step-1",
    endpointId: `${workspace.id}/batchEndpoints/nightly`,
    deployment: "first",
    outputUri,
    created: "2026-01-02T03:04:05.000Z",
  },
  "nightly",
  "c1",
);

/** Blobs in memory, as far as a run's artifacts need them. */
function memoryBlobs(): Blobs & { readonly files: Map<string, string> } {
  const files = new Map<string, string>();
  const client = {
    createIfNotExists: () => Promise.resolve(),
    getBlockBlobClient: (name: string) => ({
      upload: (bytes: Buffer) => Promise.resolve(files.set(name, bytes.toString())),
    }),
    getBlobClient: (name: string) => ({ exists: () => Promise.resolve(files.has(name)) }),
    listBlobsFlat: async function* ({ prefix }: { prefix: string }) {
      for (const name of files.keys()) if (name.startsWith(prefix)) yield await Promise.resolve({ name });
    },
  };
  return { files, containerClient: () => client as unknown as ReturnType<Blobs["containerClient"]> };
}

describe("the run history of batch jobs", () => {
  let app: FastifyInstance;
  let jobs: FakeBatchJobs;
  let blobs: ReturnType<typeof memoryBlobs>;

  beforeEach(async () => {
    const store = memoryStore(workspaceResource, resource);
    jobs = new FakeBatchJobs();
    blobs = memoryBlobs();
    const sasUrl = (_account: string, container: string, blob: string): string =>
      `https://${container}/${blob}`;
    const artifacts = new Artifacts(store, blobs, sasUrl, () => new Date(0));
    app = fastify();
    app.setErrorHandler(answerError);
    app.decorateRequest("workspace", null);
    app.addHook("onRequest", (request, _reply, done) => {
      request.setDecorator("workspace", workspace);
      done();
    });
    const sources = [batchRunSource({ store, artifacts, jobs })];
    runHistoryRoutes(app, sources);
    outputUriRoutes(app, sources);
    await app.ready();
  });
  afterEach(async () => await app.close());

  const get = async (url: string): Promise<JsonObject> => (await app.inject({ method: "GET", url })).json();
  const post = async (url: string, payload: object): Promise<JsonObject> =>
    (await app.inject({ method: "POST", url, payload })).json();

  it("has a job and the one step below it, as far as the job is", async () => {
    expect(await get("/runs/run-1")).to.include({ runId: "run-1", status: "NotStarted" });
    const failed: BatchJobState = {
      status: "Failed",
      startTime: "2026-01-02T03:04:06.000Z",
      files: { total: 3, succeeded: 1, failed: 2 },
      rows: 5,
      processes: [],
      error: { code: "UserError", message: "two files failed" },
    };
    jobs.states.set(id, failed);
    const { value } = (await get("/runs/run-1/children")) as { value: JsonObject[] };
    expect(value).to.have.length(1);
    expect(value[0]).to.deep.include({
      runId: "step-1",
      parentRunId: "run-1",
      displayName: "batchscoring",
      status: "Failed",
      startTimeUtc: failed.startTime,
      error: { error: failed.error },
    });
    expect(value[0]?.["properties"]).to.include({ "azureml.batch.files": "3", "azureml.batch.rows": "5" });
    expect(await get("/runs/step-1/children")).to.deep.equal({ value: [] });
  });

  it("tells where the step's output is", async () => {
    const { runMetadata } = (await post("/rundata", { runId: "step-1" })) as { runMetadata: JsonObject };
    const { score } = runMetadata["outputs"] as { score: { assetId: string; type: string } };
    expect(score.type).to.equal("uri_folder");
    const asked = await post("/dataversion/batchGetResolvedUris", { values: [score.assetId] });
    expect(asked).to.deep.equal({ values: { [score.assetId]: { uri: outputUri, type: "uri_folder" } } });
  });

  it("gives the newest log of a job, and the files that its step left", async () => {
    blobs.files.set("ExperimentRun/dcid.step-1/logs/user/error.txt", "boom");
    const job = await get("/runs/run-1/details");
    const log = "ExperimentRun/dcid.run-1/logs/azureml/executionlogs.txt";
    expect(job["logFiles"]).to.deep.equal({ "logs/azureml/executionlogs.txt": `https://azureml/${log}` });
    expect(blobs.files.get(log)).to.equal(`10000 lines of ${id}`);
    const step = await get("/experimentids/nightly/runs/step-1/details");
    expect(Object.keys(step["logFiles"] as object)).to.deep.equal(["logs/user/error.txt"]);
  });

  it("knows no other runs and assets", async () => {
    for (const [method, url, payload] of [
      ["GET", "/runs/run-2", undefined],
      ["POST", "/rundata", { runId: "run-2" }],
      ["POST", "/dataversion/batchGetResolvedUris", { values: ["azureml://data/x/versions/1"] }],
    ] as const)
      expect((await app.inject({ method, url, ...(payload && { payload }) })).statusCode, url).to.equal(404);
    expect((await app.inject({ method: "POST", url: "/rundata", payload: {} })).statusCode).to.equal(400);
  });
});
