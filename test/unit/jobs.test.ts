import { expect } from "chai";
import { createArm } from "../../providers/clients/arm";
import { createBatchJobs, type BatchJobs } from "../../providers/clients/batch-jobs";
import type { Deadline } from "../../providers/clients/deadline";
import { hasEnded } from "../../providers/clients/jobs";
import { openRunHistory, type RunHistory } from "../../providers/clients/run-history";
import { failedJob, jobFailure, lastLines } from "../../providers/jobs/failure";
import { lastLogLine } from "../../providers/jobs/progress";
import { waitForJob } from "../../providers/jobs/wait";
import { failure } from "../helpers/failure";
import { BATCH_ENDPOINT_ID, WORKSPACE_ID } from "../helpers/pulumi-mocks";
import { ScriptedArm, scriptedCredential, type ScriptedAnswer } from "../helpers/scripted-arm";

const jobId = `${WORKSPACE_ID}/jobs/score-1`;
const scoringUri = "https://be-test.westeurope.inference.ml.azure.com/jobs";
const wish = {
  name: "score-1",
  deployment: "first",
  input: { kind: "uri_folder", uri: "azureml://datastores/lake/paths/new" },
  outputUri: "azureml://datastores/workspaceblobstore/paths/scores/score-1/",
} as const;
const endpoint: ScriptedAnswer = { status: 200, body: { properties: { scoringUri } } };

function job(status: string): ScriptedAnswer {
  return { status: 200, body: { id: jobId, name: "score-1", properties: { status } } };
}

function scripted(...answers: ScriptedAnswer[]): { jobs: BatchJobs; server: ScriptedArm } {
  const server = new ScriptedArm(answers);
  const options = { credential: scriptedCredential, httpClient: server };
  return { server, jobs: createBatchJobs(createArm(options), options) };
}

/** A deadline that passes after so many waits, without waiting. */
function deadlineAfter(waits: number): Deadline & { readonly waited: number[] } {
  const waited: number[] = [];
  return {
    allowance: "2 minutes",
    waited,
    sleep: async (milliseconds) => waited.push(milliseconds) <= waits,
  };
}

describe("the client of batch jobs", () => {
  it("submits a job at the endpoint, as Azure's own client does", async () => {
    const { jobs, server } = scripted({ status: 404 }, endpoint, { ...job("NotStarted"), status: 201 });
    expect(await jobs.submit(BATCH_ENDPOINT_ID, wish)).to.deep.equal({
      id: jobId,
      name: "score-1",
      status: "NotStarted",
    });
    const sent = server.requests[2];
    expect(sent?.url).to.equal(scoringUri);
    expect(sent?.headers.get("azureml-model-deployment")).to.equal("first");
    expect(JSON.parse(String(sent?.body))).to.deep.equal({
      properties: {
        name: "score-1",
        inputData: { UriFolder: { jobInputType: "UriFolder", uri: wish.input.uri } },
        outputData: { score: { jobOutputType: "UriFolder", uri: wish.outputUri } },
      },
    });
  });

  it("names no deployment where the default is meant, and says what one file is", async () => {
    const { jobs, server } = scripted({ status: 404 }, endpoint, job("NotStarted"));
    const { name, outputUri } = wish;
    await jobs.submit(BATCH_ENDPOINT_ID, {
      name,
      outputUri,
      input: { kind: "uri_file", uri: "azureml://x" },
    });
    expect(server.requests[2]?.headers.has("azureml-model-deployment")).to.equal(false);
    expect(JSON.parse(String(server.requests[2]?.body))).to.have.nested.property(
      "properties.inputData.UriFile.jobInputType",
      "UriFile",
    );
  });

  it("finds the job that has the name already, and submits no second one", async () => {
    const { jobs, server } = scripted(job("Running"));
    expect((await jobs.submit(BATCH_ENDPOINT_ID, wish)).status).to.equal("Running");
    expect(server.asked()).to.have.length(1);
  });

  it("takes the job of somebody who was faster", async () => {
    const { jobs } = scripted({ status: 404 }, endpoint, { status: 409 }, job("Queued"));
    expect((await jobs.submit(BATCH_ENDPOINT_ID, wish)).status).to.equal("Queued");
  });

  it("says what the endpoint has against a job, and where there is no endpoint", async () => {
    const refused = { status: 400, body: { error: { code: "UserError", message: "no such deployment" } } };
    const { jobs } = scripted({ status: 404 }, endpoint, refused, { status: 404 }, { status: 404 });
    expect((await failure(jobs.submit(BATCH_ENDPOINT_ID, wish))).message).to.contain("no such deployment");
    expect((await failure(jobs.submit(BATCH_ENDPOINT_ID, wish))).message).to.contain(
      "there is no such batch endpoint",
    );
  });

  it("cancels what runs, and leaves alone what has ended or is gone", async () => {
    const { jobs, server } = scripted(job("Running"), { status: 200 }, job("Completed"), { status: 404 });
    for (let time = 0; time < 3; time += 1) await jobs.cancel(jobId);
    expect(server.requests.filter(({ method }) => method === "POST").map(({ url }) => url)).to.deep.equal([
      `https://management.azure.com${jobId}/cancel?api-version=2025-12-01`,
    ]);
  });

  it("takes a job that ended while it was cancelled for one that has ended", async () => {
    const { jobs } = scripted(job("Running"), { status: 400 }, job("Completed"));
    await jobs.cancel(jobId);
  });
});

