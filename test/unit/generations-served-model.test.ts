import { expect } from "chai";
import { createArm } from "../../providers/clients/arm";
import { UNKNOWN } from "../../providers/rules";
import { batchServingProblem, servedProblem, servingProblem } from "../../providers/generations/served-model";
import { WORKSPACE_ID } from "../helpers/pulumi-mocks";
import { ScriptedArm, scriptedCredential } from "../helpers/scripted-arm";

const code = {
  codeConfiguration: { codeId: "code", scoringScript: "score.py" },
  environmentId: "environment",
};

describe("what serves a model", () => {
  it("is its own flavor, a script in an environment, or Triton, as its type says", () => {
    expect(servingProblem("mlflow_model", {})).to.equal(undefined);
    expect(servingProblem("mlflow_model", code)).to.equal(undefined);
    expect(servingProblem("custom_model", code)).to.equal(undefined);
    expect(servingProblem("custom_model", { environmentId: "an image with a server" })).to.equal(undefined);
    expect(servingProblem("triton_model", {})).to.equal(undefined);
    expect(servingProblem(undefined, {})).to.equal(undefined);
    expect(servingProblem("custom_model", {})).to.include({ property: "code" });
    expect(servingProblem("triton_model", code)).to.include({ property: "code" });
  });

  it("is in batch its own flavor, or a script for any other model", () => {
    expect(batchServingProblem("mlflow_model", {})).to.equal(undefined);
    expect(batchServingProblem("mlflow_model", code)).to.equal(undefined);
    expect(batchServingProblem("custom_model", code)).to.equal(undefined);
    expect(batchServingProblem("triton_model", code)).to.equal(undefined);
    expect(batchServingProblem(undefined, {})).to.equal(undefined);
    for (const environmentId of ["an image with a server", undefined])
      for (const type of ["custom_model", "triton_model"])
        expect(batchServingProblem(type, { environmentId })).to.include({ property: "code" });
  });

  it("is told of the model that is registered, and of none that is not there, known or reachable", async () => {
    const asked = async (
      model: string,
      ...answers: { status: number; body?: object }[]
    ): Promise<unknown> => {
      const arm = createArm({ credential: scriptedCredential, httpClient: new ScriptedArm(answers) });
      return await servedProblem(arm, WORKSPACE_ID, { model });
    };
    const plain = { status: 200, body: { id: "x", name: "3", properties: { modelType: "custom_model" } } };
    expect(await asked(`${WORKSPACE_ID}/models/churn/versions/3`, plain)).to.include({ property: "code" });
    expect(await asked("azureml:churn:3", { status: 404 })).to.equal(undefined);
    expect(await asked("azureml:churn:3", { status: 403, body: {} })).to.equal(undefined);
    expect(await asked(UNKNOWN)).to.equal(undefined);
    expect(await asked("azureml://registries/contoso/models/churn/versions/3")).to.equal(undefined);
  });
});
