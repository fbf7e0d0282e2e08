import type { ContainerClient } from "@azure/storage-blob";
import { expect } from "chai";
import fc from "fast-check";
import { Readable } from "node:stream";
import { diff } from "../../providers/batch-run/provider";
import { targetOf } from "../../providers/batch-run/deployment";
import { countPredictions, fileCounts } from "../../providers/batch-run/result";
import { run, runName, type RunClients } from "../../providers/batch-run/run";
import type { BatchRunInputs, BatchRunOutputs } from "../../providers/batch-run/types";
import type { Arm } from "../../providers/clients/arm";
import type { BatchJobRequest } from "../../providers/clients/batch-jobs";
import type { Job } from "../../providers/clients/jobs";
import { failure } from "../helpers/failure";
import { assetFixture } from "../helpers/asset-fixtures";
import { BATCH_ENDPOINT_ID, WORKSPACE_ID } from "../helpers/pulumi-mocks";

const inputs: BatchRunInputs = {
  endpointId: BATCH_ENDPOINT_ID,
  input: { uri: "azureml://datastores/lake/paths/new" },
  outputUri: "azureml://datastores/lake/paths/scores",
  wait: true,
  deadlineSeconds: 60,
  onDestroy: "cancel",
};
const model = { model: { referenceType: "Id", assetId: `${WORKSPACE_ID}/models/churn/versions/7` } };

/** An endpoint with one deployment whose jobs end as they are told, and write two rows of one of two files. */
class Endpoint {
  readonly submitted: BatchJobRequest[] = [];
  readonly jobs = new Map<string, Job>();
  readonly blobs = new Map([
    ["new/a.csv", "1\n"],
    ["new/b.csv", "2\n"],
  ]);
  deployment: Record<string, unknown> = model;
  defaultName: string | undefined = "first";
  ends = "Completed";

  readonly clients: RunClients = {
    arm: { read: async (id: string) => this.read(id) } as unknown as Arm,
    containerClient: () => this.container(),
    say: () => undefined,
    history: async () => ({
      childRuns: async () => [],
      addresses: async () => ({}),
      details: async (runId) => ({ runId, error: { error: { message: "all files failed" } } }),
    }),
    jobs: {
      read: async (id) => this.jobs.get(id),
      cancel: async () => undefined,
      submit: async (_endpointId, wish) => {
        this.submitted.push(wish);
        const job = { id: `${WORKSPACE_ID}/jobs/${wish.name}`, name: wish.name, status: this.ends };
        this.jobs.set(job.id, job);
        if (this.ends === "Completed")
          this.blobs.set(`scores/${wish.name}/predictions.csv`, '0,0.5,a.csv\n1,"x, ""y""",a.csv\n');
        return job;
      },
    },
  };

  private read(id: string): unknown {
    if (id.includes("/datastores/")) return { properties: { accountName: "stlake", containerName: "lake" } };
    if (id.endsWith("/deployments/first")) return { name: "first", properties: this.deployment };
    if (id === BATCH_ENDPOINT_ID) return { properties: { defaults: { deploymentName: this.defaultName } } };
    return undefined;
  }

  private container(): ContainerClient {
    const listed = (prefix: string): object[] =>
      [...this.blobs]
        .filter(([name]) => name.startsWith(prefix))
        .map(([name, text]) => ({ name, properties: { contentLength: text.length, etag: name } }));
    return {
      listBlobsFlat: ({ prefix }: { prefix: string }) => ({
        async *byPage() {
          yield { segment: { blobItems: listed(prefix) } };
        },
      }),
      getBlobClient: (name: string) => ({
        download: async () => ({ readableStreamBody: Readable.from([this.blobs.get(name) ?? ""]) }),
      }),
    } as unknown as ContainerClient;
  }
}

async function* linesIn(text: string): AsyncGenerator<string> {
  yield* text.split("\n").filter((line) => line !== "");
}

