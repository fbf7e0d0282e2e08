import { expect } from "chai";
import { join } from "node:path";
import { askAdmin } from "../../local/running";
import type { Status } from "../../local/status";
import { packageRoot } from "../../tools/paths";
import { LocalAzure, type Stack } from "../helpers/local-azure";
import { changes, exported } from "../helpers/plan";

const program = join(packageRoot(), "test", "fixtures", "prod");

/** A production platform with everything on, run by the real engine; the steps build on one another. */
describe("the prod fixture on the local Azure", () => {
  const azure = new LocalAzure();
  let stack: Stack;
  const up = async (): Promise<string> => await stack.succeeds("up", "--yes", "--skip-preview");

  before(async () => {
    await azure.start();
    stack = await azure.program(program, "prod");
  });
  after(async () => await azure.remove());

  it("previews before there is anything, and comes up", async () => {
    await stack.succeeds("preview");
    await up();
  });

  it("plans nothing on a second `up`", async () => {
    await stack.succeeds("up", "--yes", "--expect-no-changes");
  });

  it("refreshes without drift, whatever Azure adds to what it was given", async () => {
    await stack.succeeds("refresh", "--yes", "--expect-no-changes");
    const [endpoint] = (await exported(stack)).filter(
      ({ type }) => type === "azure-native:machinelearningservices:OnlineEndpoint",
    );
    expect(endpoint?.outputs, "Azure's own keys").to.have.nested.property("properties.properties.createdAt");
    await stack.succeeds("preview", "--expect-no-changes");
  });

  it("changes in place what can change", async () => {
    stack.set("churn-platform:maxNodes", 6);
    stack.set("churn-platform:costCenter", "risk-043");
    const planned = await changes(stack);
    expect(planned.map(({ op }) => op)).to.include("update");
    expect(planned.filter(({ op }) => op !== "update")).to.deep.equal([]);
    await up();
    await stack.succeeds("preview", "--expect-no-changes");
  });

  it("replaces what can't, and nothing beside it, when the lock over its role is off", async () => {
    stack.set("churn-platform:lock", "none");
    await up();
    stack.set("churn-platform:vmSize", "Standard_DS4_v2");
    // The new cluster acts as an identity of its own, which has its role anew.
    const planned = (await changes(stack)).map(({ op, name }) => `${op} ${name}`);
    expect(planned).to.have.members(["replace trainer", "replace trainer-storage"]);
    await up();
    stack.set("churn-platform:lock", "CanNotDelete");
    await up();
    await stack.succeeds("preview", "--expect-no-changes");
  });

  it("keeps what holds data until its protection is taken away, and then leaves nothing", async () => {
    expect((await stack.pulumi("destroy", "--yes", "--skip-preview")).exitCode).to.not.equal(0);
    stack.set("churn-platform:protect", false);
    stack.set("churn-platform:lock", "none");
    // What the refused command took away before it met a protection is found by a refresh.
    await stack.succeeds("up", "--yes", "--skip-preview", "--refresh");
    await stack.succeeds("destroy", "--yes", "--skip-preview");
    expect((await askAdmin<Status>(azure.paths, azure.run(), "status")).resources).to.equal(0);
  });

  it("was answered as Microsoft's models have it", async () => {
    expect(await askAdmin<string[]>(azure.paths, azure.run(), "violations")).to.deep.equal([]);
  });
});
