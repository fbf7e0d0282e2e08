import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createBatchJobs } from "../../local/batch/jobs";
import type { BatchJobs, BatchJobSpec, BatchJobState } from "../../local/batch/job";
import { createBlobAccess, type BlobAccess } from "../../local/blobs/access";
import { startAzurite, type Azurite } from "../../local/blobs/azurite";
import { blobsAt, uploadFolder } from "../../local/blobs/transfer";
import type { Environment } from "../../local/environments/environment";
import type { BlobPlace } from "../../local/jobs/blob-place";
import { exampleModelFolder, python } from "../../tools/paths";

const ACCOUNT = "mlstore";
const CONTAINER = "azureml";
const WORKSPACE =
  "/subscriptions/S/resourceGroups/R/providers/Microsoft.MachineLearningServices/workspaces/W";
const ENVIRONMENT: Environment = {
  id: `${WORKSPACE}/environments/e/versions/1`,
  image: undefined,
  condaFile: "name: e",
  build: false,
};

export const place = (prefix: string): BlobPlace => ({ account: ACCOUNT, container: CONTAINER, prefix });

/** The engine of batch jobs over an Azurite of its own, on nodes that are always free. */
export class BatchEngine {
  readonly folder = mkdtempSync(join(tmpdir(), "pulumi-azureml-batch-"));
  jobs!: BatchJobs;
  private azurite!: Azurite;
  private blobs!: BlobAccess;

  async start(): Promise<void> {
    this.azurite = await startAzurite({ folder: this.folder, blobs: join(this.folder, "blobs") });
    this.blobs = createBlobAccess(this.azurite);
    await this.container.createIfNotExists();
    await uploadFolder(this.container, "models/m1/model", exampleModelFolder);
    this.open();
  }

  /** As a local Azure that starts. */
  open(): void {
    this.jobs = createBatchJobs({
      paths: { batch: join(this.folder, "batch") },
      blobs: this.blobs,
      clusters: {
        claim: (_, __, nodes) => ({
          nodes: Promise.resolve(Array.from({ length: nodes }, (_each, index) => `node${index}`)),
          release: () => undefined,
        }),
      },
      pythonOf: (environment) =>
        environment.condaFile === undefined
          ? Promise.reject(new Error("The local Azure has no containers."))
          : Promise.resolve(python),
    });
  }

  async stop(): Promise<void> {
    await this.jobs.close();
    await this.azurite.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Puts files, by path below the prefix. */
  async put(prefix: string, files: Readonly<Record<string, string | Buffer>>): Promise<void> {
    const folder = mkdtempSync(join(this.folder, "put-"));
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), content);
    }
    await uploadFolder(this.container, prefix, folder);
  }

  async putFolder(prefix: string, folder: string): Promise<void> {
    await uploadFolder(this.container, prefix, folder);
  }

  async text(name: string): Promise<string> {
    return (await this.container.getBlobClient(name).downloadToBuffer()).toString("utf8");
  }

  async names(prefix: string): Promise<string[]> {
    return (await blobsAt(this.container, prefix)).map(({ path }) => path).sort();
  }

  spec(name: string, changes: Partial<BatchJobSpec> = {}): BatchJobSpec {
    return {
      id: `${WORKSPACE}/jobs/${name}`,
      clusterId: `${WORKSPACE}/computes/cpu`,
      instances: 1,
      concurrencyPerInstance: 1,
      miniBatchSize: 1,
      errorThreshold: -1,
      maxRetries: 1,
      timeout: 60_000,
      outputAction: "AppendRow",
      outputFileName: "predictions.csv",
      environmentVariables: {},
      model: { ...place("models/m1/model"), type: "mlflow_model" },
      code: undefined,
      environment: undefined,
      input: { ...place(`input/${name}`), kind: "uri_folder" },
      output: place(`output/${name}`),
      logs: place(`logs/${name}`),
      ...changes,
    };
  }

  /** A job whose scoring script is `text`. */
  async script(name: string, text: string, changes: Partial<BatchJobSpec> = {}): Promise<BatchJobSpec> {
    await this.put(`code/${name}`, { "score.py": text });
    const code = { ...place(`code/${name}`), scoringScript: "score.py" };
    return this.spec(name, { code, environment: ENVIRONMENT, ...changes });
  }

  /** Runs it to its end. */
  async run(spec: BatchJobSpec): Promise<BatchJobState> {
    this.jobs.start(spec);
    return await this.until(spec, ({ endTime }) => endTime !== undefined);
  }

  /** Resolves at the first state of which `reached` says so. */
  async until(spec: BatchJobSpec, reached: (state: BatchJobState) => boolean): Promise<BatchJobState> {
    for (; ; await sleep(10)) {
      const state = this.jobs.state(spec.id);
      if (state !== undefined && reached(state)) return state;
      if (state?.endTime !== undefined) throw new Error(`It ended first: ${this.jobs.log(spec.id, 100)}`);
    }
  }

  private get container() {
    return this.blobs.containerClient(ACCOUNT, CONTAINER);
  }
}
