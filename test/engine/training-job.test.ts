import { expect } from "chai";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { objectAt } from "../../local/arm/objects";
import { lastName } from "../../local/arm/path";
import type { Store } from "../../local/arm/store";
import { openStore } from "../../local/arm/store-lmdb";
import { DEPLOYER } from "../../local/cloud";
import { commandOf } from "../../local/command-jobs/job-resource";
import type { JsonObject } from "../../local/json";
import { askAdmin } from "../../local/running";
import type { Status } from "../../local/status";
import { ML_API_VERSION } from "../../providers/clients/arm";
import type { LiveJob } from "../../providers/clients/jobs";
import { askArm } from "../helpers/arm-process";
import { LocalAzure } from "../helpers/local-azure";
import { ProgramStack } from "../helpers/program-stack";
import { killTree } from "../helpers/running-up";

interface Outputs {
  readonly scheduleId: string;
  readonly id: string;
  readonly runId: string;
  readonly status: string;
  readonly metrics: Readonly<Record<string, number>>;
  readonly params: Readonly<Record<string, string>>;
  readonly models: Readonly<Record<string, string>>;
}

const SCRIPT = `import os, sys, time, mlflow
rate = float(sys.argv[1])
rows = open(os.path.join(sys.argv[2], "rows.csv")).read().splitlines()
print("learning at", rate, flush=True)
if rate > 1:
    sys.exit("a rate above one does not converge")
while not os.path.exists(os.environ["GATE"]):
    time.sleep(0.05)
mlflow.log_param("rate", rate)
mlflow.log_metric("rows", len(rows))
mlflow.log_metric("accuracy", 1 - rate)
mlflow.pyfunc.log_model("model", python_model=mlflow.pyfunc.PythonModel(), pip_requirements=[])
`;
const CONDA = "name: e\ndependencies:\n  - python=3.11\n";

