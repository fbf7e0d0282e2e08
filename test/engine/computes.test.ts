import { expect } from "chai";
import { askAdmin } from "../../local/running";
import type { Status } from "../../local/status";
import { SUBSCRIPTION_ID } from "../../local/cloud";
import { LocalAzure } from "../helpers/local-azure";
import { ProgramStack } from "../helpers/program-stack";

interface Step {
  readonly op: string;
  readonly urn: string;
}
interface Exported {
  readonly urn: string;
  readonly id?: string;
  readonly inputs?: { readonly computeName?: string };
  readonly outputs?: { readonly properties?: { readonly properties?: Record<string, unknown> } };
}

const vmSize = "Standard_DS3_v2";
const clusterId = `/subscriptions/${SUBSCRIPTION_ID}/resourceGroups/elsewhere/providers/Microsoft.ContainerService/managedClusters/aks`;
const COMPUTE = "azure-native:machinelearningservices:Compute";

/** The three kinds of compute by the real engine; the steps build on one another. */
describe("computes on the local Azure", () => {
  const azure = new LocalAzure();
  let stack: ProgramStack;
  /** What a preview would do, without what stays: operation and logical name. */
  const planned = async (): Promise<string[]> => {
    const { steps } = JSON.parse(await stack.succeeds("preview", "--json")) as { steps: Step[] };
    return steps
      .filter(({ op }) => op !== "same" && op !== "read")
      .map(({ op, urn }) => `${op} ${String(urn.split("::").at(-1))}`);
  };
  const computeOf = async (name: string): Promise<Exported> => {
    const state = JSON.parse(await stack.succeeds("stack", "export")) as {
      deployment: { resources: Exported[] };
    };
    const found = state.deployment.resources.filter(({ urn }) => urn.endsWith(`${COMPUTE}::${name}`));
    expect(found).to.have.length(1);
    return found[0] ?? expect.fail();
  };
  const inner = async (name: string): Promise<Record<string, unknown>> =>
    (await computeOf(name)).outputs?.properties?.properties ?? {};
  const settles = async (): Promise<void> => {
    await stack.succeeds("refresh", "--yes", "--expect-no-changes");
    await stack.succeeds("preview", "--expect-no-changes");
  };

  before(async () => {
    await azure.start();
    stack = await ProgramStack.create(azure, "computes", {
      train: { vmSize, maxNodes: 2 },
      ada: {
        vmSize,
        schedules: [{ action: "Stop", cron: "0 18 * * 1-5" }],
        identity: { systemAssigned: true },
      },
      aks: {
        clusterId,
        instanceTypes: {
          small: { requests: { cpu: "1", memory: "1Gi" }, limits: { cpu: "1", memory: "1Gi" } },
        },
      },
    });
  });
  after(async () => await azure.remove());

  it("come up, and then have nothing left to do: what Azure adds is no drift", async () => {
    await stack.succeeds("up", "--yes", "--skip-preview");
    expect(await inner("ada")).to.include({ state: "Running", idleTimeBeforeShutdown: "PT60M" });
    expect((await inner("aks"))["instanceTypes"]).to.have.keys("small", "defaultinstancetype");
    await settles();
  });

  it("of which an instance is a shell that tracks in its workspace without set-up", async () => {
    const { computes } = (await stack.outputs()) as unknown as { computes: { ada: string; aks: string } };
    const script =
      "import mlflow, os; r = mlflow.start_run(); mlflow.log_metric('m', 2); print(os.environ['CI_NAME'], mlflow.get_run(r.info.run_id).data.metrics)";
    const worked = await azure.command("exec", "--compute", computes.ada, "python", "-c", script);
    expect(worked.stdout, worked.stderr).to.contain(`${computes.ada} {'m': 2.0}`);
    const refused = await azure.command("exec", "--compute", computes.aks, "true");
    expect(refused.exitCode).to.equal(1);
    expect(refused.stderr).to.contain(
      `of type Kubernetes, which has no shell. Compute instances are: ${computes.ada} (Running).`,
    );
  });

  it("are scaled in place, with the roles that they have", async () => {
    const { id } = await computeOf("train");
    stack.set("train", { vmSize: vmSize.toUpperCase(), maxNodes: 4, minNodes: 1, idleSeconds: 60 });
    expect(await planned()).to.deep.equal(["update train"]);
    await stack.succeeds("up", "--yes", "--skip-preview");
    expect((await computeOf("train")).id).to.equal(id);
    expect((await inner("train"))["scaleSettings"]).to.include({ minNodeCount: 1, maxNodeCount: 4 });
    await settles();
  });

  it("of other machines stand beside what they replace, which goes last", async () => {
    const before = await computeOf("train");
    stack.set("train", { vmSize: "Standard_F4s_v2", maxNodes: 4 });
    expect(await planned()).to.have.members(["replace train", "replace train-storage"]);
    const said = await stack.succeeds("up", "--yes", "--skip-preview");
    expect(said).to.match(/Compute train created replacement[^]*Compute train deleting original/);
    expect((await computeOf("train")).id).to.not.equal(before.id);
    expect(await inner("train")).to.include({ vmSize: "Standard_F4s_v2" });
    await settles();
  });

  it("with a name of the caller's go before what replaces them has it", async () => {
    stack.set("train", { vmSize, maxNodes: 4, computeName: "shared-cluster" });
    await stack.succeeds("up", "--yes", "--skip-preview");
    stack.set("train", { vmSize: "Standard_F4s_v2", maxNodes: 4, computeName: "shared-cluster" });
    const said = await stack.succeeds("up", "--yes", "--skip-preview");
    expect(said).to.match(/Compute train deleted original[^]*Compute train creating replacement/);
    expect((await computeOf("train")).inputs?.computeName).to.equal("shared-cluster");
    expect(await inner("train")).to.include({ vmSize: "Standard_F4s_v2" });
    await settles();
  });

  it("that are there already are adopted by `import`, and changed from then on", async () => {
    const args = { vmSize, maxNodes: 1, computeName: "owned-cluster" };
    stack.set("owned", { args });
    await stack.succeeds("up", "--yes", "--skip-preview");
    const { id, urn } = await computeOf("owned");
    await stack.succeeds("state", "delete", urn, "--yes");
    stack.set("owned", { args, import: id });
    // The import takes what Azure has filled in as inputs, too; the update only says that the program does not set it.
    expect(await planned()).to.deep.equal(["import owned", "update owned"]);
    await stack.succeeds("up", "--yes", "--skip-preview");
    await stack.succeeds("preview", "--expect-no-changes");
    stack.set("owned", { args: { ...args, maxNodes: 3 } });
    expect(await planned()).to.deep.equal(["update owned"]);
    await stack.succeeds("up", "--yes", "--skip-preview");
    await settles();
  });

  it("are made anew by changes that Azure would ignore, and changed by others", async () => {
    const small = { requests: { cpu: "1", memory: "2Gi" }, limits: { cpu: "1", memory: "2Gi" } };
    stack.set("ada", { vmSize, schedules: [{ action: "Stop", cron: "0 20 * * *" }] });
    stack.set("aks", { clusterId, instanceTypes: { small } });
    expect(await planned()).to.have.members(["replace ada", "delete ada-workspace", "update aks"]);
    await stack.succeeds("up", "--yes", "--skip-preview");
    await settles();
    stack.set("aks", { clusterId, instanceTypes: { small }, namespace: "risk" });
    expect(await planned()).to.have.members(["replace aks", "replace aks-detach"]);
    await stack.succeeds("up", "--yes", "--skip-preview");
    await settles();
  });

  it("go with the stack; an attached cluster is let go, not deleted", async () => {
    await stack.succeeds("destroy", "--yes", "--skip-preview");
    expect((await askAdmin<Status>(azure.paths, azure.run(), "status")).resources).to.equal(0);
    expect(await askAdmin<string[]>(azure.paths, azure.run(), "violations")).to.deep.equal([]);
  });
});
