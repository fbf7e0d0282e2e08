import { expect } from "chai";
import { LocalAzure } from "../helpers/local-azure";
import { ProgramStack } from "../helpers/program-stack";

const args = { location: "westeurope", nameSuffix: "a1" };

describe("Workspace on a local Azure whose roles take their time", () => {
  const azure = new LocalAzure({ PULUMI_AZUREML_LOCAL_ROLE_SECONDS: "4" });
  let stack: ProgramStack;

  before(async () => {
    await azure.start();
    stack = await ProgramStack.create(azure, "workspace", { args });
  });
  after(async () => await azure.remove());

  it("comes up once they have effect, and then has nothing left to do", async () => {
    expect(await stack.succeeds("up", "--yes", "--skip-preview")).to.contain("retrying create");
    await stack.succeeds("preview", "--expect-no-changes");
    await stack.succeeds("refresh", "--yes", "--expect-no-changes");
  });

  it("says what to do when its name is held by a workspace that was deleted", async () => {
    await stack.succeeds("destroy", "--yes", "--skip-preview");
    const said = await stack.fails("up", "--yes", "--skip-preview");
    expect(said).to.match(/A key vault of this name was deleted[^]*az keyvault recover/);
  });
});
