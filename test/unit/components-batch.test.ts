import { expect } from "chai";
import {
  BatchDeployment,
  BatchEndpoint,
  type BatchDeploymentArgs,
  type BatchEndpointArgs,
} from "../../components";
import type { JsonObject } from "../../local/json";
import { withoutProvider } from "../../providers/inputs";
import { assetFixture } from "../helpers/asset-fixtures";
import { BATCH_ENDPOINT_ID, runProgram, WORKSPACE_ID } from "../helpers/pulumi-mocks";

const location = "westeurope";
const tags = { team: "risk" };
const endpointArgs: BatchEndpointArgs = { workspaceId: WORKSPACE_ID, location, tags };
const deployed: BatchDeploymentArgs = {
  endpointId: BATCH_ENDPOINT_ID,
  location,
  model: `${WORKSPACE_ID}/models/churn/versions/3`,
  compute: `${WORKSPACE_ID}/computes/cluster`,
  tags,
};

describe("BatchEndpoint", () => {
  it("is created by azure-native, whose changes are all ignored, and written by the resource that merges", async () => {
    const program = await runProgram(() => new BatchEndpoint("churn", endpointArgs));
    const endpoint = program.named("churn");
    expect(endpoint.type).to.equal("azure-native:machinelearningservices:BatchEndpoint");
    expect(endpoint.ignoreChanges).to.deep.equal(["identity", "kind", "properties", "sku", "tags"]);
    expect(endpoint.inputs["endpointName"]).to.equal("be-churn-x7k2p");
    expect(endpoint.inputs["properties"]).to.deep.equal({ authMode: "AADToken" });
    expect(withoutProvider(program.named("churn-settings").inputs)).to.deep.equal({
      endpointId: `${WORKSPACE_ID}/batchEndpoints/be-churn-x7k2p`,
      identity: { type: "SystemAssigned" },
      tags,
    });
    expect(program.outputs.get("churn")).to.include({
      name: "be-churn-x7k2p",
      scoringUri: "https://be-churn-x7k2p.westeurope.inference.ml.azure.com/jobs",
    });
  });

  it("has a default deployment once that is there", async () => {
    const program = await runProgram(() => {
      const endpoint = new BatchEndpoint("churn", endpointArgs);
      endpoint.makeDefault(new BatchDeployment("v1", { ...deployed, endpointId: endpoint.id }));
    });
    const written = program.named("churn-default");
    expect(withoutProvider(written.inputs)).to.deep.equal({
      endpointId: `${WORKSPACE_ID}/batchEndpoints/be-churn-x7k2p`,
      defaultDeployment: program.named("v1").inputs["deploymentName"],
    });
    expect(written.after).to.include("azure-native:machinelearningservices:BatchDeployment::v1");
  });

  it("makes no other endpoint's deployment its default", async () => {
    const program = await runProgram(() => {
      new BatchEndpoint("churn", endpointArgs).makeDefault(new BatchDeployment("v1", deployed));
    });
    const written = program.of("pulumi-nodejs:dynamic/pulumi-azureml:BatchEndpointSettings");
    expect(written.map(({ name }) => name)).to.deep.equal(["churn-settings"]);
  });
});

describe("BatchDeployment", () => {
  it("scores by a registered model without code, with Azure's defaults said", async () => {
    const program = await runProgram(() => new BatchDeployment("churn", deployed));
    const { inputs, deleteBeforeReplace } = program.named("churn");
    expect(inputs).to.deep.include({
      endpointName: "be-test",
      resourceGroupName: "rg-test",
      workspaceName: "mlw-test",
      location,
      tags,
      properties: {
        model: { referenceType: "Id", assetId: deployed.model },
        compute: deployed.compute,
        resources: { instanceCount: 1 },
        miniBatchSize: 10,
        maxConcurrencyPerInstance: 1,
        retrySettings: { maxRetries: 3, timeout: "PT30S" },
        errorThreshold: -1,
        outputAction: "AppendRow",
        outputFileName: "predictions.csv",
        loggingLevel: "Info",
      },
    });
    expect(inputs["deploymentName"]).to.match(/^churn-[0-9a-f]{4}$/);
    expect(deleteBeforeReplace).to.equal(false);
  });

  it("scores by a script whose code is a version of its own", async () => {
    const environment = `${WORKSPACE_ID}/environments/plain/versions/3`;
    const code = { path: assetFixture("scoring"), scoringScript: "score.py" };
    const program = await runProgram(() => new BatchDeployment("churn", { ...deployed, code, environment }));
    const { codeConfiguration, environmentId } = program.named("churn").inputs["properties"] as JsonObject;
    expect(environmentId).to.equal(environment);
    expect(codeConfiguration).to.have.property("scoringScript", "score.py");
    expect((codeConfiguration as JsonObject)["codeId"]).to.match(/\/codes\/churn\/versions\/[^/]+$/);
    expect(program.named("churn-code").parent).to.equal("pulumi-azureml:index:BatchDeployment::churn");
  });

  it("is another deployment where Azure fixes what changes: machines, script or code; otherwise the same", async () => {
    const environment = `${WORKSPACE_ID}/environments/plain/versions/3`;
    const code = (folder: string, scoringScript = "score.py"): Partial<BatchDeploymentArgs> => ({
      code: { path: assetFixture(folder), scoringScript },
      environment,
    });
    const names = async (changes: readonly Partial<BatchDeploymentArgs>[]): Promise<Set<unknown>> => {
      const found = new Set<unknown>();
      for (const change of changes) {
        const program = await runProgram(() => new BatchDeployment("churn", { ...deployed, ...change }));
        found.add(program.named("churn").inputs["deploymentName"]);
      }
      return found;
    };
    const fixed = [
      {},
      { instances: 2 },
      { instanceType: "large" },
      code("scoring"),
      code("scoring", "nested/main.py"),
    ];
    expect((await names(fixed)).size).to.equal(fixed.length);
    const open = [
      {},
      { miniBatchSize: 2 },
      { model: `${deployed.model as string}2` },
      { description: "other" },
    ];
    expect((await names(open)).size).to.equal(1);
  });

  it("runs a pipeline whose steps have the compute by default, under another name than a model", async () => {
    const componentId = `${WORKSPACE_ID}/components/prepare/versions/2`;
    const { compute, endpointId } = deployed;
    const program = await runProgram(() => {
      new BatchDeployment("model", deployed);
      new BatchDeployment("pipeline", {
        endpointId,
        location,
        compute,
        pipelineComponent: { componentId, continueOnStepFailure: false },
      });
    });
    const { inputs } = program.named("pipeline");
    expect(inputs["properties"]).to.deep.include({
      deploymentConfiguration: {
        deploymentConfigurationType: "PipelineComponent",
        componentId: { referenceType: "Id", assetId: componentId },
        settings: { default_compute: "cluster", continue_on_step_failure: "false" },
      },
    });
    expect(inputs["properties"]).to.not.have.any.keys("model", "compute", "resources");
    const digest = (name: string): unknown => String(program.named(name).inputs["deploymentName"]).slice(-4);
    expect(digest("pipeline")).to.not.equal(digest("model"));
  });
});