/** A program with a TrainingJob, run by the real engine; the steps build on one another. */
describe("TrainingJob on the local Azure", () => {
  const azure = new LocalAzure();
  const [code, rows, gate] = ["code", "rows", "gate"].map((name) => join(azure.paths.folder, name)) as [
    string,
    string,
    string,
  ];
  let stack: ProgramStack;
  let store: Store;
  const writeRows = (count: number): void => writeFileSync(join(rows, "rows.csv"), "1\n".repeat(count));
  /** Jobs go on to their end from now on; until then they run. */
  const open = (): void => writeFileSync(gate, "");
  const close = (): void => rmSync(gate);
  const jobs = (): string[] =>
    store.list("/subscriptions/").flatMap((resource) => (commandOf(resource) ? [lastName(resource.id)] : []));
  const statusOf = async (id: string): Promise<string> =>
    (await askArm<LiveJob>(azure, "read", id, ML_API_VERSION)).properties.status;
  const up = ["up", "--yes", "--skip-preview"] as const;
  const outputs = async (): Promise<Outputs> => (await stack.outputs()) as unknown as Outputs;

  before(async () => {
    await azure.start();
    store = openStore(azure.paths.arm);
    for (const folder of [code, rows]) mkdirSync(folder);
    writeRows(3);
    open();
    writeFileSync(join(code, "train.py"), SCRIPT);
    const conda = join(azure.paths.folder, "conda.yaml");
    writeFileSync(conda, CONDA);
    stack = await ProgramStack.create(azure, "training-job", {
      deployer: DEPLOYER.objectId,
      code,
      conda,
      rows,
      gate,
      rate: 0.25,
    });
  });
  after(async () => {
    await store.close();
    await azure.remove();
  });

  it("trains, and has what the run logged as outputs", async () => {
    const said = await stack.succeeds(...up);
    const { id, runId, scheduleId, ...rest } = await outputs();
    expect(scheduleId).to.match(/\/schedules\/[\w-]+$/);
    expect(lastName(id)).to.equal(runId);
    expect(said).to.contain(`training job ${runId}: Completed`);
    expect(rest).to.deep.equal({
      status: "Completed",
      metrics: { accuracy: 0.75, rows: 3 },
      params: { rate: "0.25" },
      models: { model: `runs:/${runId}/model` },
    });
  });

  it("is in the schedule as what makes another run of the same", async () => {
    const { id, scheduleId } = await outputs();
    const { properties } = await askArm<{ properties: JsonObject }>(
      azure,
      "read",
      scheduleId,
      ML_API_VERSION,
    );
    const definition = objectAt(objectAt(properties, "action"), "jobDefinition");
    const { properties: own } = await askArm<{ properties: JsonObject }>(azure, "read", id, ML_API_VERSION);
    const same = ["jobType", "command", "codeId", "environmentId", "environmentVariables", "computeId"];
    for (const key of [...same, "inputs", "resources", "experimentName", "tags"])
      expect(definition[key], key).to.deep.equal(own[key]);
    expect(definition).to.not.have.any.keys("status", "services", "displayName");
    stack.set("scheduled", `${id}-gone`);
    expect(await stack.fails("preview"))
      .to.contain("jobId")
      .and.to.contain("there is no such job");
    stack.set("scheduled", "");
  });

  it("runs nothing again where nothing changed, or only words did", async () => {
    const before = await outputs();
    await stack.succeeds("preview", "--expect-no-changes");
    stack.set("team", "sales");
    await stack.succeeds(...up);
    expect(await outputs()).to.deep.equal(before);
  });

  it("trains again with another parameter, and finds the job of an `up` that was killed while it ran", async () => {
    const before = await outputs();
    close();
    stack.set("rate", 0.5);
    const killed = stack.start(...up);
    let said = "";
    killed.stdout?.on("data", (chunk) => (said += String(chunk)));
    while (!said.includes(": Running")) {
      if (killed.exitCode !== null) expect.fail(`ended before its job ran: ${said}`);
      await sleep(20);
    }
    killTree(killed.pid ?? 0, azure.run().pid);
    await killed;
    const [submitted] = jobs().filter((name) => name !== before.runId);
    expect(await outputs(), "the state has the run of before").to.deep.equal(before);
    open();
    await stack.succeeds("cancel", "--yes");
    await stack.succeeds(...up);
    expect(await outputs()).to.deep.include({ runId: submitted, metrics: { accuracy: 0.5, rows: 3 } });
    expect(jobs()).to.have.members([before.runId, submitted]);
  });

  it("without `wait` has what is known, and what became of the job once that is read again", async () => {
    close();
    writeRows(4);
    stack.set("wait", false);
    await stack.succeeds(...up);
    const unwaited = await outputs();
    expect(unwaited.status).to.be.oneOf(["NotStarted", "Queued", "Preparing", "Running"]);
    expect([unwaited.metrics, unwaited.models]).to.deep.equal([{}, {}]);
    writeRows(5);
    await stack.succeeds(...up);
    const { id } = await outputs();
    expect(await statusOf(unwaited.id), "another run took its place").to.equal("Canceled");
    open();
    for (let status = ""; status !== "Completed"; status = await statusOf(id))
      expect(status).to.not.be.oneOf(["Failed", "Canceled"]);
    await stack.succeeds(...up, "--refresh");
    expect(await outputs()).to.deep.include({ id, status: "Completed", metrics: { accuracy: 0.5, rows: 5 } });
    stack.set("wait", true);
  });

  it("fails with the end of the job's log, and keeps the run of before", async () => {
    const before = await outputs();
    stack.set("rate", 2);
    const failed = await stack.fails(...up);
    expect(failed).to.contain("the job ended Failed").and.to.contain("a rate above one does not converge");
    expect(await outputs()).to.deep.equal(before);
  });

  it("`destroy` leaves nothing", async () => {
    await stack.succeeds("destroy", "--yes", "--skip-preview");
    expect((await askAdmin<Status>(azure.paths, azure.run(), "status")).resources).to.equal(0);
  });
});
