import { expect } from "chai";
import execa from "execa";
import fc from "fast-check";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { stringify } from "yaml";
import { compileRun, type CompiledRun } from "../../providers/mlflow-project/compile";
import { readPlain } from "../../providers/mlflow-project/python-scalar";
import { python } from "../../tools/paths";
import { DATA, plainScalar, projectCase, projectOf, type ProjectCase } from "../helpers/mlflow-projects";

interface Answers {
  readonly runs: readonly (Pick<CompiledRun, "command" | "parameters"> & { readonly error?: string })[];
  readonly environments: readonly Readonly<Record<"project" | "conda", Environment>>[];
  readonly scalars: readonly { readonly kind: string; readonly text: string; readonly error?: string }[];
}
interface Environment {
  readonly python: string;
  readonly build_dependencies: readonly string[];
  readonly dependencies: readonly string[];
}

/** What MLflow runs and a job can't, or what MLflow's own documentation forbids and its code does not. */
const STRICTER = [
  /is of type float, and its value is/,
  /is not in the project, which is all that the job has/,
  /take no input from/,
  /would write its name into the command without quotes/,
  /would be a command of its own after it/,
  /a date that there is not/,
  /\$\{\{ in it/,
];

const version = fc.stringMatching(/^[1-9][0-9]?(\.[0-9]{1,2}){1,2}$/);
const pythonEnv = fc.record(
  {
    python: fc.stringMatching(/^3\.[1-9][0-9]?(\.[1-9])?$/),
    build_dependencies: fc.uniqueArray(
      fc
        .tuple(fc.constantFrom("pip", "setuptools", "wheel"), fc.constantFrom("==", "<", ">=", "!="), version)
        .map((parts) => parts.join("")),
      { selector: (each) => each.slice(0, 3), maxLength: 3 },
    ),
    dependencies: fc.array(
      fc.oneof(
        fc
          .tuple(fc.constantFrom("numpy", "scikit-learn", "mlflow[extras]"), version)
          .map(([name, each]) => `${name}==${each}`),
        fc.constantFrom(
          "pandas>=2,<3; python_version > '3.9'",
          "--extra-index-url https://example.com/simple",
          "x @ https://example.com/x.whl",
        ),
      ),
      { maxLength: 4 },
    ),
  },
  { requiredKeys: ["python"] },
);

describe("an MLflow project that is compiled, beside MLflow's own reading of it", function () {
  this.timeout(120_000);
  const root = mkdtempSync(join(tmpdir(), "mlflow-projects-"));
  const [project, storage] = [join(root, "project"), join(root, "storage")];
  after(() => rmSync(root, { recursive: true, force: true }));

  const runs = fc.sample(projectCase, 1000);
  const environments = fc.sample(pythonEnv, 60);
  const scalars = fc.sample(plainScalar, 2000);
  let answers: Answers;

  const compiled = ({ mlproject, ...run }: ProjectCase): CompiledRun | Error => {
    const files = { MLproject: mlproject, ...Object.fromEntries(DATA.map((path) => [path, ""])) };
    try {
      return compileRun(projectOf(files), { ...run, projectFolder: project });
    } catch (error) {
      return error as Error;
    }
  };
  const conda = (environment: object): string => {
    const files = {
      MLproject: "entry_points: {main: {command: x}}",
      "python_env.yaml": stringify(environment),
    };
    return compileRun(projectOf(files)).environment ?? "";
  };

  before(async () => {
    for (const path of DATA) {
      mkdirSync(join(project, dirname(path)), { recursive: true });
      writeFileSync(join(project, path), "");
    }
    mkdirSync(storage);
    const questions = {
      runs,
      environments: environments.map((each) => ({ project: stringify(each), conda: conda(each) })),
      scalars,
    };
    const { stdout } = await execa(python, [join(__dirname, "mlflow_projects.py"), project, storage], {
      input: JSON.stringify(questions),
      cwd: root,
      env: { SHELL: "bash" },
    });
    answers = JSON.parse(stdout) as Answers;
  });

  it("runs the same command, byte for byte, or is refused where MLflow fails", () => {
    const outcomes = { same: 0, refused: 0, stricter: 0 };
    for (const [index, each] of runs.entries()) {
      const told = answers.runs[index];
      const own = compiled(each);
      const about = JSON.stringify({ ...each, own: own instanceof Error ? own.message : own, told }, null, 1);
      if (own instanceof Error) {
        expect(own.name, about).to.equal("ProviderError");
        if (told?.error === undefined) {
          expect(
            STRICTER.some((reason) => reason.test(own.message)),
            about,
          ).to.equal(true);
          outcomes.stricter += 1;
        } else outcomes.refused += 1;
      } else {
        const command = own.command.replace(/\$\{\{inputs\.(param_\d+)\}\}/g, join(storage, "$1"));
        expect({ command, parameters: own.parameters }, about).to.deep.equal(told);
        outcomes.same += 1;
      }
    }
    expect(outcomes.same, JSON.stringify(outcomes)).to.be.greaterThan(runs.length / 5);
    expect(outcomes.refused, JSON.stringify(outcomes)).to.be.greaterThan(0);
  });

  it("reads scalars without quotes as PyYAML does", () => {
    const kinds: Readonly<Record<string, string>> = {
      NoneType: "none",
      bool: "boolean",
      int: "integer",
      float: "float",
      str: "text",
      date: "date",
    };
    for (const [index, source] of scalars.entries()) {
      const { kind = "", text, error } = answers.scalars[index] ?? {};
      const own = readPlain(source);
      if (error === undefined) expect(own, source).to.deep.equal({ kind: kinds[kind], text });
      else expect(own.kind, source).to.equal("unreadable");
    }
  });

  it("has an environment that MLflow reads back as the one of python_env.yaml", () => {
    for (const [index, environment] of environments.entries()) {
      const told = answers.environments[index];
      // A list of pip's asks for pip, which MLflow's own environments have anyway.
      const build = told?.conda.build_dependencies.filter(
        (each) => each !== "pip" || told.project.build_dependencies.includes(each),
      );
      expect({ ...told?.conda, build_dependencies: build }, conda(environment)).to.deep.equal(told?.project);
    }
  });
});
