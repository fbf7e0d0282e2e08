import type { ProjectRun } from "../../providers/mlflow-project/compile";
import { FILES } from "../helpers/mlflow-projects";
import { main, testRefusals } from "../helpers/refused-runs";

const validate = { entryPoint: "validate" };
const given = (parameters: ProjectRun["parameters"]): ProjectRun => ({
  parameters: { data: "data", ...parameters },
});

describe("a run of an MLflow project is refused, with file and line, for", () => {
  testRefusals([
    {
      what: "an entry point without a command",
      files: main("parameters: {}"),
      message: /^MLproject:2: entry point main has no command/,
    },
    {
      what: "a command that is a list",
      files: main("command: [python, x.py]"),
      message: /^MLproject:3: the command of entry point main must be text, and is a list/,
    },
    {
      what: "parameters without values",
      files: main("command: x\nparameters:\n  a: string\n  b: float"),
      message:
        /^MLproject:5: no value for a \(MLproject:5\), b \(MLproject:6\)\. Try: give them in parameters/,
    },
    {
      what: "a float that is none",
      files: FILES,
      run: given({ alpha: "high" }),
      message: /^MLproject:7: alpha is of type float, and its value is "high"/,
    },
    {
      what: "a uri that is none",
      files: FILES,
      run: given({ source: "data/train.csv" }),
      message: /^MLproject:9: source is of type uri/,
    },
    {
      what: "a path that is not there",
      files: FILES,
      run: given({ data: "data/no.csv" }),
      message: /^MLproject:6: data is of type path, and the project has no file or folder data\/no\.csv/,
    },
    {
      what: "a path of this machine",
      files: FILES,
      run: given({ data: "/data/train.csv" }),
      message: /^MLproject:6: data is of type path, and its value "\/data\/train.csv" is not in the project/,
    },
    {
      what: "a path out of the project",
      files: FILES,
      run: given({ data: "../train.csv" }),
      message: /^MLproject:6: .* is not in the project/,
    },
    {
      what: "a path that Azure ML does not read",
      files: FILES,
      run: given({ data: "s3://bucket/x" }),
      message:
        /^MLproject:6: .* take no input from s3:\/\/bucket\/x.*Try: declare the parameter with type uri/,
    },
    {
      what: "a NUL",
      files: FILES,
      run: given({ note: "a\0b" }),
      message: /^MLproject:8: the value of note has a NUL/,
    },
    {
      what: "an expression of Azure ML's in a value",
      files: FILES,
      run: given({ extra: "${{inputs.x}}" }),
      message: /^MLproject:4: the value of extra has \$\{\{ in it/,
    },
    {
      what: "an expression of Azure ML's in a command",
      files: main("command: x ${{{{inputs.x}}}}"),
      message: /^MLproject:3: the command has \$\{\{ in it/,
    },
    {
      what: "a name that the shell would take apart",
      files: FILES,
      run: given({ "x; rm": "1" }),
      message: /^MLproject:4: the parameter "x; rm" is not declared/,
    },
    {
      what: "a parameter after a line break",
      files: FILES,
      run: { ...validate, parameters: { depth: 3 } },
      message: /^MLproject:12: the command ends with a line break, and depth/,
    },
    {
      what: "a variable of the shell's in single braces",
      files: main("command: x ${HOME}"),
      message: /^MLproject:3: the command has \{HOME\}, .* \(it declares: none\)\. Try: write \{\{ and \}\}/,
    },
    {
      what: "a brace alone",
      files: main("command: awk '{print $1' x"),
      message: /^MLproject:3: there is a \{ that nothing closes/,
    },
    {
      what: "a format of a value",
      files: main("command: 'x {a:>3}'\nparameters: {a: {default: 1}}"),
      message: /^MLproject:3: \{a:>3\} asks for a part or a format/,
    },
  ]);
});
