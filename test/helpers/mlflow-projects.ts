import fc from "fast-check";
import type { ProjectFolder } from "../../providers/mlflow-project/project-folder";

/** A project of these files. */
export function projectOf(files: Readonly<Record<string, string>>): ProjectFolder {
  return {
    paths: Object.keys(files),
    read: (path) => {
      const text = files[path];
      if (text === undefined) throw new Error(`there is no ${path}`);
      return text;
    },
  };
}

const MLPROJECT = `name: churn
python_env: python_env.yaml
entry_points:
  main:
    parameters:
      data: path
      alpha: {type: float, default: 1e-3}
      note: {default: "it's new"}
      source: {type: uri, default: "https://example.com/a b"}
    command: "python train.py {data} --alpha {alpha} --note {note} --from {source} > ${"${{OUT}}"}"
  validate:
    command: |
      python validate.py
`;
/** A project with what projects have. */
export const FILES: Readonly<Record<string, string>> = {
  MLproject: MLPROJECT,
  "python_env.yaml": `python: "3.10"
build_dependencies: [pip==23.0, "Setuptools >= 60"]
dependencies:
  - -r requirements/train.txt
  - mlflow<3
`,
  "requirements/train.txt": "# what it stands on\nscikit-learn==1.5.2 # the same as served\n-r base.txt\n",
  "requirements/base.txt": "numpy>=1.26, \\\n  <2\n\n",
  "data/train.csv": "",
  "train.py": "",
  "tools/run all.sh": "",
};

/** Its files but these. */
export const without = (...names: string[]): Record<string, string> =>
  Object.fromEntries(Object.entries(FILES).filter(([name]) => !names.includes(name)));

/** An `MLproject` and what is run of it. */
export interface ProjectCase {
  readonly mlproject: string;
  readonly entryPoint: string;
  readonly parameters: Readonly<Record<string, string>>;
}

/** Files that values of type `path` can name. */
export const DATA = ["data/train.csv", "data/it's here/a b.csv", "-x", "train.py", "run all.sh"];

/** A scalar without quotes, as people write defaults: numbers of every spelling, dates, words that YAML makes something of. */
export const plainScalar = fc.oneof(
  fc.constantFrom(
    "yes",
    "No",
    "on",
    "y",
    "true",
    "TRUE",
    "~",
    "null",
    "1e-3",
    "1.0e-3",
    "1_000",
    "010",
    "0x1F",
  ),
  fc.constantFrom(
    "0b11",
    "1:30",
    "-1:30.5",
    ".5",
    "5.",
    "-.inf",
    ".nan",
    "2024-02-30",
    "2024-02-29",
    "09",
    "-0",
    "-0.0",
  ),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
  fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }).map(String),
  fc.stringMatching(/^[-+]?[0-9_]{1,4}[.:]?[0-9_]{0,3}([eE][-+]?[0-9]{1,2})?$/),
  fc.stringMatching(/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/),
  fc.stringMatching(/^[a-z][a-z0-9./]{0,8}$/),
);

const text = fc.oneof(
  fc.string(),
  fc.string({ unit: "grapheme" }),
  fc.constantFrom("", "a b", "it's", "$HOME", "{x}", "'"),
);
const path = fc.oneof(
  fc.constantFrom(
    ...DATA,
    "data",
    ".",
    "./data/../data/train.csv",
    "data/it's%20here/a%20b.csv",
    "data/train%2Ecsv",
  ),
  fc.constantFrom("missing.csv", "../data", "/etc/hostname", "", "file:data/train.csv", "s3://bucket/x"),
  fc.constantFrom("https://example.com/a b.csv", "azureml://datastores/x/paths/y", "HTTPS://example.com/x"),
);
const uri = fc.oneof(
  fc.webUrl(),
  fc.constantFrom("s3://bucket/it's", "x:", "data/train.csv", "c:\\x", "1a:b", " https://x", ":x"),
);
const number = fc.oneof(
  fc.double({ noDefaultInfinity: true }).map(String),
  fc.integer().map(String),
  fc.constantFrom("1e5", " 3 ", "1_0", "inf", "nan", ".5", "5.", "one", "0x10", "", "1__0"),
);
/** In double quotes and ASCII: YAML 1.1 has line breaks and unprintable characters that 1.2 has not. */
const yamlText = (value: string): string =>
  JSON.stringify(value).replace(
    /[^\x20-\x7e]/gu,
    (each) => `\\U${(each.codePointAt(0) ?? 0).toString(16).padStart(8, "0")}`,
  );
const valueOf = (type: string): fc.Arbitrary<string> =>
  type === "path" ? path : type === "uri" ? uri : type === "float" ? number : text;

const word = fc
  .stringMatching(/^[a-zA-Z_][a-zA-Z0-9_-]{0,6}$/)
  .filter((each) => !/^(?:yes|no|on|off|true|false|null)$/i.test(each));
const type = fc.constantFrom("string", "float", "path", "uri", "int");
const parameter = fc.record({ name: word, type }).chain(({ name, type: each }) =>
  fc.record({
    name: fc.constant(name),
    type: fc.constant(each),
    fallback: fc.option(
      fc.oneof(
        plainScalar,
        valueOf(each).map((value) => yamlText(value)),
      ),
    ),
    given: fc.option(valueOf(each)),
  }),
);

/** Projects with one entry point, most of which can be run. */
export const projectCase: fc.Arbitrary<ProjectCase> = fc
  .record({
    parameters: fc.uniqueArray(parameter, { selector: ({ name }) => name, maxLength: 4 }),
    extra: fc.dictionary(
      fc.oneof({ weight: 9, arbitrary: word }, { weight: 1, arbitrary: fc.constant("a b") }),
      text,
      {
        maxKeys: 2,
      },
    ),
    pieces: fc.array(
      fc.oneof(fc.nat(3), fc.constantFrom(" --x=", "{{", "}}", "'", "\n", "é", " ${{HOME}} ")),
      { maxLength: 6 },
    ),
    broken: fc.oneof(
      { weight: 12, arbitrary: fc.constant("") },
      { weight: 1, arbitrary: fc.constantFrom("{", "}", "{}", "{no}", "{0}") },
    ),
    script: fc.oneof(
      { weight: 9, arbitrary: fc.constant("main") },
      { weight: 1, arbitrary: fc.constantFrom("train.py", "run all.sh", "other") },
    ),
  })
  .map(({ parameters, extra, pieces, broken, script }) => {
    const named = pieces.map((piece) => {
      const name = typeof piece === "number" ? parameters[piece]?.name : piece;
      return typeof piece === "number" ? (name === undefined ? "" : `{${name}}`) : piece;
    });
    return {
      entryPoint: script,
      mlproject: [
        "name: generated",
        "entry_points:",
        "  main:",
        `    command: ${yamlText(`python train.py ${named.join(" ")}${broken}`)}`,
        ...(parameters.length === 0 ? [] : ["    parameters:"]),
        ...parameters.flatMap(({ name, type: each, fallback }) =>
          fallback === null
            ? [`      ${name}: ${each}`]
            : [`      ${name}: {type: ${each}, default: ${fallback}}`],
        ),
        "",
      ].join("\n"),
      parameters: {
        ...Object.fromEntries(
          parameters.flatMap(({ name, given }) => (given === null ? [] : [[name, given]])),
        ),
        ...extra,
      },
    };
  });
