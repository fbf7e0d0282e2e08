import { FILES, without } from "../helpers/mlflow-projects";
import { testRefusals } from "../helpers/refused-runs";

const environment = (text: string): Record<string, string> => ({ ...FILES, "python_env.yaml": text });
const conda = (text: string): Record<string, string> => ({
  ...without("python_env.yaml", "MLproject"),
  MLproject: "entry_points: {main: {command: x}}\nconda_env: envs/conda.yaml\n",
  "envs/conda.yaml": text,
});
const validate = { entryPoint: "validate" };

describe("an MLflow project's environment is refused, with file and line, for", () => {
  testRefusals([
    {
      what: "no version of Python",
      files: environment("dependencies: [x]\n"),
      run: validate,
      message: /^python_env.yaml:1: it has no version of Python/,
    },
    {
      what: "a version of Python without quotes",
      files: environment("python: 3.10\n"),
      run: validate,
      message:
        /^python_env.yaml:1: python must be text, and is the float 3\.1\. Try: write the version in quotes/,
    },
    {
      what: "a version of Python that is none",
      files: environment('python: ">=3.9"\n'),
      run: validate,
      message: /^python_env.yaml:1: python is ">=3.9", and no version/,
    },
    {
      what: "a key that python_env.yaml has not",
      files: environment('python: "3.10"\nchannels: [x]\n'),
      run: validate,
      message:
        /^python_env.yaml:2: there is no key channels here\. Allowed: python, build_dependencies, dependencies/,
    },
    {
      what: "a build dependency of pip's",
      files: environment('python: "3.10"\nbuild_dependencies: [cython]\n'),
      run: validate,
      message: /^python_env.yaml:2: cython can't be there before/,
    },
    {
      what: "conda's list of pip's in python_env.yaml",
      files: environment('python: "3.10"\ndependencies:\n  - pip: [x]\n'),
      run: validate,
      message: /^python_env.yaml:3: a dependency must be text, and is a mapping/,
    },
    {
      what: "dependencies that are no list",
      files: environment('python: "3.10"\ndependencies: x\n'),
      run: validate,
      message: /^python_env.yaml:2: dependencies must be a list, and is the text "x"/,
    },
    {
      what: "requirements that are not there",
      files: environment('python: "3.10"\ndependencies:\n  - x\n  - -r no.txt\n'),
      run: validate,
      message: /^python_env.yaml:4: -r no.txt: the project has no such file/,
    },
    {
      what: "requirements in a circle",
      files: { ...FILES, "requirements/base.txt": "\n-r train.txt\n" },
      run: validate,
      message: /^requirements\/base.txt:2: -r train.txt: the file leads to itself/,
    },
    {
      what: "constraints",
      files: { ...FILES, "requirements/base.txt": "-c constraints.txt\n" },
      run: validate,
      message: /^requirements\/base.txt:1: -c constraints.txt: there is no file beside/,
    },
    {
      what: "the project as a package",
      files: { ...FILES, "requirements/base.txt": "x\n-e .\n" },
      run: validate,
      message: /^requirements\/base.txt:2: -e \. is of this machine's files/,
    },
    {
      what: "a wheel of the project's",
      files: { ...environment('python: "3.10"\ndependencies: [w/x.whl]\n'), "w/x.whl": "" },
      run: validate,
      message: /^python_env.yaml:2: w\/x.whl is of this machine's files/,
    },
    {
      what: "a conda file without dependencies",
      files: conda("name: x\n"),
      message: /^envs\/conda.yaml:1: it has no dependencies/,
    },
    {
      what: "a conda dependency that is neither",
      files: conda("dependencies:\n  - {npm: [x]}\n"),
      message: /^envs\/conda.yaml:2: a dependency is a mapping/,
    },
    {
      what: "conda requirements that are not beside it",
      files: conda("dependencies:\n  - pip:\n    - -r requirements/train.txt\n"),
      message: /^envs\/conda.yaml:3: -r requirements\/train.txt: the project has no such file/,
    },
  ]);
});
