import { expect } from "chai";
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { lastName } from "../../local/arm/path";
import type { Store } from "../../local/arm/store";
import { openStore } from "../../local/arm/store-lmdb";
import { batchJobs } from "../../local/batch/job-resource";
import { DEPLOYER } from "../../local/cloud";
import { askAdmin } from "../../local/running";
import type { Status } from "../../local/status";
import { exampleModelFolder, packageRoot } from "../../tools/paths";
import { LocalAzure } from "../helpers/local-azure";
import { ProgramStack } from "../helpers/program-stack";
import { killTree } from "../helpers/running-up";

const { input_data: sample } = JSON.parse(
  readFileSync(join(packageRoot(), "examples", "breast-cancer", "sample.json"), "utf8"),
) as { input_data: { columns: string[]; data: [number[]] } };

interface Outputs {
  readonly jobName: string;
  readonly status: string;
  readonly outputUri: string;
  readonly outputUris: readonly string[];
  readonly scored: { readonly total: number; readonly succeeded: number; readonly failed: number };
  readonly rows: number;
}

/** A program with a BatchRun, run by the real engine; the steps build on one another. */
describe("BatchRun on the local Azure", () => {
  const azure = new LocalAzure();
  const folder = join(azure.paths.folder, "customers");
  let stack: ProgramStack;
  let store: Store;
  const up = ["up", "--yes", "--skip-preview"] as const;
  const outputs = async (): Promise<Outputs> => (await stack.outputs()) as unknown as Outputs;
  const jobs = (): string[] =>
    batchJobs(store, "/subscriptions/").map(({ resource }) => lastName(resource.id));
  const write = (name: string, rows: number): void =>
    writeFileSync(
      join(folder, name),
      [sample.columns, ...Array.from({ length: rows }, () => sample.data[0]), []].join("\n"),
    );

  before(async () => {
    await azure.start();
    store = openStore(azure.paths.arm);
    mkdirSync(folder);
    write("one.csv", 1);
    write("two.csv", 2);
    stack = await ProgramStack.create(azure, "batch-run", {
      deployer: DEPLOYER.objectId,
      model: exampleModelFolder,
      files: folder,
    });
  });
  after(async () => {
    await store?.close();
    await azure.remove();
  });

  it("scores a folder of this machine once, and says where the predictions are and how many", async () => {
    const said = await stack.succeeds("up", "--yes");
    const { jobName, outputUri, ...rest } = await outputs();
    expect(said).to.contain(`batch job ${jobName}: Completed`);
    expect(jobs()).to.deep.equal([jobName]);
    expect(outputUri).to.match(/^azureml:\/\/.+\/datastores\/workspaceblobstore\/paths\/batch-runs\/.+\/$/);
    expect(outputUri).to.contain(jobName);
    expect(rest).to.deep.equal({
      status: "Completed",
      outputUris: [`${outputUri}predictions.csv`],
      scored: { total: 2, succeeded: 2, failed: 0 },
      rows: 3,
    });
  });

  it("makes no second run of the same files, whenever they were written", async () => {
    const before = await outputs();
    write("one.csv", 1);
    await stack.succeeds("refresh", "--yes", "--expect-no-changes");
    await stack.succeeds("up", "--yes", "--expect-no-changes");
    expect(await outputs()).to.deep.equal(before);
    expect(jobs()).to.deep.equal([before.jobName]);
  });

  it("makes another run of files that changed; back to those of before is no run at all", async () => {
    const before = await outputs();
    write("one.csv", 4);
    await stack.succeeds(...up);
    const after = await outputs();
    expect(after).to.deep.include({ scored: { total: 2, succeeded: 2, failed: 0 }, rows: 6 });
    expect(jobs()).to.have.members([before.jobName, after.jobName]);
    write("one.csv", 1);
    await stack.succeeds(...up);
    expect(await outputs()).to.deep.equal(before);
    expect(jobs()).to.have.length(2);
  });

  it("finds the job of an `up` that was killed while it ran", async () => {
    const before = jobs();
    write("three.csv", 1);
    const killed = stack.start(...up);
    while (jobs().length === before.length) {
      if (killed.exitCode !== null) expect.fail(`ended before its job: ${(await killed).stdout}`);
      await sleep(20);
    }
    killTree(killed.pid ?? 0, azure.run().pid);
    await killed;
    const [submitted] = jobs().filter((name) => !before.includes(name));
    expect(before, "the state has the run of before").to.include((await outputs()).jobName);
    await stack.succeeds("cancel", "--yes");
    await stack.succeeds(...up);
    expect(await outputs()).to.deep.include({ jobName: submitted, status: "Completed", rows: 4 });
    expect(jobs()).to.have.length(before.length + 1);
  });

  it("scores a version of a data asset; another version is another run", async () => {
    stack.set("registered", true);
    await stack.succeeds(...up);
    const { jobName, ...rest } = await outputs();
    expect(rest).to.deep.include({ scored: { total: 3, succeeded: 3, failed: 0 }, rows: 4 });
    await stack.succeeds("up", "--yes", "--expect-no-changes");
    rmSync(join(folder, "three.csv"));
    expect(await stack.succeeds("preview")).to.contain("replace");
    await stack.succeeds(...up);
    const after = await outputs();
    expect(after.jobName).to.not.equal(jobName);
    expect(after.rows).to.equal(3);
  });

  it("fails with the end of the job's log, and keeps the run of before", async () => {
    stack.set("registered", false);
    await stack.succeeds(...up);
    const before = await outputs();
    renameSync(join(folder, "two.csv"), join(folder, "two.txt"));
    const failed = await stack.fails(...up);
    expect(failed).to.match(
      /the job ended Failed: .+[^.]\. The end of its log:\n( +\S.*\n)* +Error .+ File type 'txt' is not supported/,
    );
    expect(await outputs()).to.deep.equal(before);
  });

  it("`destroy` leaves nothing", async () => {
    await stack.succeeds("destroy", "--yes", "--skip-preview");
    expect((await askAdmin<Status>(azure.paths, azure.run(), "status")).resources).to.equal(0);
  });
});
