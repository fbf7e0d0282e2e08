import { expect } from "chai";
import type { JsonObject } from "../../local/json";
import { deploymentBody, ENDPOINT, Harness, MODEL, type Response, WORKSPACE } from "./arm-harness";

const BLUE = `${ENDPOINT}/deployments/blue`;
const PLAIN = `${WORKSPACE}/models/plain/versions/3`;
const CODE = `${WORKSPACE}/codes/scoring/versions/1`;
const ENVIRONMENT = `${WORKSPACE}/environments/scoring/versions/1`;
const condaFile = "dependencies:\n  - pip:\n      - azureml-inference-server-http\n";
const image = "mcr.microsoft.com/azureml/minimal:1";

const withScript = (properties: JsonObject = {}): JsonObject =>
  deploymentBody({
    model: PLAIN,
    environmentId: ENVIRONMENT,
    codeConfiguration: { codeId: CODE, scoringScript: "score.py" },
    ...properties,
  });

describe("deployments with a scoring script in the local ARM", () => {
  let arm: Harness;
  beforeEach(async () => {
    arm = new Harness();
    await arm.makeWorkspace();
    await arm.makeEndpoint();
    const files = "azureml://datastores/workspaceblobstore/paths/LocalUpload/1";
    await arm.make(PLAIN, { properties: { modelType: "custom_model", modelUri: `${files}/model.pkl` } });
    await arm.make(`${WORKSPACE}/models/triton/versions/1`, {
      properties: { modelType: "triton_model", modelUri: `${files}/repository` },
    });
    await arm.make(CODE, {
      properties: { codeUri: "https://mlstore.blob.core.windows.net/uploads/LocalUpload/2/src" },
    });
    await arm.make(ENVIRONMENT, { properties: { image, condaFile } });
  });
  afterEach(async () => {
    const violations = arm.arm.violations();
    await arm.close();
    expect(violations, "answers that break Microsoft's models").to.deep.equal([]);
    expect(arm.logged, "faults").to.deep.equal([]);
  });

  const told = ({ status, body }: Response): string => {
    const error = body["error"] as JsonObject | undefined;
    return `${status} ${String(error?.["code"])} ${String(error?.["target"])}`;
  };
  const answer = async (body: JsonObject): Promise<string> => told(await arm.ask("PUT", BLUE, body));

  it("run the script's folder with the model's files in the environment", async () => {
    await arm.make(BLUE, withScript());
    const { model, code, environment } = arm.effects.deployed.get(BLUE) ?? {};
    expect(model).to.include({
      account: "mlstore",
      prefix: "LocalUpload/1/model.pkl",
      name: "plain",
      version: "3",
    });
    expect(code).to.deep.equal({
      account: "mlstore",
      container: "uploads",
      prefix: "LocalUpload/2/src",
      scoringScript: "score.py",
    });
    expect(environment).to.deep.equal({ id: ENVIRONMENT, image, condaFile, build: false });
  });

  it("start anew with another script, not with another tag", async () => {
    await arm.make(BLUE, withScript());
    const deploys = (): number => arm.effects.calls.filter((call) => call.startsWith("deploy ")).length;
    await arm.make(BLUE, { ...withScript(), tags: { a: "b" } });
    expect(deploys()).to.equal(1);
    await arm.make(BLUE, withScript({ codeConfiguration: { codeId: CODE, scoringScript: "other.py" } }));
    expect(deploys()).to.equal(2);
  });

  it("need what they refer to", async () => {
    const codeConfiguration = { codeId: CODE.replace("scoring", "nothing"), scoringScript: "score.py" };
    expect(await answer(withScript({ codeConfiguration }))).to.equal(
      "404 ResourceNotFound properties.codeConfiguration.codeId",
    );
    expect(await answer(withScript({ environmentId: `${ENVIRONMENT}1` }))).to.equal(
      "404 ResourceNotFound properties.environmentId",
    );
    expect(await answer(withScript({ codeConfiguration: { scoringScript: "score.py" } }))).to.equal(
      "400 BadArgument properties.codeConfiguration.codeId",
    );
  });

  it("need an environment, whatever the model is; what is no MLflow model needs a script", async () => {
    for (const model of [PLAIN, MODEL])
      expect(await answer(withScript({ model, environmentId: null }))).to.equal(
        "400 BadArgument properties.environmentId",
      );
    for (const environmentId of [null, ENVIRONMENT])
      expect(await answer(withScript({ codeConfiguration: null, environmentId }))).to.equal(
        "400 BadArgument properties.codeConfiguration",
      );
    expect(await answer(withScript({ model: null, codeConfiguration: null, environmentId: null }))).to.equal(
      "400 BadArgument properties.model",
    );
    expect(await answer(withScript({ model: `${WORKSPACE}/models/triton/versions/1` }))).to.equal(
      "400 BadArgument properties.model",
    );
    expect((await arm.ask("PUT", BLUE, withScript({ model: MODEL }))).status).to.equal(201);
  });
});