describe("a batch run", () => {
  it("submits its job to the default deployment by name, and counts what it made", async () => {
    const endpoint = new Endpoint();
    const { id, outs } = await run(endpoint.clients, inputs);
    const folder = `azureml://datastores/lake/paths/scores/${outs.jobName}/`;
    expect(endpoint.submitted).to.deep.equal([
      {
        name: outs.jobName,
        deployment: "first",
        input: { kind: "uri_folder", uri: inputs.input.uri },
        outputUri: folder,
      },
    ]);
    expect(id).to.equal(`${WORKSPACE_ID}/jobs/${outs.jobName}`);
    const { status, jobOutputUri, outputUris, files, rows } = outs;
    expect({ status, jobOutputUri, outputUris, files, rows }).to.deep.equal({
      status: "Completed",
      jobOutputUri: folder,
      outputUris: [`${folder}predictions.csv`],
      files: { total: 2, succeeded: 1, failed: 1 },
      rows: 2,
    });
  });

  it("goes on with the job that a killed command submitted", async () => {
    const endpoint = new Endpoint();
    endpoint.ends = "Queued";
    const { outs: begun } = await run(endpoint.clients, { ...inputs, wait: false });
    expect(begun).to.include({ status: "Queued" });
    const again = await run(endpoint.clients, { ...inputs, wait: false });
    expect(again.outs.jobName).to.equal(begun.jobName);
    expect(new Set(endpoint.submitted.map(({ name }) => name)).size).to.equal(1);
  });

  it("takes another name after a job that failed, and tells why that one did", async () => {
    const endpoint = new Endpoint();
    endpoint.ends = "Failed";
    expect((await failure(run(endpoint.clients, inputs))).message).to.contain(
      "ended Failed: all files failed",
    );
    endpoint.ends = "Completed";
    const { outs } = await run(endpoint.clients, inputs);
    expect(outs.jobName).to.equal(`${endpoint.submitted[0]?.name}-2`);
  });

  it("says what is missing: a default deployment, a deployment of that name, one of a model", async () => {
    const endpoint = new Endpoint();
    endpoint.defaultName = undefined;
    expect((await failure(run(endpoint.clients, inputs))).message).to.contain("no default deployment");
    expect((await failure(run(endpoint.clients, { ...inputs, deployment: "other" }))).message).to.contain(
      "the endpoint has no deployment other",
    );
    endpoint.deployment = {};
    expect((await failure(run(endpoint.clients, { ...inputs, deployment: "first" }))).message).to.contain(
      "runs a pipeline",
    );
    expect(endpoint.submitted).to.deep.equal([]);
  });

  it("refuses folders in the input where no script reads them", async () => {
    const endpoint = new Endpoint();
    const nested = { ...inputs, input: { path: assetFixture() } };
    expect((await failure(run(endpoint.clients, nested))).message).to.contain(
      "has files in folders of its own",
    );
  });

  it("does not count by file where a script writes the rows", async () => {
    const endpoint = new Endpoint();
    endpoint.deployment = { ...model, codeConfiguration: { scoringScript: "score.py" } };
    const { outs } = await run(endpoint.clients, inputs);
    expect(outs).to.deep.include({ files: { total: 2 }, rows: 2 });
  });
});

describe("what makes another batch run", () => {
  const known = { ...inputs, inputDigest: "files", deploymentDigest: "first-1" };
  const outs = { ...known, jobName: "j", status: "Completed" } as BatchRunOutputs;

  it("is another input, deployment, output or rerun, and nothing else", async () => {
    const replacing = async (news: Partial<BatchRunInputs>): Promise<string[] | undefined> =>
      (await diff("id", outs, { ...known, ...news })).replaces;
    expect(await replacing({ inputDigest: "others" })).to.deep.equal(["inputDigest"]);
    expect(await replacing({ deploymentDigest: "first-2" })).to.deep.equal(["deploymentDigest"]);
    expect(await replacing({ rerun: "today" })).to.deep.equal(["rerun"]);
    expect(await replacing({ deployment: "first", wait: false, onDestroy: "leave" })).to.deep.equal([]);
    expect((await diff("id", outs, known)).changes).to.equal(false);
  });

  it("has another name for it", () => {
    const names = [
      known,
      { ...known, inputDigest: "others" },
      { ...known, deploymentDigest: "first-2" },
      { ...known, rerun: "today" },
      { ...known, outputUri: "azureml://datastores/lake/paths/elsewhere" },
    ].map(runName);
    expect(new Set(names).size).to.equal(names.length);
    expect(runName({ ...known, wait: false, deadlineSeconds: 1 })).to.equal(names[0]);
  });

  it("is not a deployment's machines, retries or times", () => {
    const digest = (more: object): string => targetOf("first", { ...model, ...more }).digest;
    expect(digest({ resources: { instanceCount: 2 }, retrySettings: { maxRetries: 1 } })).to.equal(
      digest({}),
    );
    expect(digest({ model: { assetId: `${WORKSPACE_ID}/models/churn/versions/8` } })).to.not.equal(
      digest({}),
    );
    expect(targetOf("second", model).digest).to.not.equal(digest({}));
    expect(targetOf("first", { ...model, outputAction: "SummaryOnly" }).predictions).to.equal(undefined);
  });
});

describe("counting predictions", () => {
  it("counts each row once, and each file once, whatever is quoted in them", async () => {
    const field = fc.string({ unit: fc.constantFrom("a", ",", '"', "\n", " ") });
    const row = fc.tuple(field, fc.constantFrom("a.csv", "b.csv", 'c"c.csv', "d,d.csv"));
    await fc.assert(
      fc.asyncProperty(fc.array(row), async (rows) => {
        const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
        // A reader of lines sees no empty ones.
        const solid = rows.map(([text, file]) => [text.replace(/\n+/g, "\n"), file] as const);
        const text = solid
          .map(([value, file], index) => `${index},${quoted(value)},${quoted(file)}\n`)
          .join("");
        expect(await countPredictions(linesIn(text), true)).to.deep.equal({
          rows: rows.length,
          succeeded: new Set(rows.map(([, file]) => file)).size,
        });
      }),
    );
  });

  it("tells of files only what is known", () => {
    expect(fileCounts(3, 2)).to.deep.equal({ total: 3, succeeded: 2, failed: 1 });
    expect(fileCounts(undefined, 2)).to.deep.equal({ succeeded: 2 });
    expect(fileCounts(3, undefined)).to.deep.equal({ total: 3 });
  });
});
