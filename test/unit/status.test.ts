import { expect } from "chai";
import { stripVTControlCharacters } from "node:util";
import { statusLines } from "../../local/commands/status";
import { status } from "../../local/status";
import type { BatchJobState } from "../../local/batch/job";
import { submit } from "../../local/batch/submit";
import { createExclusive } from "../../local/arm/exclusive";
import { fakeVerifier, Harness, MODEL } from "./arm-harness";
import {
  BATCH,
  CLUSTER,
  DATA,
  FakeBatchJobs,
  FakePipelineJobs,
  location,
  makeBatchParts,
  model,
} from "./batch-fixtures";

const NOTHING: BatchJobState = {
  status: "Running",
  files: { total: 0, succeeded: 0, failed: 0 },
  rows: 0,
  processes: [],
};

describe("what `npm run local -- status` says of batch endpoints", () => {
  let arm: Harness;
  let jobs: FakeBatchJobs;
  const pipelines = new FakePipelineJobs();
  beforeEach(async () => {
    arm = new Harness();
    jobs = new FakeBatchJobs();
    await makeBatchParts(arm);
  });
  afterEach(async () => await arm.close());

  const shown = (): string[] => {
    const run = { pid: 7, ports: { proxy: 1, tls: 2, http: 3 } };
    const lines = statusLines(run, status(arm.store, { jobs, pipelines })).map(stripVTControlCharacters);
    return lines.slice(lines.findIndex((line) => line.startsWith("  batch")));
  };
  const address = "https://nightly.westeurope.inference.ml.azure.com/jobs";

  it("names its address, and says that it has no default deployment", () => {
    expect(shown()).to.deep.equal([
      `  batch     nightly  ${address}`,
      "    no default deployment  jobs: 0 running, 0 ended",
    ]);
  });

  it("names the default deployment, and counts jobs that run and that have ended", async () => {
    await arm.make(`${BATCH}/deployments/first`, {
      location,
      properties: { compute: CLUSTER, model: model(MODEL) },
    });
    const defaults = { deploymentName: "first" };
    const endpoint = { location, properties: { authMode: "AADToken", defaults } };
    await arm.make(BATCH, endpoint);
    const resource = arm.store.get(BATCH);
    if (resource === undefined) throw new Error("There is no endpoint.");
    const submitting = {
      store: arm.store,
      jobs,
      pipelines,
      exclusive: createExclusive(),
      now: () => arm.now,
    };
    const inputData = { data: { jobInputType: "UriFolder", uri: DATA } };
    const principal = await fakeVerifier.verify("Bearer good", []);
    for (const status of ["Completed", "Running", "Failed", undefined] as const) {
      const caller = { principal, deployment: undefined };
      const made = await submit(submitting, resource, { properties: { inputData } }, caller);
      if (status !== undefined) jobs.states.set(made.resource.id, { ...NOTHING, status });
    }
    expect(shown()).to.deep.equal([
      `  batch     nightly  ${address}`,
      "    first  default  jobs: 2 running, 2 ended",
    ]);
  });
});
