import { expect } from "chai";
import { crashReport } from "../../local/scoring/crash";
import { checkModelType, modelProblem } from "../../local/scoring/model-checks";

const mlmodel = "flavors:\n  python_function:\n    loader_module: mlflow.sklearn\nmlflow_version: 2.22.5\n";
const requirements = "mlflow==2.22.5\nazureml-ai-monitoring==1.0.0\n";

describe("a model before it is deployed without code", () => {
  it("passes with a python_function flavor of MLflow 2 and what Azure's image imports", () => {
    expect(modelProblem(mlmodel, requirements)).to.equal(undefined);
    expect(modelProblem(mlmodel, "azureml_ai_monitoring")).to.equal(undefined);
  });

  it("is refused with the reason otherwise", () => {
    expect(modelProblem(undefined, requirements)).to.contain("no file MLmodel");
    expect(modelProblem("flavors: [", requirements)).to.contain("not YAML");
    expect(modelProblem("flavors:\n  crate: {}\n", requirements)).to.contain("it has: crate");
    expect(modelProblem(mlmodel.replace("2.22.5", "3.1.0"), requirements)).to.contain("MLflow 3.1.0");
    expect(modelProblem(mlmodel, "mlflow")).to.contain("No module named 'azureml.ai'");
    expect(modelProblem(mlmodel, undefined)).to.contain("azureml-ai-monitoring");
  });

  it("must be an MLflow model", () => {
    expect(() => checkModelType("mlflow_model")).not.to.throw();
    expect(() => checkModelType("triton_model")).to.throw("triton_model");
  });
});

describe("the report of a crash", () => {
  it("begins with the model's own exception, not the server's", () => {
    const log = [
      "x",
      "ValueError: no such file",
      "",
      "azureml_inference_server_http.server.UserScriptException: Caught",
    ];
    expect(crashReport(log.join("\n")).split("\n")[0]).to.equal("ValueError: no such file");
  });
});
