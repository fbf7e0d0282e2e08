import { expect } from "chai";
import fc from "fast-check";
import {
  CustomModel,
  InvalidArgs,
  MlflowModel,
  OnlineDeployment,
  OnlineEndpoint,
  type OnlineDeploymentArgs,
  type OnlineEndpointArgs,
} from "../../components";
import { withoutProvider } from "../../providers/inputs";
import { ENDPOINT_ID, runProgram, WORKSPACE_ID } from "../helpers/pulumi-mocks";

const location = "westeurope";
const tags = { team: "risk" };
const deployed: OnlineDeploymentArgs = {
  endpointId: ENDPOINT_ID,
  location,
  model: `${WORKSPACE_ID}/models/churn/versions/3`,
  instanceType: "Standard_DS3_v2",
  tags,
};

/** The paths of what a component finds wrong with its args. */
function pathsOf(declare: () => unknown): string[] {
  try {
    declare();
  } catch (error) {
    if (error instanceof InvalidArgs) return error.problems.map(({ path }) => path);
    throw error;
  }
  return [];
}

describe("MlflowModel", () => {
  it("is one version, which a protected parent doesn't keep from being followed by the next", async () => {
    const program = await runProgram(
      () =>
        new MlflowModel(
          "churn",
          { workspaceId: WORKSPACE_ID, modelName: "churn", path: "no/such/model", tags },
          { protect: true },
        ),
    );
    const version = program.named("churn");
    expect(version.type).to.equal("pulumi-nodejs:dynamic/pulumi-azureml:MlflowModel");
    expect(version.parent).to.equal("pulumi-azureml:index:MlflowModel::churn");
    expect(version.protect).to.equal(false);
    const inputs = withoutProvider(version.inputs);
    expect(inputs).to.deep.equal({
      workspaceId: WORKSPACE_ID,
      name: "churn",
      path: "no/such/model",
      onDelete: "retain",
      tags,
    });
    expect(program.outputs.get("churn")).to.include({
      id: `${WORKSPACE_ID}/models/churn/versions/7`,
      name: "churn",
      version: "7",
    });
  });
});

describe("a model on an MLflow server", () => {
  const server = {
    trackingUri: "https://mlflow.example.com",
    auth: { kind: "Token", tokenVariable: "MLFLOW_TRACKING_TOKEN" },
  } as const;

  it("is declared with where the server is and not with what signs in there", async () => {
    const program = await runProgram(
      () => new MlflowModel("churn", { server, modelName: "churn", path: "no/such/model" }),
    );
    expect(withoutProvider(program.named("churn").inputs)).to.deep.equal({
      server,
      name: "churn",
      path: "no/such/model",
      onDelete: "retain",
    });
  });

  it("takes the server's own addresses without its being named twice, and no other place beside it", () => {
    const args = { modelName: "churn", server };
    expect(pathsOf(() => new MlflowModel("one", { ...args, source: "models:/churn/latest" }))).to.deep.equal(
      [],
    );
    expect(
      pathsOf(() => new MlflowModel("two", { ...args, workspaceId: WORKSPACE_ID, path: "model" })),
    ).to.deep.equal(["server"]);
    expect(
      pathsOf(() => new CustomModel("three", { ...args, path: "model", type: "triton_model" })),
    ).to.deep.equal(["type"]);
  });
});

