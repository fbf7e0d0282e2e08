import { expect } from "chai";
import { parse } from "yaml";
import { compileRun, type CompiledRun, type ProjectRun } from "../../providers/mlflow-project/compile";
import { FILES, projectOf, without } from "../helpers/mlflow-projects";

const compile = (run: ProjectRun, files: Readonly<Record<string, string>> = {}): CompiledRun =>
  compileRun(projectOf({ ...FILES, ...files }), run);

describe("an MLflow project", () => {
  it("is compiled to a command with its parameters in quotes and what is not declared after them", () => {
    const { command, parameters, inputs } = compile({
      parameters: { data: "./data/train.csv", alpha: 0.5, "max-depth": 3, tag: "a b" },
    });
    expect(command).to.equal(
      `python train.py ./data/train.csv --alpha 0.5 --note 'it'"'"'s new' --from 'https://example.com/a b' > \${OUT} --max-depth 3 --tag 'a b'`,
    );
    expect(parameters).to.deep.equal({
      data: "./data/train.csv",
      alpha: "0.5",
      note: `'it'"'"'s new'`,
      source: "'https://example.com/a b'",
      "max-depth": "3",
      tag: "'a b'",
    });
    expect(inputs).to.deep.equal([]);
  });

  it("has its defaults as Python prints them, and its numbers", () => {
    const { command } = compile({ parameters: { data: "data", alpha: 1e21, big: 1e-7, whole: 4 } });
    expect(command).to.contain("./data --alpha 1e+21 ").and.contain(" --big 1e-07 --whole 4");
    expect(compile({ parameters: { data: "." } }).command).to.contain("python train.py . --alpha 1e-3 ");
  });

  it("takes a URI for a path as an input of the job, of the name of MLflow's folder of downloads", () => {
    const uri = "azureml://datastores/workspaceblobstore/paths/train";
    const { command, inputs, parameters } = compile({ parameters: { data: uri } });
    expect(command).to.contain("python train.py ${{inputs.param_0}} --alpha");
    expect(inputs).to.deep.equal([
      { name: "param_0", parameter: "data", files: { type: "uri_folder", uri } },
    ]);
    expect(parameters).to.have.property("data", uri);
  });

  it("says where it is when the command runs, if that is not the folder that a job starts in", () => {
    expect(compile({ parameters: { data: "data/train.csv" }, projectFolder: "/code" }).command).to.contain(
      "python train.py /code/data/train.csv ",
    );
  });

  it("runs a script that is no entry point, with or without an MLproject", () => {
    expect(compile({ entryPoint: "train.py", parameters: { depth: 3 } }).command).to.equal(
      "python train.py --depth 3",
    );
    const { command, environment } = compileRun(projectOf(without("MLproject", "python_env.yaml")), {
      entryPoint: "tools/run all.sh",
    });
    expect([command, environment]).to.deep.equal(["bash 'tools/run all.sh'", undefined]);
    expect(compile({ entryPoint: "r.R" }, { "r.R": "" }).command).to.equal(
      `Rscript -e "mlflow::mlflow_source('r.R')" --args`,
    );
  });

  it("is read from a file of any case, with anchors", () => {
    const mlproject =
      "entry_points:\n  a: {command: &c 'x {p}', parameters: &p {p: {default: 010}}}\n  b: {command: *c, parameters: *p}\n";
    expect(compileRun(projectOf({ mlproject }), { entryPoint: "b" }).command).to.equal("x 8");
  });

  it("has the environment of python_env.yaml as a conda file with every requirement in it", () => {
    expect(parse(compile({ entryPoint: "validate" }).environment ?? "")).to.deep.equal({
      name: "mlflow-env",
      channels: ["conda-forge"],
      dependencies: [
        "python=3.10",
        "pip==23.0",
        "setuptools>=60",
        { pip: ["scikit-learn==1.5.2", "numpy>=1.26,   <2", "mlflow<3"] },
      ],
    });
  });

  it("has a conda file as it is, or with the requirements that it names", () => {
    const files = (conda: string): Record<string, string> => ({
      ...without("MLproject", "python_env.yaml"),
      "conda.yaml": conda,
    });
    const environment = (conda: string): string | undefined =>
      compileRun(projectOf(files(conda)), { entryPoint: "train.py" }).environment;
    const plain = "name: x # of ours\ndependencies: [python=3.10, {pip: [mlflow<3]}]\n";
    expect(environment(plain)).to.equal(plain);
    expect(environment(plain.replaceAll("\n", "\r\n"))).to.equal(plain);
    expect(
      parse(
        environment(
          "dependencies:\n  - python=3.10\n  - pip:\n    - -r requirements/base.txt\n    - mlflow\n",
        ) ?? "",
      ),
    ).to.deep.equal({ dependencies: ["python=3.10", { pip: ["numpy>=1.26,   <2", "mlflow"] }] });
  });
});
