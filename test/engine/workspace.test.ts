import { expect } from "chai";
import { SUBSCRIPTION_ID } from "../../local/cloud";
import { LocalAzure } from "../helpers/local-azure";
import { ProgramStack } from "../helpers/program-stack";

const args = { location: "westeurope", nameSuffix: "a1" };
const locked = { ...args, lock: "CanNotDelete" };

describe("Workspace on a local Azure whose roles take their time", () => {
  const azure = new LocalAzure({ PULUMI_AZUREML_LOCAL_ROLE_SECONDS: "4" });
  let stack: ProgramStack;

  before(async () => {
    await azure.start();
    stack = await ProgramStack.create(azure, "workspace", { args: locked });
  });
  after(async () => await azure.remove());

  it("comes up once they have effect, and then has nothing left to do", async () => {
    expect(await stack.succeeds("up", "--yes", "--skip-preview")).to.contain("retrying create");
    await stack.succeeds("preview", "--expect-no-changes");
    await stack.succeeds("refresh", "--yes", "--expect-no-changes");
  });

  it("says what to do when its name is held by a workspace that was deleted", async () => {
    // Its own locks go before what they are on.
    await stack.succeeds("destroy", "--yes", "--skip-preview");
    const said = await stack.fails("up", "--yes", "--skip-preview");
    expect(said).to.match(/A key vault of this name was deleted[^]*az keyvault recover/);
  });
});

describe("A Workspace under a lock", () => {
  const azure = new LocalAzure();
  const group = `/subscriptions/${SUBSCRIPTION_ID}/resourceGroups/rg-ws-a1`;
  const theirs = `${group}/providers/Microsoft.MachineLearningServices/workspaces/mlw-ws-a1/providers/Microsoft.Authorization/locks/theirs`;
  let stack: ProgramStack;

  before(async () => {
    await azure.hold({
      id: theirs,
      body: {
        id: theirs,
        name: "theirs",
        type: "Microsoft.Authorization/locks",
        properties: { level: "CanNotDelete" },
      },
      internal: {},
    });
    await azure.start();
    const alone = { identityType: "SystemAssigned", diagnostics: false };
    stack = await ProgramStack.create(azure, "workspace", { args: { ...args, ...alone } });
  });
  after(async () => await azure.remove());

  it("of somebody else tells Azure's reason when it is to go, and with its program what to do", async () => {
    await stack.succeeds("up", "--yes", "--skip-preview");
    expect(await stack.fails("destroy", "--yes", "--skip-preview")).to.contain("ScopeLocked");
    const said = await stack.fails("destroy", "--yes", "--skip-preview", "--run-program");
    expect(said).to.contain("ScopeLocked").and.to.contain("az lock delete");
  });
});
