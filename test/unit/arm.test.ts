import { expect } from "chai";
import type { JsonObject } from "../../local/json";
import { ROLES } from "../../local/identity/roles";
import {
  codeOf, deploymentBody, ENDPOINT, endpointBody, GROUP, Harness, IDENTITY, MODEL, propertiesOf, STORAGE, WORKSPACE,
} from "./arm-harness"; // prettier-ignore

describe("the local ARM", () => {
  let arm: Harness;
  beforeEach(() => {
    arm = new Harness();
  });
  afterEach(async () => {
    const violations = arm.arm.violations();
    await arm.close();
    expect(violations, "answers that break Microsoft's models").to.deep.equal([]);
    expect(arm.logged, "faults").to.deep.equal([]);
  });

  it("takes the whole way from a resource group to a scored endpoint and back", async () => {
    const workspace = await arm.makeWorkspace();
    expect(propertiesOf(workspace)["mlFlowTrackingUri"]).to.equal(
      `azureml://westeurope.api.azureml.ms/mlflow/v1.0${WORKSPACE}`,
    );
    const workspaceId = String(propertiesOf(workspace)["workspaceId"]);
    expect(arm.effects.calls).to.deep.equal([
      "storageAccountCreated mlstore",
      `containerCreated mlstore azureml-blobstore-${workspaceId}`,
      "containerCreated mlstore azureml",
      `workspaceCreated ${WORKSPACE}`,
    ]);
    const identity = (await arm.ask("GET", IDENTITY)).body;
    await arm.make(
      `${STORAGE}/providers/Microsoft.Authorization/roleAssignments/6f4fd6e5-9ee4-4bd6-a05d-5fa3ad8bfba4`,
      {
        properties: {
          principalId: propertiesOf(identity)["principalId"],
          roleDefinitionId: `/subscriptions/x/providers/Microsoft.Authorization/roleDefinitions/${ROLES["Storage Blob Data Contributor"]}`,
        },
      },
    );
    await arm.make(`${WORKSPACE}/computes/cpu`, {
      location: "westeurope",
      properties: {
        computeType: "AmlCompute",
        properties: { vmSize: "Standard_DS3_v2", scaleSettings: { minNodeCount: 0, maxNodeCount: 4 } },
      },
    });
    await arm.makeEndpoint("blue");
    expect(arm.effects.deployed.get(`${ENDPOINT}/deployments/blue`)).to.deep.equal({
      id: `${ENDPOINT}/deployments/blue`,
      model: {
        ...{ name: "churn", version: "1" },
        ...{ account: "mlstore", container: `azureml-blobstore-${workspaceId}`, prefix: "models/churn" },
      },
      modelType: "mlflow_model",
      code: undefined,
      environment: undefined,
      instances: 1,
      environmentVariables: {},
      requestTimeout: 5000,
      maxConcurrentRequestsPerInstance: 1,
    });
    const endpoint = await arm.make(ENDPOINT, endpointBody({ traffic: { blue: 100 } }));
    expect(propertiesOf(endpoint)["traffic"]).to.deep.equal({ blue: 100 });
    expect(propertiesOf(endpoint)["scoringUri"]).to.equal(
      "https://churn.westeurope.inference.ml.azure.com/score",
    );
    const keys = (await arm.ask("POST", `${ENDPOINT}/listKeys`)).body;
    expect(keys).to.have.keys("primaryKey", "secondaryKey");

    expect((await arm.finish("DELETE", ENDPOINT)).status).to.equal(204);
    expect(arm.effects.deployed.size).to.equal(0);
    expect((await arm.ask("DELETE", MODEL)).status).to.equal(200);
    expect(
      (await arm.finish("DELETE", `${WORKSPACE}/computes/cpu?underlyingResourceAction=Delete`)).body[
        "status"
      ],
    ).to.equal("Succeeded");
    expect((await arm.finish("DELETE", `${WORKSPACE}?forceToPurge=true`)).status).to.equal(204);
    expect((await arm.finish("DELETE", GROUP)).status).to.equal(204);
    expect(arm.store.list("/subscriptions/").map(({ id }) => id.split("/").slice(3).join("/"))).to.deep.equal(
      ["providers/Microsoft.KeyVault/locations/westeurope/deletedVaults/mlvault"],
    );
    expect(arm.effects.calls)
      .to.include(`workspaceDeleted ${WORKSPACE}`)
      .and.to.include("storageAccountDeleted mlstore");
  });

  it("replaces the whole endpoint by a PUT, so that traffic that is left out is gone", async () => {
    await arm.makeWorkspace();
    await arm.makeEndpoint("blue");
    await arm.make(ENDPOINT, endpointBody({ traffic: { blue: 100 } }));
    const after = await arm.make(ENDPOINT, endpointBody());
    expect(propertiesOf(after)["traffic"]).to.deep.equal({});
  });

  it("says how a deployment failed, with the model's own last words", async () => {
    await arm.makeWorkspace();
    await arm.makeEndpoint();
    arm.effects.deploying = () => Promise.reject(new Error("ModuleNotFoundError: No module named 'sklearn'"));
    const failed = await arm.finish("PUT", `${ENDPOINT}/deployments/blue`, deploymentBody());
    expect(codeOf(failed)).to.equal("ResourceNotReady");
    expect((failed.body["error"] as JsonObject)["message"]).to.contain("No module named 'sklearn'");
    const deployment = (await arm.ask("GET", `${ENDPOINT}/deployments/blue`)).body;
    expect(propertiesOf(deployment)["provisioningState"]).to.equal("Failed");
  });
});
