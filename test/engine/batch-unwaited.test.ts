import { expect } from "chai";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { lastName } from "../../local/arm/path";
import type { Store } from "../../local/arm/store";
import { openStore } from "../../local/arm/store-lmdb";
import { batchJobs } from "../../local/batch/job-resource";
import { DEPLOYER } from "../../local/cloud";
import { askAdmin } from "../../local/running";
import type { Status } from "../../local/status";
import { ML_API_VERSION } from "../../providers/clients/arm";
import type { LiveJob } from "../../providers/clients/jobs";
import { exampleModelFolder } from "../../tools/paths";
import { askArm } from "../helpers/arm-process";
import { LocalAzure } from "../helpers/local-azure";
import { ProgramStack } from "../helpers/program-stack";
import { processesOf } from "../helpers/running-up";

/** Waits for a file, so that a job runs for as long as a test wants. */
const SCRIPT = `
import os
import time


def init():
    pass


def run(mini_batch):
    while not os.path.exists(os.environ["GATE"]):
        time.sleep(0.05)
    return [os.path.basename(path) for path in mini_batch]
`;

interface Outputs {
  readonly id: string;
  readonly jobName: string;
  readonly status: string;
  readonly outputUri: string;
  readonly outputUris: readonly string[];
  readonly scored: object;
  readonly rows?: number;
}

