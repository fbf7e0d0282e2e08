import { expect } from "chai";
import { merged, objectAt } from "../../local/arm/objects";
import type { JsonObject } from "../../local/json";
import { codeOf, Harness, MODEL, propertiesOf, WORKSPACE } from "./arm-harness";
import { BATCH, CLUSTER, CODE, CUSTOM, location, makeBatchParts, model, script } from "./batch-fixtures";

describe("batch endpoints in the local ARM", () => {
  let arm: Harness;
  beforeEach(async () => {
    arm = new Harness();
    await makeBatchParts(arm);
  });
  afterEach(async () => {
    const violations = arm.arm.violations();
    await arm.close();
    expect(violations, "answers that break Microsoft's models").to.deep.equal([]);
  });

  const deployment = (more: JsonObject = {}): JsonObject => ({
    location,
    properties: merged({ compute: CLUSTER, model: model(MODEL) }, more),
  });
  const put = (more: JsonObject) => arm.ask("PUT", `${BATCH}/deployments/first`, deployment(more));

  it("have deployments with Azure ML's defaults, and a default that is there and stays", async () => {
    const made = await arm.make(`${BATCH}/deployments/first`, deployment());
    expect(propertiesOf(made)).to.include({ miniBatchSize: 10, outputFileName: "predictions.csv" });
    const withDefault = (name: string): JsonObject => ({
      location,
      properties: { authMode: "AADToken", defaults: { deploymentName: name } },
    });
    expect(codeOf(await arm.ask("PUT", BATCH, withDefault("none")))).to.equal("BadArgument");
    await arm.make(BATCH, withDefault("first"));
    expect(codeOf(await arm.ask("DELETE", `${BATCH}/deployments/first`))).to.equal("BadArgument");
    expect((await arm.finish("DELETE", BATCH)).status).to.equal(204);
  });

  it("take callers by Entra tokens alone", async () => {
    const refused = await arm.ask("PUT", `${BATCH}-key`, { location, properties: { authMode: "Key" } });
    expect(codeOf(refused)).to.equal("BadArgument");
  });

  it("take a model of MLflow without a script, and any model with a script and what it runs in", async () => {
    for (const [name, more] of Object.entries({
      mlflow: {},
      custom: { model: model(CUSTOM), ...script },
      scored: script,
      alone: { model: null, ...script },
    }))
      await arm.make(`${BATCH}/deployments/${name}`, deployment(more));
  });

  const refusals: Readonly<Record<string, JsonObject>> = {
    "properties.compute": { compute: null },
    "properties.codeConfiguration": { model: model(CUSTOM) },
    "properties.environmentId": { codeConfiguration: { codeId: CODE, scoringScript: "score.py" } },
    "properties.codeConfiguration.codeId": { ...script, codeConfiguration: { scoringScript: "score.py" } },
    "properties.resources.instanceCount": { resources: { instanceCount: 6 } },
    "properties.miniBatchSize": { miniBatchSize: 0 },
    "properties.maxConcurrencyPerInstance": { maxConcurrencyPerInstance: 0 },
    "properties.errorThreshold": { errorThreshold: -2 },
    "properties.retrySettings.maxRetries": { retrySettings: { maxRetries: -1 } },
    "properties.retrySettings.timeout": { retrySettings: { timeout: "PT0S" } },
    "properties.outputFileName": { outputFileName: "folder/predictions.csv" },
    "properties.model.referenceType": { model: { referenceType: "DataPath", assetId: null, path: "a" } },
  };
  for (const [target, more] of Object.entries(refusals)) {
    it(`refuse a deployment whose ${target} is wrong`, async () => {
      const { status, body } = await put(more);
      expect([status, objectAt(body, "error")["target"]], JSON.stringify(body)).to.deep.equal([400, target]);
    });
  }

  it("refuse what is not there, and a compute that runs no batch jobs", async () => {
    for (const [target, more] of Object.entries({
      "properties.compute": { compute: `${WORKSPACE}/computes/none` },
      "properties.model": { model: model(`${WORKSPACE}/models/none/versions/1`) },
      "properties.codeConfiguration.codeId": {
        ...script,
        codeConfiguration: { codeId: `${WORKSPACE}/codes/none/versions/1`, scoringScript: "score.py" },
      },
      "properties.environmentId": { ...script, environmentId: "azureml:none:1" },
    })) {
      const { status, body } = await put(more);
      expect([status, objectAt(body, "error")["target"]]).to.deep.equal([404, target]);
    }
    const notebook = `${WORKSPACE}/computes/notebook`;
    await arm.make(notebook, {
      location,
      properties: { computeType: "ComputeInstance", properties: { vmSize: "STANDARD_DS3_V2" } },
    });
    expect(codeOf(await put({ compute: notebook }))).to.equal("BadArgument");
  });

  it("take a pipeline as a deployment, with a component that is there", async () => {
    const component = `${WORKSPACE}/components/train/versions/1`;
    const pipeline = {
      compute: null,
      model: null,
      deploymentConfiguration: {
        deploymentConfigurationType: "PipelineComponent",
        componentId: model(component),
      },
    };
    expect(codeOf(await put(pipeline))).to.equal("ResourceNotFound");
    await arm.ask("PUT", component, { properties: { componentSpec: { type: "pipeline" } } });
    await arm.make(`${BATCH}/deployments/first`, deployment(pipeline));
  });
});
