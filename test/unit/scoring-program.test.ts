import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import type { OnlineDeploymentSpec } from "../../local/arm/effects";
import { programOf, pythonFor } from "../../local/scoring/program";

const place = { account: "account", container: "azureml" };
const spec: OnlineDeploymentSpec = {
  id: "/onlineEndpoints/churn/deployments/blue",
  model: { ...place, prefix: "models/7/model.pkl", name: "churn", version: "7" },
  modelType: "custom_model",
  code: { ...place, prefix: "LocalUpload/1/src", scoringScript: "deep/score.py" },
  environment: undefined,
  instances: 1,
  environmentVariables: {},
  requestTimeout: 5_000,
  maxConcurrentRequestsPerInstance: 1,
};

describe("what an instance with a scoring script is started with", () => {
  const generation = mkdtempSync(join(tmpdir(), "scoring-program-"));
  after(() => rmSync(generation, { recursive: true, force: true }));
  const said = (): never => expect.fail("nothing is to be said");
  const reason = async (work: Promise<unknown>): Promise<string> =>
    await work.then(String, (error: Error) => error.message);

  it("is the folder of the code, the script's path in it, and the model's own directory", async () => {
    mkdirSync(join(generation, "code", "src", "deep"), { recursive: true });
    writeFileSync(join(generation, "code", "src", "deep", "score.py"), "");
    expect(await programOf(spec, generation, "/python", said)).to.deep.equal({
      python: "/python",
      folder: join(generation, "code", "src"),
      variables: {
        AML_APP_ROOT: join(generation, "code", "src"),
        AZUREML_ENTRY_SCRIPT: "deep/score.py",
        AZUREML_MODEL_DIR: join(generation, "azureml-models", "churn", "7"),
      },
    });
    const { variables } = await programOf({ ...spec, model: undefined }, generation, "/python", said);
    expect(variables).to.not.have.property("AZUREML_MODEL_DIR");
  });

  it("is refused where the script is not there, or there is nothing to run it", async () => {
    const elsewhere = { ...place, prefix: "LocalUpload/1/src", scoringScript: "score.py" };
    expect(await reason(programOf({ ...spec, code: elsewhere }, generation, "/python", said))).to.contain(
      "The scoring script 'score.py' is not in the code asset",
    );
    expect(
      await reason(programOf({ ...spec, code: undefined, model: undefined }, generation, "/python", said)),
    ).to.contain("needs a model");
    expect(await reason(pythonFor(spec, { say: said }))).to.contain("needs an environment");
    expect(await reason(pythonFor({ ...spec, code: undefined }, { say: said }))).to.contain("custom_model");
  });
});
