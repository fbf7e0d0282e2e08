import { expect } from "chai";
import { DEPLOYER } from "../../local/cloud";
import { askAdmin } from "../../local/running";
import type { Status } from "../../local/status";
import { exampleModelFolder } from "../../tools/paths";
import { LocalAzure } from "../helpers/local-azure";
import { ProgramStack } from "../helpers/program-stack";

/** A deployment with an autoscale by the real engine; the steps build on one another. */
describe("Autoscale on the local Azure", () => {
  const azure = new LocalAzure();
  let stack: ProgramStack;

  before(async () => {
    await azure.start();
    stack = await ProgramStack.create(azure, "autoscale", {
      deployer: DEPLOYER.objectId,
      model: exampleModelFolder,
      most: 3,
    });
  });
  after(async () => {
    await azure.remove();
  });

  it("comes up with its deployment, and is without drift", async () => {
    await stack.succeeds("up", "--yes", "--skip-preview");
    const { autoscaleId = "", deploymentId = "" } = await stack.outputs();
    expect(autoscaleId).to.match(
      /\/providers\/microsoft\.insights\/autoscalesettings\/autoscale-oe-churn-as1-/i,
    );
    expect(deploymentId).to.contain("/onlineEndpoints/oe-churn-as1/deployments/");
    await stack.succeeds("preview", "--expect-no-changes");
    await stack.succeeds("refresh", "--yes", "--expect-no-changes");
    await stack.succeeds("preview", "--expect-no-changes");
  });

  it("changes its range in place", async () => {
    stack.set("most", 4);
    const { steps } = JSON.parse(await stack.succeeds("preview", "--json")) as {
      steps: { op: string; urn: string }[];
    };
    const planned = steps.filter(({ op }) => op !== "same" && op !== "read");
    expect(planned.map(({ op }) => op)).to.deep.equal(["update"]);
    expect(planned[0]?.urn).to.contain("AutoscaleSetting");
    await stack.succeeds("up", "--yes", "--skip-preview");
    await stack.succeeds("refresh", "--yes", "--expect-no-changes");
    await stack.succeeds("preview", "--expect-no-changes");
  });

  it("is gone with its deployment after a destroy", async () => {
    await stack.succeeds("destroy", "--yes", "--skip-preview");
    const { resources, endpoints } = await askAdmin<Status>(azure.paths, azure.run(), "status");
    expect({ resources, endpoints }).to.deep.equal({ resources: 0, endpoints: [] });
  });
});
