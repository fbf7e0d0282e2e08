import {
  existsSync,
  createReadStream,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  cpSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import type { ContainerClient } from "@azure/storage-blob";
import { expect } from "chai";
import execa from "execa";
import type { FastifyInstance, LightMyRequestResponse } from "fastify";
import type { OnlineDeploymentSpec } from "../../local/arm/effects";
import type { Store, StoredResource } from "../../local/arm/store";
import type { JsonObject } from "../../local/json";
import { createBlobAccess } from "../../local/blobs/access";
import { startAzurite } from "../../local/blobs/azurite";
import { createScoringFront } from "../../local/scoring/front";
import { createScoring, type Scoring } from "../../local/scoring/instances";
import type { Faults } from "../../local/faults/settings";
import { ScoringMetrics } from "../../local/scoring/metrics";
import type { FileBlobs } from "../../local/scoring/generation-files";
import { exampleModelFolder, packageRoot, python } from "../../tools/paths";

const host = "churn.westeurope.inference.ml.azure.com";
const endpointId =
  "/subscriptions/S/resourceGroups/R/providers/Microsoft.MachineLearningServices/workspaces/W/onlineEndpoints/churn";
const models = join(__dirname, "scoring_models.py");
const example = join(packageRoot(), "examples", "breast-cancer");

/** Blobs that are files: any container of any account is the folder. */
function folderAsBlobs(folder: string): FileBlobs {
  const files = (): string[] =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => relative(folder, join(entry.parentPath, entry.name)));
  const container = {
    listBlobsFlat: async function* ({ prefix }: { prefix: string }) {
      for (const name of files()) if (name.startsWith(prefix)) yield { name };
    },
    getBlobClient: (name: string) => ({
      download: async () => ({ readableStreamBody: createReadStream(join(folder, name)) }),
    }),
  };
  return { containerClient: () => container as unknown as ContainerClient };
}

class Endpoint implements Store {
  properties: JsonObject = { authMode: "Key", traffic: {} };
  get(id: string): StoredResource | undefined {
    if (id !== endpointId) return undefined;
    return {
      id,
      body: { location: "West Europe", properties: this.properties },
      internal: { keys: { primaryKey: "first", secondaryKey: "second" } },
    };
  }
  list(): StoredResource[] {
    return [this.get(endpointId) as StoredResource];
  }
  async put(): Promise<void> {}
  async delete(): Promise<void> {}
  async close(): Promise<void> {}
}

