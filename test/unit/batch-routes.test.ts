import { expect } from "chai";
import fastify, { type FastifyInstance } from "fastify";
import { createExclusive } from "../../local/arm/exclusive";
import { objectAt } from "../../local/arm/objects";
import type { BatchJobState } from "../../local/batch/job";
import { batchRoutes } from "../../local/batch/routes";
import { resumeBatchJobs } from "../../local/batch/submit";
import type { JsonObject } from "../../local/json";
import { fakeVerifier, Harness, MODEL, propertiesOf, WORKSPACE } from "./arm-harness";
import {
  BATCH,
  CLUSTER,
  CUSTOM,
  DATA,
  ENVIRONMENT,
  FakeBatchJobs,
  FakePipelineJobs,
  IMAGE_ONLY,
  location,
  makeBatchParts,
  model,
  script,
} from "./batch-fixtures";

const HOST = "nightly.westeurope.inference.ml.azure.com";

describe("the address of a batch endpoint", () => {
  let arm: Harness;
  let jobs: FakeBatchJobs;
  let pipelines: FakePipelineJobs;
  let front: FastifyInstance;
  let allowed: boolean;

  beforeEach(async () => {
    arm = new Harness();
    await makeBatchParts(arm);
    const deploy = async (name: string, more: JsonObject): Promise<JsonObject> =>
      await arm.make(`${BATCH}/deployments/${name}`, { location, properties: { compute: CLUSTER, ...more } });
    await deploy("first", { model: model(MODEL), resources: { instanceCount: 2 } });
    await deploy("scripted", { model: model(CUSTOM), ...script });
    await deploy("contained", { model: model(CUSTOM), ...script, environmentId: IMAGE_ONLY });
    jobs = new FakeBatchJobs();
    pipelines = new FakePipelineJobs();
    allowed = true;
    front = fastify();
    await front.register(
      batchRoutes({
        ...{ store: arm.store, jobs, pipelines, exclusive: createExclusive(), now: () => arm.now },
        verifier: fakeVerifier,
        access: { hasRole: () => allowed },
      }),
    );
  });
  afterEach(async () => {
    const violations = arm.arm.violations();
    await front.close();
    await arm.close();
    expect(violations, "answers that break Microsoft's models").to.deep.equal([]);
  });

  const makeDefault = (): Promise<unknown> =>
    arm.make(BATCH, {
      location,
      properties: { authMode: "AADToken", defaults: { deploymentName: "first" } },
    });
  const ask = async (
    method: "GET" | "POST",
    url: string,
    properties?: JsonObject,
    headers: Record<string, string> = {},
  ): Promise<{ status: number; body: JsonObject }> => {
    const response = await front.inject({
      ...{ method, url },
      headers: { host: HOST, authorization: "Bearer good", ...headers },
      ...(properties && { payload: { properties } }),
    });
    return { status: response.statusCode, body: response.json() };
  };
  const inputData = { data: { jobInputType: "UriFolder", uri: DATA } };
  const invoke = (more: JsonObject = {}, deployment?: string) =>
    ask(
      "POST",
      "/jobs",
      { inputData, ...more },
      deployment === undefined ? {} : { "azureml-model-deployment": deployment },
    );
  const refusal = ({ status, body }: { status: number; body: JsonObject }): string =>
    `${status} ${String(objectAt(body, "error")["code"])}`;
  const running: BatchJobState = {
    status: "Running",
    files: { total: 2, succeeded: 1, failed: 0 },
    rows: 10,
    processes: [],
  };

  it("makes a job of the default deployment, and starts it", async () => {
    await makeDefault();
    const { status, body } = await invoke();
    expect(status, JSON.stringify(body)).to.equal(201);
    const [spec] = jobs.started;
    expect(spec).to.deep.include({ instances: 2, clusterId: CLUSTER, miniBatchSize: 10, timeout: 30_000 });
    expect(spec?.input).to.include({ kind: "uri_folder", prefix: "data", account: "mlstore" });
    expect(spec?.model).to.include({ type: "mlflow_model" });
    expect(body["id"]).to.equal(`${BATCH}/jobs/${String(body["name"])}`);
    expect(propertiesOf(body)).to.include({ status: "NotStarted", experimentName: "nightly" });
  });

  it("takes the deployment that a header names, with its script, and what the job has otherwise", async () => {
    const more = { miniBatchSize: 1, compute: { instanceCount: 3 }, name: "run-1" };
    expect((await invoke(more, "scripted")).status).to.equal(201);
    const [spec] = jobs.started;
    expect(spec).to.include({ instances: 3, miniBatchSize: 1, id: `${WORKSPACE}/jobs/run-1` });
    expect(spec?.code).to.include({ container: "code", prefix: "score", scoringScript: "score.py" });
    expect(spec?.environment?.condaFile).to.equal("dependencies: [pip]");
    expect(refusal(await invoke(more, "scripted")), "the same name again").to.equal("409 Conflict");
  });

  it("puts the output where the caller says", async () => {
    const uri = "azureml://datastores/workspaceblobstore/paths/out/scores.csv";
    await invoke({ outputData: { score: { jobOutputType: "UriFile", uri } } }, "first");
    expect(jobs.started[0]).to.include({ outputFileName: "scores.csv" });
    expect(jobs.started[0]?.output.prefix).to.equal("out");
  });

  it("knows a datastore's files by its ARM id, too", async () => {
    const files = `${WORKSPACE}/datastores/workspaceblobstore/paths`;
    const score = { jobOutputType: "UriFile", uri: `${files}/out/scores.csv` };
    const data = { jobInputType: "UriFolder", uri: `${files}/rows/` };
    await invoke({ inputData: { data }, outputData: { score } }, "first");
    expect(jobs.started[0]?.input.prefix).to.equal("rows");
    expect(jobs.started[0]?.output.prefix).to.equal("out");
  });

  describe("of a pipeline's deployment", () => {
    const componentId = `${WORKSPACE}/components/nightly/versions/1`;
    const step = `${WORKSPACE}/components/step/versions/1`;
    beforeEach(async () => {
      const component = async (id: string, componentSpec: JsonObject): Promise<unknown> =>
        await arm.make(id, { properties: { componentSpec } });
      await component(step, {
        ...{ type: "command", command: "score ${{inputs.data}} ${{inputs.rate}}", environment: ENVIRONMENT },
        inputs: { data: { type: "uri_folder" }, rate: { type: "number" } },
      });
      const value = (text: string): JsonObject => ({ job_input_type: "literal", value: text });
      const inputs = { data: value("${{parent.inputs.data}}"), rate: value("${{parent.inputs.rate}}") };
      await component(componentId, {
        type: "pipeline",
        inputs: { data: { type: "uri_folder" }, rate: { type: "number", default: "0.5" } },
        jobs: { score: { type: "command", componentId: step, inputs } },
      });
      const settings = { default_compute: "cpu-cluster", continue_on_step_failure: "True" };
      await arm.make(`${BATCH}/deployments/steps`, {
        location,
        properties: {
          deploymentConfiguration: {
            deploymentConfigurationType: "PipelineComponent",
            componentId: { referenceType: "Id", assetId: componentId },
            settings,
          },
        },
      });
    });

    it("makes a pipeline job of the component's steps, with the caller's values and its defaults", async () => {
      const { status, body } = await invoke({ name: "steps-1" }, "steps");
      expect(status, JSON.stringify(body)).to.equal(201);
      expect(propertiesOf(body)).to.include({ status: "NotStarted", deployment: "steps" });
      const [spec] = pipelines.started;
      expect(spec).to.include({ id: `${WORKSPACE}/jobs/steps-1`, continueOnStepFailure: true });
      expect(spec?.steps[0]).to.deep.include({ name: "score", needs: [] });
      const command = spec?.steps[0]?.kind === "command" ? spec.steps[0].spec : undefined;
      expect(command?.clusterId).to.equal(CLUSTER);
      const literal = { jobInputType: "literal", value: "0.5" };
      const job = await arm.ask("GET", `${WORKSPACE}/jobs/steps-1`);
      expect(propertiesOf(job.body)["inputs"]).to.deep.include({ rate: literal });
      const listed = (await ask("GET", "/jobs")).body["value"] as JsonObject[];
      expect(listed.map(({ name }) => name)).to.deep.equal(["steps-1"]);
    });

    it("refuses inputs that the component has not, lacks, and a second job of a name", async () => {
      const literal = { jobInputType: "Literal", value: "1" };
      const other = await invoke({ inputData: { ...inputData, speed: literal } }, "steps");
      expect(other.status).to.equal(400);
      expect(JSON.stringify(other.body)).to.contain("no input 'speed', but: data, rate");
      const lacking = await invoke({ inputData: { rate: literal } }, "steps");
      expect(JSON.stringify(lacking.body)).to.contain(
        "needs a value for its input 'data', of type uri_folder",
      );
      expect((await invoke({ name: "steps-1" }, "steps")).status).to.equal(201);
      expect(refusal(await invoke({ name: "steps-1" }, "steps"))).to.equal("409 Conflict");
      expect(pipelines.started).to.have.length(1);
    });
  });

  it("refuses what cannot run, with the reason", async () => {
    expect(refusal(await invoke()), "no default").to.equal("400 BadArgument");
    expect(refusal(await invoke({}, "nobody"))).to.equal("404 ResourceNotFound");
    expect(refusal(await invoke({ miniBatchSize: 0 }, "first"))).to.equal("400 BadArgument");
    expect(refusal(await invoke({ compute: { instanceCount: 6 } }, "first"))).to.equal("400 BadArgument");
    expect(refusal(await invoke({ name: "no name" }, "first"))).to.equal("400 BadArgument");
    const elsewhere = { data: { jobInputType: "UriFolder", uri: "https://example.org/data" } };
    expect(refusal(await invoke({ inputData: elsewhere }, "first"))).to.equal("400 BadArgument");
    const file = { data: { jobInputType: "UriFile", uri: DATA } };
    expect(refusal(await invoke({ inputData: file }, "first")), "a folder as a file").to.equal(
      "400 BadArgument",
    );
    const contained = await invoke({}, "contained");
    expect(objectAt(contained.body, "error")["message"]).to.contain("no containers");
    expect(jobs.started).to.deep.equal([]);
  });

  it("asks for a token, a role and an endpoint that is there", async () => {
    expect((await ask("GET", "/jobs", undefined, { authorization: "Bearer bad" })).status).to.equal(401);
    expect((await ask("GET", "/jobs", undefined, { host: `x${HOST}` })).status).to.equal(404);
    allowed = false;
    expect((await ask("GET", "/jobs")).status).to.equal(403);
  });

  it("tells of its jobs, as ARM does, how far they are", async () => {
    await invoke({ name: "run-1" }, "first");
    const id = `${WORKSPACE}/jobs/run-1`;
    jobs.states.set(id, running);
    arm.effects.batchJobs.set(id, running);
    expect(propertiesOf((await ask("GET", "/jobs/run-1")).body)["status"]).to.equal("Running");
    expect(((await ask("GET", "/jobs")).body["value"] as JsonObject[]).map(({ name }) => name)).to.deep.equal(
      ["run-1"],
    );
    expect((await ask("GET", "/jobs/run-2")).status).to.equal(404);
    const job = propertiesOf((await arm.ask("GET", id)).body);
    expect(job).to.include({ status: "Running", jobType: "Pipeline", computeId: CLUSTER });
    expect(job["tags"]).to.include({ "azureml.batchrun": "true", "azureml.deploymentname": "first" });
  });

  it("has its jobs cancelled by ARM, and not those that have ended", async () => {
    await invoke({ name: "run-1" }, "first");
    const id = `${WORKSPACE}/jobs/run-1`;
    arm.effects.batchJobs.set(id, running);
    await arm.finish("POST", `${id}/cancel`, {});
    expect(arm.effects.calls).to.include(`cancelBatchJob ${id}`);
    arm.effects.batchJobs.set(id, { ...running, status: "Canceled" });
    expect((await arm.ask("POST", `${id}/cancel`, {})).status).to.equal(200);
    expect(propertiesOf((await arm.ask("GET", id)).body)).not.to.have.property("provisioningState");
  });

  it("has its jobs gone on with after a kill, but not those that have ended", async () => {
    for (const name of ["run-1", "run-2"]) await invoke({ name }, "first");
    jobs.started.length = 0;
    jobs.states.set(`${WORKSPACE}/jobs/run-1`, { ...running, status: "Completed" });
    resumeBatchJobs({ store: arm.store, jobs });
    expect(jobs.started.map(({ id }) => id)).to.deep.equal([`${WORKSPACE}/jobs/run-2`]);
  });
});
