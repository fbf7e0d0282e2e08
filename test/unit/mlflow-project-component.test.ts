import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { join } from "node:path";
import { InvalidArgs, MlflowProject, type MlflowProjectArgs } from "../../components";
import { lackingForTracking } from "../../providers/mlflow-project/tracking-packages";
import { packageRoot } from "../../tools/paths";
import { assetFixture } from "../helpers/asset-fixtures";
import { runProgram, WORKSPACE_ID, type Registered } from "../helpers/pulumi-mocks";

const project = (name: string): string => join(packageRoot(), "examples", "mlflow-projects", name);

async function declared(args: Omit<MlflowProjectArgs, "workspaceId">): Promise<Record<string, Registered>> {
  const { resources } = await runProgram(
    () => new MlflowProject("p", { workspaceId: WORKSPACE_ID, ...args }),
  );
  return Object.fromEntries(resources.map((each) => [each.type.replace(/^.*:/, ""), each]));
}

describe("an MLflow project as a component", () => {
  it("is a command job of its folder, in its own environment, that tells where it is from", async () => {
    const {
      CodeVersion,
      Code = CodeVersion,
      Environment,
      TrainingJob,
    } = await declared({
      uri: project("digits"),
      entryPoint: "compare",
      parameters: { up_to: 2 },
      tags: { team: "risk" },
    });
    expect(TrainingJob?.inputs).to.deep.include({
      command:
        'for neighbours in $(seq 1 2); do echo "$neighbours neighbours"; done &&\npython digits.py compare 2\n',
      experimentName: "p",
      tags: { "mlflow.project.entryPoint": "compare", team: "risk" },
    });
    expect(Code?.inputs["path"]).to.equal(project("digits"));
    const { image, condaFile } = Environment?.inputs["definition"] as Record<string, string>;
    expect(image).to.equal("mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04");
    expect(condaFile).to.contain("- python=3.11\n").and.to.contain("- scikit-learn==1.9.1\n");
  });

  it("takes values that are known later, uploads files that are not the project's, and names files by inputs", async () => {
    const { TrainingJob } = await declared({
      uri: project("readings"),
      parameters: {
        above: pulumi.output(1.5),
        data: assetFixture("table", "points.csv"),
        more: pulumi.output(Promise.resolve("it's")),
      },
    });
    expect(TrainingJob?.inputs).to.deep.include({
      command: `python summarize.py \${{inputs.param_0}} 1.5 --more 'it'"'"'s'`,
      inputs: { param_0: { type: "uri_file", path: assetFixture("table", "points.csv") } },
    });
    const files = { type: "uri_folder", uri: pulumi.output("azureml://datastores/lake/paths/new") } as const;
    const later = await declared({ uri: project("readings"), parameters: { above: 1, data: files } });
    expect(later["TrainingJob"]?.inputs["inputs"]).to.deep.equal({
      param_0: { type: "uri_folder", uri: "azureml://datastores/lake/paths/new" },
    });
  });

  it("tells the file and the line of what is wrong in the project", async () => {
    const told = async (args: Omit<MlflowProjectArgs, "workspaceId">): Promise<string> => {
      let message = "";
      await runProgram(() => {
        try {
          new MlflowProject("p", { workspaceId: WORKSPACE_ID, ...args });
        } catch (error) {
          message = error instanceof InvalidArgs ? error.message : String(error);
        }
      });
      return message;
    };
    expect(await told({ uri: assetFixture("projects", "docker") })).to.contain(
      "MLproject:2: docker_env makes",
    );
    expect(await told({ uri: project("readings"), parameters: { above: "x" } })).to.contain(
      "MLproject:7: above is of type float",
    );
  });
});

describe("the packages that tracking in Azure ML needs", () => {
  const conda = (...pip: readonly string[]): string =>
    JSON.stringify({ dependencies: ["python=3.11", "conda-forge::numpy", { pip }] });

  it("are told where a project's environment lacks them", () => {
    expect(lackingForTracking(conda("mlflow[extras]>=2", "azureml_mlflow==1.62"))).to.deep.equal([]);
    expect(lackingForTracking(conda("mlflow-skinny"))).to.deep.equal(["azureml-mlflow"]);
    expect(lackingForTracking(conda("scikit-learn"))).to.deep.equal(["mlflow", "azureml-mlflow"]);
    expect(lackingForTracking(conda("-r https://example.com/requirements.txt"))).to.deep.equal([]);
    expect(lackingForTracking("dependencies: [mlflow=2.22, azureml-mlflow]")).to.deep.equal([]);
  });
});