/** A program with a BatchRun that `up` does not wait for, run by the real engine; the steps build on one another. */
describe("BatchRun without `wait` on the local Azure", () => {
  const azure = new LocalAzure();
  const files = join(azure.paths.folder, "files");
  const gate = join(files, "gate");
  let stack: ProgramStack;
  let store: Store;
  const up = ["up", "--yes", "--skip-preview"] as const;
  const outputs = async (): Promise<Outputs> => (await stack.outputs()) as unknown as Outputs;
  const jobs = (): string[] =>
    batchJobs(store, "/subscriptions/").map(({ resource }) => lastName(resource.id));
  const workers = (): string[] => processesOf(azure).filter((command) => command.includes("worker.py"));
  const open = (): void => writeFileSync(gate, "");
  const close = (): void => rmSync(gate, { force: true });
  /** What the service says of a job. */
  const statusOf = async (id: string): Promise<string> =>
    (await askArm<LiveJob>(azure, "read", id, ML_API_VERSION)).properties.status;
  /** The job takes a mini-batch, which it does not finish before the gate opens. */
  const untilAtWork = async (id: string): Promise<void> => {
    while (workers().length === 0) await sleep(50);
    expect(await statusOf(id)).to.equal("Running");
  };
  const letEnd = async (id: string): Promise<void> => {
    open();
    for (let status = "Running"; status !== "Completed"; status = await statusOf(id)) {
      expect(status).to.be.oneOf(["Running", "Finalizing"]);
      await sleep(500);
    }
  };

  before(async () => {
    await azure.start();
    store = openStore(azure.paths.arm);
    for (const folder of ["code", "input"]) mkdirSync(join(files, folder), { recursive: true });
    writeFileSync(join(files, "code", "score.py"), SCRIPT);
    writeFileSync(join(files, "conda.yaml"), "dependencies: [pip]\n");
    for (const name of ["one.csv", "two.csv"]) writeFileSync(join(files, "input", name), "1\n");
    stack = await ProgramStack.create(azure, "batch-unwaited", {
      deployer: DEPLOYER.objectId,
      model: exampleModelFolder,
      code: join(files, "code"),
      condaFile: join(files, "conda.yaml"),
      files: join(files, "input"),
      gate,
      rerun: "first",
      wait: false,
      onDestroy: "cancel",
    });
  });
  after(async () => {
    await store?.close();
    await azure.remove();
  });

  it("`up` ends while the job runs, and knows no output yet; another `up` makes no second job", async () => {
    await stack.succeeds(...up);
    const { id, jobName, status, outputUri, ...rest } = await outputs();
    expect(status).to.be.oneOf(["NotStarted", "Queued", "Preparing", "Running"]);
    expect(outputUri).to.match(new RegExp(`^azureml://.+/batch-runs/${jobName}/$`));
    expect(rest).to.deep.equal({ outputUris: [], scored: {} });
    await untilAtWork(id);
    await stack.succeeds("up", "--yes", "--expect-no-changes");
    expect(jobs()).to.deep.equal([jobName]);
    expect(await statusOf(id)).to.equal("Running");
  });

  it("a refresh shows how far the job is, and in the end what it left", async () => {
    const { id, jobName, outputUri } = await outputs();
    await stack.succeeds("up", "--refresh", "--yes", "--skip-preview");
    expect(await outputs()).to.deep.include({ status: "Running", outputUris: [], scored: {} });
    await letEnd(id);
    await stack.succeeds("up", "--refresh", "--yes", "--skip-preview");
    expect(await outputs()).to.deep.equal({
      id,
      jobName,
      status: "Completed",
      outputUri,
      outputUris: [`${outputUri}predictions.csv`],
      scored: { total: 2 },
      rows: 2,
    });
    await stack.succeeds("refresh", "--yes", "--expect-no-changes");
    expect(jobs()).to.deep.equal([jobName]);
  });

  it("another run that takes its place cancels it", async () => {
    close();
    stack.set("rerun", "second");
    await stack.succeeds(...up);
    const second = await outputs();
    await untilAtWork(second.id);
    stack.set("rerun", "third");
    await stack.succeeds(...up);
    expect(await statusOf(second.id)).to.equal("Canceled");
    const third = await outputs();
    expect(third.jobName).to.not.equal(second.jobName);
    await untilAtWork(third.id);
    expect(jobs()).to.have.length(3);
  });

  it("going away cancels it, and leaves no process; the same run is another job then", async () => {
    const { id, jobName } = await outputs();
    await stack.succeeds("destroy", "--yes", "--skip-preview", "--target", "**BatchRun**");
    expect(await statusOf(id)).to.equal("Canceled");
    expect(workers()).to.deep.equal([]);
    await stack.succeeds(...up);
    expect(await outputs()).to.deep.include({ jobName: `${jobName}-2`, outputUris: [] });
  });

  it("with `leave` it runs on to its end, which the same run finds", async () => {
    const { id, jobName } = await outputs();
    await untilAtWork(id);
    stack.set("onDestroy", "leave");
    await stack.succeeds(...up);
    await stack.succeeds("destroy", "--yes", "--skip-preview", "--target", "**BatchRun**");
    expect(await statusOf(id)).to.equal("Running");
    await letEnd(id);
    const before = jobs();
    await stack.succeeds(...up);
    expect(await outputs()).to.deep.include({ jobName, status: "Completed", rows: 2 });
    expect(jobs()).to.deep.equal(before);
  });

  it("waits from then on when the program says so", async () => {
    close();
    stack.set("rerun", "fourth");
    await stack.succeeds(...up);
    const { id, jobName } = await outputs();
    stack.set("wait", true);
    const waiting = stack.start(...up);
    await untilAtWork(id);
    open();
    const { exitCode, stdout } = await waiting;
    expect(exitCode, stdout).to.equal(0);
    expect(stdout).to.contain(`batch job ${jobName}: Completed`);
    expect(await outputs()).to.deep.include({ jobName, status: "Completed", rows: 2 });
  });

  it("`destroy` of all leaves nothing, not even of a job that is left", async () => {
    close();
    stack.set("rerun", "fifth");
    stack.set("wait", false);
    await stack.succeeds(...up);
    await untilAtWork((await outputs()).id);
    await stack.succeeds("destroy", "--yes", "--skip-preview");
    expect((await askAdmin<Status>(azure.paths, azure.run(), "status")).resources).to.equal(0);
    expect(workers()).to.deep.equal([]);
  });
});
