import { expect } from "chai";
import { instanceSettings } from "../../local/compute/instance-shell";
import { status } from "../../local/status";
import { UserError } from "../../local/user-error";
import { FakeBatchJobs, FakePipelineJobs } from "./batch-fixtures";
import { Harness, WORKSPACE } from "./arm-harness";

const location = "westeurope";
const vmSize = "Standard_DS3_v2";

describe("the shell of a compute instance", () => {
  let arm: Harness;
  const settings = (name: string, preferred?: string): Record<string, string> =>
    instanceSettings(
      status(arm.store, { jobs: new FakeBatchJobs(), pipelines: new FakePipelineJobs() }),
      name,
      preferred,
    );
  beforeEach(async () => {
    arm = new Harness();
    await arm.makeWorkspace();
    const properties = { computeType: "ComputeInstance", properties: { vmSize } };
    await arm.make(`${WORKSPACE}/computes/ada`, { location, properties });
    const cluster = { vmSize, scaleSettings: { maxNodeCount: 2 } };
    await arm.make(`${WORKSPACE}/computes/train`, {
      location,
      properties: { computeType: "AmlCompute", properties: cluster },
    });
  });
  afterEach(async () => await arm.close());

  it("tracks in the instance's workspace", () => {
    const { MLFLOW_TRACKING_URI = "", ...rest } = settings("ADA");
    expect(MLFLOW_TRACKING_URI).to.match(/^azureml:\/\/.*\/workspaces\//);
    const [, , subscription, , group, , , , workspace] = WORKSPACE.split("/");
    expect(rest).to.deep.equal({
      CI_NAME: "ada",
      AZUREML_ARM_SUBSCRIPTION: subscription,
      AZUREML_ARM_RESOURCEGROUP: group,
      AZUREML_ARM_WORKSPACE_NAME: workspace,
    });
  });

  it("is refused for another compute, for none, and for an instance that is stopped", async () => {
    expect(() => settings("train")).to.throw(
      UserError,
      "The compute train is of type AmlCompute, which has no shell. Compute instances are: ada (Running).",
    );
    expect(() => settings("eve")).to.throw(UserError, "There is no compute eve. Compute instances are: ada");
    await arm.ask("POST", `${WORKSPACE}/computes/ada/stop`);
    expect(() => settings("ada")).to.throw(UserError, "The compute instance ada is Stopped.");
  });

  it("asks which of two workspaces is meant", () => {
    const both = {
      workspaces: ["one", "two"].map((name) => ({
        id: WORKSPACE.replace(/[^/]+$/, name),
        name,
        trackingUri: `azureml://${name}`,
        storageAccount: "st",
      })),
      computes: ["one", "two"].map((name) => ({
        name: "ada",
        workspaceId: WORKSPACE.replace(/[^/]+$/, name),
        type: "ComputeInstance",
        state: "Running",
      })),
    };
    expect(() => instanceSettings(both, "ada")).to.throw(
      UserError,
      "Several workspaces have a compute ada: one, two.",
    );
    expect(instanceSettings(both, "ada", "azureml://two")).to.include({ AZUREML_ARM_WORKSPACE_NAME: "two" });
  });
});
