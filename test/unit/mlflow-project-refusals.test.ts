import { FILES } from "../helpers/mlflow-projects";
import { main, testRefusals } from "../helpers/refused-runs";

describe("an MLflow project is refused, with file and line, for", () => {
  testRefusals([
    {
      what: "no YAML",
      files: { MLproject: "name: x\nentry_points: {main\n" },
      message: /^MLproject:\d: it is not YAML/,
    },
    {
      what: "an empty file",
      files: { MLproject: "" },
      message: /^MLproject:1: the file must be a mapping, and is empty/,
    },
    {
      what: "two MLproject files",
      files: { MLproject: "{}", mlproject: "{}" },
      message: /^MLproject: there is mlproject, too/,
    },
    {
      what: "a key twice",
      files: { MLproject: "name: x\nname: y\n" },
      message: /^MLproject:2: the key is there twice/,
    },
    {
      what: "a key that YAML reads as true",
      files: main("command: x\nparameters:\n  on: string"),
      message:
        /^MLproject:5: a key must be text, and MLflow reads the boolean True\. Try: write the key in quotes/,
    },
    { what: "a merge key", files: main("<<: {command: x}"), message: /^MLproject:3: merge keys/ },
    { what: "a tag", files: main("command: !!int 3"), message: /^MLproject:3: the tag !!int/ },
    {
      what: "an alias of itself",
      files: { MLproject: "entry_points: &a\n  main: *a\n" },
      message: /^MLproject:2: the alias \*a leads to what it stands in/,
    },
    {
      what: "docker_env",
      files: { MLproject: "name: x\ndocker_env: {image: y}\n" },
      message:
        /^MLproject:2: docker_env makes an image .* and Azure ML has no such jobs.*Try: name the image in an Environment/,
    },
    {
      what: "databricks_spark_job",
      files: { MLproject: "databricks_spark_job: {python_file: x.py}\n" },
      message: /^MLproject:1: databricks_spark_job runs on Databricks alone/,
    },
    {
      what: "two environments",
      files: { MLproject: "python_env: a\nconda_env: b\n" },
      message: /^MLproject:2: conda_env is a second environment/,
    },
    {
      what: "an environment that is not there",
      files: { MLproject: "conda_env: no.yaml\n" },
      message: /^MLproject:1: conda_env is no.yaml, and the project has no such file/,
    },
    {
      what: "an environment outside of the project",
      files: { MLproject: "conda_env: ../conda.yaml\n" },
      message: /^MLproject:1: conda_env is \.\.\/conda\.yaml/,
    },
    {
      what: "no such entry point",
      files: FILES,
      run: { entryPoint: "train" },
      message: /^MLproject:3: there is no entry point train \(there are: main, validate\)/,
    },
    {
      what: "no such script",
      files: FILES,
      run: { entryPoint: "no.py" },
      message: /^MLproject:3: there is no entry point no.py .*and no such file/,
    },
    {
      what: "no MLproject and no script",
      files: {},
      message: /^MLproject: there is no entry point main \(there are: none\)/,
    },
    {
      what: "parameters that are empty",
      files: main("command: x\nparameters:"),
      message: /^MLproject:4: parameters of entry point main must be a mapping, and is empty/,
    },
    {
      what: "a default in a type's place",
      files: main("command: x\nparameters:\n  alpha: 0.5"),
      message:
        /^MLproject:5: parameter alpha must be a type or a mapping, and is the float 0\.5\. Allowed: alpha: float, or/,
    },
    {
      what: "a default that is a list",
      files: main("command: x\nparameters:\n  a: {default: [1]}"),
      message: /^MLproject:5: the default of parameter a must be one value, and is a list/,
    },
    {
      what: "a time without quotes",
      files: main("command: x\nparameters:\n  a: {default: 2024-01-01T10:00:00Z}"),
      message: /^MLproject:5: .* is a time without quotes\. Try: write it in quotes/,
    },
  ]);
});