describe("scoring an MLflow model deployed without code", function () {
  this.timeout(600_000);
  const work = mkdtempSync(join(tmpdir(), "scoring-"));
  const blobFolder = join(work, "blobs");
  const endpoint = new Endpoint();
  const metrics = new ScoringMetrics();
  let wanted: Pick<Faults, "capacity" | "containers"> = { containers: {} };
  let rows: { input_data: { columns: string[]; data: number[][] } };
  let scoring: Scoring;
  let front: FastifyInstance;

  const start = (blobs = folderAsBlobs(blobFolder)): void => {
    const faults = (): typeof wanted => wanted;
    scoring = createScoring({ paths: { scoring: join(work, "scoring") }, blobs, faults });
    front = createScoringFront({
      store: endpoint,
      scoring,
      metrics,
      verifier: { verify: () => Promise.reject(new Error("not asked")) },
      access: { hasRole: () => false },
    });
  };

  const restart = async (blobs?: FileBlobs): Promise<void> => {
    await scoring.close();
    await front.close();
    start(blobs);
  };

  const spec = (
    name: string,
    model: string,
    changes: Partial<OnlineDeploymentSpec> = {},
  ): OnlineDeploymentSpec => ({
    id: `${endpointId}/deployments/${name}`,
    model: { account: "account", container: "azureml", prefix: model, name: "churn", version: "1" },
    modelType: "mlflow_model",
    code: undefined,
    environment: undefined,
    instances: 1,
    environmentVariables: {},
    requestTimeout: 5_000,
    maxConcurrentRequestsPerInstance: 1,
    ...changes,
  });

  const post = (
    deployment: string,
    body: unknown,
    headers: Record<string, string> = {},
  ): Promise<LightMyRequestResponse> =>
    front.inject({
      method: "POST",
      url: "/score",
      headers: {
        host,
        authorization: "Bearer first",
        "content-type": "application/json",
        "azureml-model-deployment": deployment,
        ...headers,
      },
      payload: typeof body === "string" ? body : JSON.stringify(body),
    });

  const predicted = async (model: string, body: unknown): Promise<unknown> =>
    JSON.parse(
      (
        await execa(python, [models, "predict", model], {
          input: `${JSON.stringify(body)}\n`,
          stderr: "ignore",
          cwd: work,
        })
      ).stdout,
    ) as unknown;

  const rejection = async (deployment: OnlineDeploymentSpec): Promise<string> =>
    await scoring.deploy(deployment).then(
      () => "deployed",
      (error: Error) => error.message,
    );

  before(async () => {
    if (!existsSync(exampleModelFolder)) await execa(python, [join(example, "train.py")]);
    // MLflow leaves a folder `mlruns` where it works.
    await execa(python, [models, "make", blobFolder], { cwd: work });
    rows = JSON.parse((await execa(python, [models, "rows"], { cwd: work })).stdout) as typeof rows;
    cpSync(exampleModelFolder, join(blobFolder, "example"), { recursive: true });
    start();
    await scoring.deploy(spec("example", "example"));
  });

  after(async () => {
    await scoring.close();
    await front.close();
    rmSync(work, { recursive: true, force: true });
  });

  it("answers every row of the data set as mlflow.pyfunc does", async () => {
    const response = await post("example", rows);
    expect(response.statusCode, response.body).to.equal(200);
    expect(response.headers["azureml-model-deployment"]).to.equal("example");
    expect(response.json())
      .to.have.length(569)
      .and.deep.equal(await predicted(exampleModelFolder, rows));
  });

  it("gives the example's sample row its class", async () => {
    const response = await post("example", readFileSync(join(example, "sample.json"), "utf8"));
    expect(response.json()).to.deep.equal([0]);
  });

  it("takes whole numbers where the signature says double, and a frame without index", async () => {
    const { columns, data } = rows.input_data;
    const whole = { columns, data: data.map((row) => row.map(Math.round)) };
    const response = await post("example", { input_data: whole });
    expect(response.statusCode, response.body).to.equal(200);
    expect(response.json()).to.deep.equal(await predicted(exampleModelFolder, { input_data: whole }));
  });

  it("takes a tensor as nested lists", async () => {
    await scoring.deploy(spec("tensor", "tensor"));
    const body = { input_data: rows.input_data.data.slice(0, 50) };
    const response = await post("tensor", body);
    expect(response.json()).to.deep.equal(await predicted(join(blobFolder, "tensor"), body));
    await scoring.undeploy(`${endpointId}/deployments/tensor`);
  });

  it("takes named tensors, and frames with parameters", async () => {
    await Promise.all([scoring.deploy(spec("named", "named")), scoring.deploy(spec("records", "records"))]);
    const named = { input_data: { left: [1, 2, 3], right: [4, 5, 6] } };
    expect((await post("named", named)).json()).to.deep.equal([5, 7, 9]);
    const frame = { columns: ["value", "count"], data: [[2, 3]] };
    expect((await post("records", { input_data: frame })).json()).to.deep.equal([{ scaled: 2, count: 3 }]);
    expect((await post("records", { input_data: frame, params: { scale: 4 } })).json()).to.deep.equal([
      { scaled: 8, count: 3 },
    ]);
    await Promise.all(
      ["named", "records"].map((name) => scoring.undeploy(`${endpointId}/deployments/${name}`)),
    );
  });

  it("answers a bad request with 424 and what the model's server said", async () => {
    const missing = await post("example", {});
    expect(missing.statusCode).to.equal(424);
    expect(missing.headers["ms-azureml-model-error-statuscode"]).to.equal("400");
    expect(missing.headers["ms-azureml-model-error-reason"]).to.equal("model_error");
    expect(missing.json()).to.deep.equal({
      message: "A value is not provided for the 'input_data' parameter.",
    });
    const failed = await post("example", { input_data: { columns: ["mean radius"], data: [[1]] } });
    expect([failed.statusCode, failed.headers["ms-azureml-model-error-statuscode"]]).to.deep.equal([
      424,
      "500",
    ]);
    expect(scoring.log(spec("example", "example").id, 60)).to.contain("Model is missing inputs");
    const form = await post("example", "x=1", { "content-type": "application/x-www-form-urlencoded" });
    expect([form.statusCode, form.headers["ms-azureml-model-error-statuscode"]]).to.deep.equal([424, "415"]);
  });

  it("refuses a wrong key, an unknown endpoint and an unknown deployment", async () => {
    const sample = readFileSync(join(example, "sample.json"), "utf8");
    expect((await post("example", sample, { authorization: "Bearer third" })).statusCode).to.equal(401);
    expect((await post("example", sample, { authorization: "" })).statusCode).to.equal(401);
    expect((await post("example", sample, { authorization: "Bearer second" })).statusCode).to.equal(200);
    expect((await post("other", sample)).statusCode).to.equal(404);
    expect(
      (await post("example", sample, { host: `x.${host.split(".").slice(1).join(".")}` })).statusCode,
    ).to.equal(404);
  });

  it("sends requests where the traffic map says, and none without one", async () => {
    const request = {
      method: "POST" as const,
      url: "/score",
      headers: { host, authorization: "Bearer first", "content-type": "application/json" },
      payload: readFileSync(join(example, "sample.json"), "utf8"),
    };
    endpoint.properties = { authMode: "Key", traffic: { example: 0 } };
    expect((await front.inject(request)).statusCode).to.equal(404);
    endpoint.properties = { authMode: "Key", traffic: { example: 100 } };
    const response = await front.inject(request);
    expect([response.statusCode, response.headers["azureml-model-deployment"]]).to.deep.equal([
      200,
      "example",
    ]);
  });

  it("shows the signature at /swagger.json", async () => {
    const response = await front.inject({
      url: "/swagger.json",
      headers: { host, authorization: "Bearer first", "azureml-model-deployment": "example" },
    });
    expect(response.statusCode).to.equal(200);
    expect(response.body).to.contain("mean radius");
  });

  it("answers 408 after the request timeout, 429 beyond twice the concurrency", async () => {
    await scoring.deploy(spec("slow", "slow", { requestTimeout: 400 }));
    const sleeping = (seconds: number): Promise<LightMyRequestResponse> =>
      post("slow", { input_data: { columns: ["seconds"], data: [[seconds]] } });
    expect((await sleeping(0.01)).statusCode).to.equal(200);
    const answers = await Promise.all([sleeping(0.6), sleeping(0), sleeping(0)]);
    expect(answers.map(({ statusCode }) => statusCode).sort()).to.deep.equal([408, 408, 429]);
    await scoring.undeploy(`${endpointId}/deployments/slow`);
    expect((await sleeping(0)).statusCode).to.equal(404);
  });

  /** The first answer of a process that was started again: until then a request is refused, or waits in vain where the machine is busy. */
  const onceBack = async (sample: string): Promise<LightMyRequestResponse> => {
    let answer = await post("example", sample);
    for (let tries = 0; tries < 100 && answer.statusCode !== 200; tries += 1) {
      expect([408, 503]).to.contain(answer.statusCode);
      await new Promise((resolve) => setTimeout(resolve, 100));
      answer = await post("example", sample);
    }
    return answer;
  };

  it("serves again after its process was killed", async () => {
    const [supervisor] = scoring.targets(spec("example", "example").id)?.processes ?? [];
    const { stdout } = await execa("pgrep", ["-P", String(supervisor)]);
    process.kill(Number(stdout.trim()), "SIGKILL");
    const sample = readFileSync(join(example, "sample.json"), "utf8");
    const answer = await onceBack(sample);
    expect([answer.statusCode, answer.body]).to.deep.equal([200, "[0]"]);
  });

  it("exchanges its processes under load without a failed request", async () => {
    const sample = readFileSync(join(example, "sample.json"), "utf8");
    let exchanged = false;
    const statuses: number[] = [];
    const caller = async (): Promise<void> => {
      while (!exchanged || statuses.length < 200) statuses.push((await post("example", sample)).statusCode);
    };
    const callers = [caller(), caller()];
    await scoring.deploy(spec("example", "example", { environmentVariables: { COLOUR: "green" } }));
    exchanged = true;
    await Promise.all(callers);
    expect(statuses.filter((status) => status !== 200)).to.deep.equal([]);
    expect(statuses.length).to.be.at.least(200);
  });

  it("shows a container that crashes whenever it was started, hangs, or answers rubbish, where that is wanted", async () => {
    const containers = (crashing: string): Faults["containers"] => ({ [crashing]: { kind: "crashes" } });
    wanted = { containers: containers("crashing") };
    expect(await rejection(spec("crashing", "example"))).to.contain("ended with exit code");
    await scoring.undeploy(spec("crashing", "example").id);

    const sample = readFileSync(join(example, "sample.json"), "utf8");
    wanted = { containers: containers("example") };
    expect((await post("example", sample)).statusCode).to.equal(503);
    wanted = { containers: { example: { kind: "rubbish", share: 1 } } };
    const rubbish = await onceBack(sample);
    expect(rubbish.statusCode).to.equal(200);
    expect(() => JSON.parse(rubbish.body) as unknown).to.throw();
    wanted = { containers: { example: { kind: "fails", share: 1 } } };
    const failed = await post("example", sample);
    expect(failed.headers).to.include({ "ms-azureml-model-error-statuscode": "500" });
    expect(failed.statusCode).to.equal(424);
    wanted = { containers: { example: { kind: "hangs", share: 1 } } };
    expect((await post("example", sample)).statusCode).to.equal(408);
    wanted = { containers: {} };
    // The first request that its new process answers may take a busy machine longer than the deployment's time for one.
    expect((await onceBack(sample)).json()).to.deep.equal([0]);
  });

  it("refuses more instances than the region is said to have", async () => {
    wanted = { containers: {}, capacity: { instances: 1, code: "OutOfCapacity" } };
    expect(await rejection(spec("one-more", "example"))).to.contain(
      "lack of Azure Machine Learning capacity",
    );
    wanted = { containers: {}, capacity: { instances: 1, code: "OutOfQuota" } };
    expect(await rejection(spec("example", "example", { instances: 3 }))).to.contain("Requested: 3");
    wanted = { containers: {} };
  });

  it("holds requests after a restart until its processes are back, from the files on disk", async () => {
    await restart({ containerClient: () => expect.fail("the model was fetched again") });
    scoring.resume([spec("example", "example", { requestTimeout: 180_000 })]);
    const response = await post("example", readFileSync(join(example, "sample.json"), "utf8"));
    expect([response.statusCode, response.body]).to.deep.equal([200, "[0]"]);
  });

  it("deploys a model from Azurite's blobs", async () => {
    const azurite = await startAzurite({ folder: work, blobs: join(work, "azurite") });
    try {
      const blobs = createBlobAccess(azurite);
      const container = blobs.containerClient("account", "azureml");
      await container.create();
      for (const name of readdirSync(exampleModelFolder)) {
        await container.getBlockBlobClient(`models/1/${name}`).uploadFile(join(exampleModelFolder, name));
      }
      await restart(blobs);
      await scoring.deploy(spec("stored", "models/1/"));
      const response = await post("stored", readFileSync(join(example, "sample.json"), "utf8"));
      expect([response.statusCode, response.body]).to.deep.equal([200, "[0]"]);
    } finally {
      await azurite.stop();
    }
  });

  it("says why a model cannot be deployed, in the error and in the log", async () => {
    await restart();
    const edited = (name: string, file: string, edit: (text: string) => string): OnlineDeploymentSpec => {
      const folder = join(blobFolder, name);
      cpSync(join(blobFolder, "records"), folder, { recursive: true });
      const path = join(folder, file);
      writeFileSync(path, edit(readFileSync(path, "utf8")));
      return spec(name, name);
    };
    expect(await rejection(spec("nothing", "nothing"))).to.contain("nothing at nothing in container azureml");
    expect(await rejection(spec("custom", "records", { modelType: "custom_model" }))).to.contain(
      "custom_model",
    );
    const noFlavor = edited("flavor", "MLmodel", (text) => text.replace("python_function", "r_function"));
    expect(await rejection(noFlavor)).to.contain("no python_function flavor");
    expect(scoring.log(noFlavor.id, 5)).to.contain("no python_function flavor");
    const newer = edited("newer", "MLmodel", (text) =>
      text.replace(/mlflow_version: .*/, "mlflow_version: 3.1.0"),
    );
    expect(await rejection(newer)).to.contain("MLflow 3.1.0");
    expect(await rejection(edited("monitor", "requirements.txt", () => "mlflow"))).to.contain("azureml.ai");
    const absent = edited("absent", "requirements.txt", (text) => `${text}\nno-such-package==1.0\n`);
    expect(await rejection(absent)).to.contain("no-such-package==1.0");
    const broken = edited("broken", "python_model.pkl", () => "not a pickle");
    expect(await rejection(broken)).to.match(/ended with exit code 3\. _pickle\.UnpicklingError/);
  });
});
