import { expect } from "chai";
import { setTimeout as sleep } from "node:timers/promises";
import { askAdmin } from "../../local/running";
import type { Status } from "../../local/status";
import { LocalAzure } from "../helpers/local-azure";
import { locks, processesOf, RunningUp } from "../helpers/running-up";

const STACK_TRACE = /^\s+at .+:\d+:\d+/m;

describe("`npm run local` that is cut short", () => {
  const azure = new LocalAzure();
  const status = async (): Promise<Status> => await askAdmin<Status>(azure.paths, azure.run(), "status");
  const deploymentIn =
    (wanted: string) =>
    ({ endpoints: [endpoint] }: Status): boolean =>
      (endpoint?.deployments ?? []).some(({ state }) => state === wanted);

  before(async () => {
    await azure.start();
  });
  after(async () => await azure.remove());

  it("by Ctrl-C while the workspace is being made: ends in order, and keeps no lock", async () => {
    const up = new RunningUp(azure);
    await up.untilCreatedInAzure("mlflow-workspace", ({ workspaces }) => workspaces.length > 0);
    up.interrupt();
    const { code, output } = await up.ended();
    expect(code, output).to.be.oneOf([1, 130, 255]);
    expect(output).not.to.match(STACK_TRACE);
    expect(locks(azure)).to.deep.equal([]);
  });

  it("by a kill -9 of the local Azure while the deployment is being created: says so within a minute, and leaves no process", async () => {
    const up = new RunningUp(azure);
    await up.untilCreatedInAzure("mlflow-deployment", deploymentIn("Creating"));
    const killed = Date.now();
    process.kill(azure.run().pid, "SIGKILL");
    const { code, output } = await up.ended();
    expect(Date.now() - killed).to.be.lessThan(60_000);
    expect(code, output).to.equal(1);
    expect(output).to.include("the local Azure itself has ended meanwhile").and.not.match(STACK_TRACE);
    for (let tries = 0; tries < 100 && processesOf(azure).length > 0; tries++) await sleep(100);
    expect(processesOf(azure)).to.deep.equal([]);
  });

  it("by Ctrl-C in the run after that, as soon as the engine has begun", async () => {
    const up = new RunningUp(azure);
    await up.until(
      "the engine had begun",
      async () => locks(azure).length > 0 && (await status().catch(() => undefined)) !== undefined,
    );
    up.interrupt();
    expect((await up.ended()).code).to.be.oneOf([1, 130, 255]);
  });

  it("goes on at the next run and ends well, with nothing doubled", async () => {
    const { exitCode, stdout, stderr } = await azure.command();
    expect(exitCode, `${stdout}\n${stderr}`).to.equal(0);
    const { models, endpoints } = await status();
    expect(models.map(({ version }) => version)).to.deep.equal(["1"]);
    expect(endpoints[0]?.deployments.map(({ state }) => state)).to.deep.equal(["Succeeded"]);
    expect(Object.values(endpoints[0]?.traffic ?? {})).to.deep.equal([100]);
    await (await azure.stack()).succeeds("preview", "--expect-no-changes");
  });
});
