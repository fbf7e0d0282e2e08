import { expect } from "chai";
import { endLeftBehind } from "../../local/left-behind";
import { askAdmin } from "../../local/running";
import type { Status } from "../../local/status";
import { LocalAzure } from "../helpers/local-azure";
import { locks, pendingCreates, processesOf, resourcesInState, RunningUp } from "../helpers/running-up";

/** One stack, whose creation is killed again and again: each run goes on where the killed one was. */
describe("`npm run local` after a kill -9 of the command, the engine and its plugins", () => {
  const azure = new LocalAzure();
  const status = async (): Promise<Status> => await askAdmin<Status>(azure.paths, azure.run(), "status");

  before(async () => {
    await azure.start();
  });
  after(async () => {
    await endLeftBehind(azure.paths);
    await azure.remove();
  });

  it("before the first resource: leaves a lock that the next run takes away", async () => {
    const up = new RunningUp(azure);
    await up.until(
      "the engine had its lock",
      () => up.output.includes("Updating (local)") && locks(azure).length > 0,
    );
    await up.killAll();
    expect(locks(azure)).to.have.length(1);
    expect((await status()).resources).to.equal(0);
  });

  it("while the workspace was being made: it is there, and the state does not know", async () => {
    const up = new RunningUp(azure);
    await up.untilCreatedInAzure("mlflow-workspace", ({ workspaces }) => workspaces.length > 0);
    await up.killAll();
    expect(pendingCreates(azure)).to.include("mlflow-workspace");
    expect((await status()).workspaces).to.have.length(1);
  });

  it("while the model was being uploaded", async () => {
    const up = new RunningUp(azure);
    await up.until("the upload", () => pendingCreates(azure).includes("mlflow-model"));
    await up.killAll();
    expect(pendingCreates(azure)).to.include("mlflow-model");
    expect((await status()).workspaces, "the workspace was taken in").to.have.length(1);
  });

  it("while the deployment was being created: Azure works on", async () => {
    const up = new RunningUp(azure);
    await up.untilCreatedInAzure("mlflow-deployment", ({ endpoints: [endpoint] }) =>
      (endpoint?.deployments ?? []).some(({ state }) => state === "Creating"),
    );
    await up.killAll();
    expect(pendingCreates(azure)).to.include("mlflow-deployment");
  });

  it("between deployment and traffic", async () => {
    const up = new RunningUp(azure);
    await up.untilCreatedInAzure("mlflow-deployment", ({ endpoints: [endpoint] }) =>
      (endpoint?.deployments ?? []).some(({ state }) => state === "Succeeded"),
    );
    await up.killAll();
    const [endpoint] = (await status()).endpoints;
    expect(endpoint?.deployments.map(({ state }) => state)).to.deep.equal(["Succeeded"]);
    expect(resourcesInState(azure)).to.not.include("mlflow-deployment");
  });

  it("goes on and ends well, with nothing doubled", async () => {
    const { exitCode, stdout, stderr } = await azure.command();
    expect(exitCode, `${stdout}\n${stderr}`).to.equal(0);
    expect(stdout).to.match(/^curl -sS /m);
    const { workspaces, models, endpoints } = await status();
    expect(workspaces).to.have.length(1);
    expect(models.map(({ version }) => version)).to.deep.equal(["1"]);
    expect(endpoints).to.have.length(1);
    expect(endpoints[0]?.deployments.map(({ state }) => state)).to.deep.equal(["Succeeded"]);
    expect(Object.values(endpoints[0]?.traffic ?? {})).to.deep.equal([100]);
  });

  it("leaves no process of a killed engine, which would keep a core busy", async () => {
    expect(
      processesOf(azure).filter(
        (command) => command.includes("pulumi/cmd") || command.includes("pulumi-language"),
      ),
    ).to.deep.equal([]);
  });

  it("plans no change after that", async () => {
    const stack = await azure.stack();
    await stack.succeeds("preview", "--expect-no-changes");
  });

  it("`destroy` finds everything: no run left anything that the state does not know", async () => {
    const { exitCode, stdout } = await azure.command("destroy");
    expect(exitCode, stdout).to.equal(0);
    expect((await status()).resources).to.equal(0);
  });
});