describe("waiting for a batch job", () => {
  const started = { id: jobId, name: "score-1", status: "Queued" };
  const quiet = { say: () => undefined };

  it("tells each state once, looks less and less often, and returns how it ended", async () => {
    const { jobs } = scripted(job("Queued"), job("Running"), job("Running"), job("Completed"));
    const said: string[] = [];
    const deadline = deadlineAfter(10);
    const ended = await waitForJob(jobs, started, deadline, { say: (line) => said.push(line) });
    expect(ended.status).to.equal("Completed");
    expect(said.map((line) => line.split(" ").at(-1))).to.deep.equal(["Queued", "Running", "Completed"]);
    expect(deadline.waited).to.deep.equal([1_000, 1_500, 2_250, 3_375]);
  });

  it("tells each new line of what the job says while it runs, by the kind's name", async () => {
    const { jobs } = scripted(job("Running"), job("Running"), job("Running"), job("Completed"));
    const said: string[] = [];
    const lines = ["epoch 1", "epoch 1", undefined, "epoch 2"];
    await waitForJob(jobs, started, deadlineAfter(10), {
      say: (line) => said.push(line),
      kind: "training job",
      look: async () => lines.shift(),
    });
    expect(said).to.deep.equal([
      "training job score-1: Queued",
      "training job score-1: Running",
      "training job score-1: epoch 1",
      "training job score-1: Completed",
    ]);
  });

  it("ends at the deadline with what to do, and leaves the job", async () => {
    const { jobs, server } = scripted(job("Running"));
    const refused = await failure(waitForJob(jobs, started, deadlineAfter(1), quiet));
    expect(refused.message).to.contain("still Running after 2 minutes").and.to.contain("goes on waiting");
    expect(server.requests.map(({ method }) => method)).to.deep.equal(["GET"]);
  });

  it("says that a job is gone", async () => {
    const { jobs } = scripted({ status: 404 });
    expect((await failure(waitForJob(jobs, started, deadlineAfter(1), quiet))).message).to.contain(
      "the job is gone",
    );
  });

  it("does not look at a job that has ended", async () => {
    const { jobs, server } = scripted();
    await waitForJob(jobs, { ...started, status: "Failed" }, deadlineAfter(0), quiet);
    expect(server.requests).to.deep.equal([]);
    expect(hasEnded({ status: "Finalizing" })).to.equal(false);
  });
});

describe("why a batch job failed", () => {
  const history = (runs: Readonly<Record<string, object>>): RunHistory => ({
    childRuns: async () => [{ runId: "child", status: "Failed" }],
    addresses: async () => ({}),
    details: async (runId) => ({ runId, ...runs[runId] }),
  });

  it("is in the log of the run that scored that tells most", async () => {
    const runs = {
      child: {
        logFiles: { "logs/azureml/executionlogs.txt": "https://a/e", "logs/user/error.txt": "https://a/u" },
      },
      "score-1": { error: { error: { code: "UserError", message: "3 files failed." } }, logFiles: null },
    };
    const told = await jobFailure(history(runs), "score-1", async (url) => `a line of ${url}\n\n`);
    expect(told).to.deep.equal({ reason: "3 files failed.", lines: ["a line of https://a/u"] });
    const { message } = failedJob({ id: jobId, name: "score-1", status: "Failed" }, told);
    expect(message).to.equal(
      `${jobId}: the job ended Failed: 3 files failed. The end of its log:\n  a line of https://a/u.`,
    );
  });

  it("is told without a log where none can be read", async () => {
    const runs = { child: { logFiles: { "logs/user/error.txt": "https://a/u" } } };
    const told = await jobFailure(history(runs), "score-1", async () => {
      throw new Error("gone");
    });
    expect(told).to.deep.equal({ lines: [] });
    expect(failedJob({ id: jobId, name: "score-1", status: "Canceled" }, told).message).to.equal(
      `${jobId}: the job ended Canceled.`,
    );
  });

  it("is told while it runs by the last line of its most telling log, where that can be read", async () => {
    const runs = {
      "score-1": { logFiles: { "user_logs/std_log.txt": "https://a/s", "system/x": "https://a/x" } },
    };
    const job = { name: "score-1" };
    expect(await lastLogLine(history(runs), job, async (url) => `epoch 1\n  of ${url} \n\n`)).to.equal(
      "of https://a/s",
    );
    expect(await lastLogLine(history(runs), job, () => Promise.reject(new Error("gone")))).to.equal(
      undefined,
    );
    expect(await lastLogLine(history({}), job)).to.equal(undefined);
  });

  it("shows the last lines of a long log", () => {
    const log = Array.from({ length: 50 }, (_, index) => `line ${index}`).join("\r\n");
    expect(lastLines(log)).to.have.length(20).and.to.include("line 49").and.not.to.include("line 29");
  });

  it("is asked of the workspace's own run history", async () => {
    const server = new ScriptedArm([
      {
        status: 200,
        body: { properties: { mlFlowTrackingUri: `azureml://somewhere.test/mlflow/v1.0${WORKSPACE_ID}` } },
      },
      { status: 200, body: { value: [{ runId: "child" }] } },
      { status: 200, body: { runId: "child", logFiles: {} } },
    ]);
    const options = { credential: scriptedCredential, httpClient: server };
    const opened = await openRunHistory(createArm(options), WORKSPACE_ID, options);
    expect((await opened.childRuns("score-1")).map(({ runId }) => runId)).to.deep.equal(["child"]);
    await opened.details("child");
    expect(server.requests.slice(1).map(({ url }) => url)).to.deep.equal([
      `https://somewhere.test/history/v1.0${WORKSPACE_ID}/runs/score-1/children`,
      `https://somewhere.test/history/v1.0${WORKSPACE_ID}/runs/child/details`,
    ]);
  });
});