describe("OnlineEndpoint", () => {
  const args: OnlineEndpointArgs = { workspaceId: WORKSPACE_ID, location, tags };

  it("is created by azure-native, whose changes are all ignored, and written by the resource that merges", async () => {
    const program = await runProgram(() => new OnlineEndpoint("churn", args));
    const endpoint = program.named("churn");
    expect(endpoint.type).to.equal("azure-native:machinelearningservices:OnlineEndpoint");
    expect(endpoint.ignoreChanges).to.deep.equal(["identity", "kind", "properties", "sku", "tags"]);
    expect(endpoint.inputs["endpointName"]).to.equal("oe-churn-x7k2p");
    expect(endpoint.inputs["properties"]).to.not.have.property("traffic");
    const settings = withoutProvider(program.named("churn-settings").inputs);
    expect(settings).to.deep.equal({
      endpointId: `${WORKSPACE_ID}/onlineEndpoints/oe-churn-x7k2p`,
      authMode: "AADToken",
      publicNetworkAccess: "Enabled",
      identity: { type: "SystemAssigned" },
      tags,
    });
  });

  it("routes only once its deployments are up", async () => {
    const program = await runProgram(() => {
      const endpoint = new OnlineEndpoint("churn", args);
      const shares = [70, 30].map((percent, index) => ({
        deployment: new OnlineDeployment(`v${index}`, { ...deployed, endpointId: endpoint.id }),
        percent,
      }));
      endpoint.route(shares);
    });
    const traffic = program.named("churn-traffic");
    expect(traffic.type).to.equal("pulumi-nodejs:dynamic/pulumi-azureml:OnlineEndpointSettings");
    expect(traffic.inputs["traffic"]).to.deep.equal({ "v0-d689": 70, "v1-d689": 30 });
    expect(traffic.inputs).to.not.have.any.keys("tags", "authMode", "identity");
    expect(traffic.after).to.include.members([
      "azure-native:machinelearningservices:OnlineDeployment::v0",
      "azure-native:machinelearningservices:OnlineDeployment::v1",
    ]);
  });

  it("refuses shares that are neither 0 nor 100 in total", async () => {
    await runProgram(() => {
      const endpoint = new OnlineEndpoint("churn", args);
      const deployment = new OnlineDeployment("v1", deployed);
      fc.assert(
        fc.property(fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 1 }), (percentages) => {
          const total = percentages.reduce((sum, percent) => sum + percent, 0);
          fc.pre(total !== 0 && total !== 100);
          const shares = percentages.map((percent) => ({ deployment, percent }));
          expect(pathsOf(() => endpoint.route(shares))).to.deep.equal(["route"]);
        }),
      );
    });
  });

  it("refuses a name that Azure refuses", async () => {
    let paths: string[] = [];
    await runProgram(() => {
      paths = ["ab", "1churn", "churn--a", "churn-", "x".repeat(33)].flatMap((endpointName) =>
        pathsOf(() => new OnlineEndpoint(endpointName, { ...args, endpointName })),
      );
    });
    expect(paths).to.deep.equal(Array(5).fill("endpointName"));
  });
});

describe("OnlineDeployment", () => {
  it("serves a registered model without code, on one machine, under a name of its machine type's", async () => {
    const program = await runProgram(() => new OnlineDeployment("churn", deployed));
    const deployment = program.named("churn");
    expect(deployment.inputs).to.deep.include({
      deploymentName: "churn-d689",
      endpointName: "oe-test",
      resourceGroupName: "rg-test",
      workspaceName: "mlw-test",
      sku: { name: "Default", capacity: 1 },
      tags,
    });
    expect(deployment.inputs["properties"]).to.deep.include({
      endpointComputeType: "Managed",
      model: deployed.model,
      instanceType: "Standard_DS3_v2",
      egressPublicNetworkAccess: "Enabled",
    });
    expect((deployment.inputs["properties"] as Record<string, unknown>)["requestSettings"]).to.deep.include({
      requestTimeout: "PT5S",
      maxConcurrentRequestsPerInstance: 1,
    });
  });

  it("of another machine type is made before the one it follows goes", async () => {
    const program = await runProgram(
      () => new OnlineDeployment("churn", { ...deployed, instanceType: "Standard_F4s_v2" }),
    );
    expect(program.named("churn").inputs["deploymentName"]).to.not.equal("churn-d689");
    expect(program.named("churn").deleteBeforeReplace).to.equal(false);
  });

  it("refuses what no deployment can be", async () => {
    let paths: string[] = [];
    await runProgram(() => {
      paths = pathsOf(
        () =>
          new OnlineDeployment("churn", {
            ...deployed,
            model: "azureml:churn:3",
            instances: 0,
            requestTimeoutSeconds: 181,
          }),
      );
    });
    expect(paths).to.deep.equal(["model", "instances", "requestTimeoutSeconds"]);
  });
});
