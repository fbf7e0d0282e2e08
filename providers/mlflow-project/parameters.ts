import { isLiteral } from "../training-job/body";
import type { TrainingFiles } from "../training-job/types";
import type { EntryPoint, Parameter } from "./entry-point";
import { printPlace, refuse, type Place } from "./place";
import { hasPath, pathWithin, type ProjectFolder } from "./project-folder";
import { isFloat, printFloat } from "./python-scalar";
import { shellQuote } from "./shell-quote";
import { localPathOf, schemeOf } from "./uri";

/** A value as a program gives it: files for parameters of type `path` and `uri`. */
export type ParameterValue = string | number | TrainingFiles;

/** A parameter of a run. */
export interface Assigned {
  readonly name: string;
  /** As it was given, or the default; files, which MLflow has not, have none. */
  readonly value?: string;
  /** What the command gets, as a word of the shell. */
  readonly word: string;
  /** The job's input that the word names. */
  readonly input?: JobInput;
}

/** What a job downloads for a parameter. */
export interface JobInput {
  /** Of the job's input, which the command names: `param_0`, as MLflow names its folder of downloads. */
  readonly name: string;
  readonly parameter: string;
  readonly files: TrainingFiles;
}

/** What values are read against. */
export interface Surroundings {
  readonly folder: ProjectFolder;
  /** Where the project is when the command runs. */
  readonly projectFolder: string;
  /** Whether a path that is not the project's is a file or a folder of whoever runs it; undefined where it is neither. */
  readonly kindOf: (path: string) => "uri_file" | "uri_folder" | undefined;
}

/** Where Azure ML's jobs take inputs from. */
const INPUT_SCHEMES = ["azureml", "wasbs", "abfss", "https"];

/**
 * Every parameter that the entry point declares, in its order.
 *
 * @throws ProviderError for a value that is missing, or not of its type
 */
export function assign(
  entryPoint: EntryPoint,
  given: Readonly<Record<string, ParameterValue>>,
  around: Surroundings,
): readonly Assigned[] {
  const missing = entryPoint.parameters.filter(
    (each) => !Object.hasOwn(given, each.name) && each.default === undefined,
  );
  const [first] = missing;
  if (first !== undefined)
    refuse(
      first.place,
      `no value for ${missing.map(({ name, place }) => `${name} (${printPlace(place)})`).join(", ")}`,
      {
        tryThis: `give ${missing.length === 1 ? "it" : "them"} in parameters, or a default in the file`,
      },
    );
  return entryPoint.parameters.map((parameter, position) => {
    const { name, place } = parameter;
    const own = Object.hasOwn(given, name) ? given[name] : undefined;
    const inputOf = (files: TrainingFiles): Pick<Assigned, "word" | "input"> => {
      const input = `param_${position}`;
      return { word: `\${{inputs.${input}}}`, input: { name: input, parameter: name, files } };
    };
    if (own !== undefined && !isLiteral(own)) return { name, ...inputOf(filesFor(parameter, own)) };
    const value = own === undefined ? (parameter.default ?? "") : printValue(own, name, place);
    refuseUnsayable(parameter, value);
    const read = { value, inputOf, ...around, kindOf: own === undefined ? nowhere : around.kindOf };
    return { name, value, ...wordOf(parameter, read) };
  });
}

/** A default is the project's own word, and leads nowhere else. */
const nowhere = (): undefined => undefined;

function filesFor({ name, type, place }: Parameter, files: TrainingFiles): TrainingFiles {
  if (type === "path" || type === "uri") return files;
  return refuse(place, `${name} is of type ${type}, and its value is files`, {
    allowed: "text or a number; files for a parameter of type path or uri",
  });
}

/** What is given beyond that: MLflow appends it to the command. */
export function extras(
  entryPoint: EntryPoint,
  given: Readonly<Record<string, ParameterValue>>,
): readonly Assigned[] {
  const declared = new Set(entryPoint.parameters.map(({ name }) => name));
  return Object.entries(given)
    .filter(([name]) => !declared.has(name))
    .map(([name, each]) => {
      if (name === "" || shellQuote(name) !== name)
        refuse(
          entryPoint.place,
          `the parameter ${JSON.stringify(name)} is not declared, and MLflow would write its name into the command without quotes`,
          {
            allowed:
              "letters, digits, dashes, underscores and dots in the name of a parameter that is not declared",
          },
        );
      if (!isLiteral(each))
        return refuse(
          entryPoint.place,
          `the entry point declares no parameter ${name}, and its value is files`,
          {
            allowed: "files for a declared parameter of type path or uri",
          },
        );
      const value = printValue(each, name, entryPoint.place);
      refuseUnsayable({ name, place: entryPoint.place }, value);
      return { name, value, word: shellQuote(value) };
    });
}

/** A number as Python's `str()` prints it; a whole one as an integer, for JavaScript has no other. */
function printValue(value: string | number | boolean, name: string, place: Place): string {
  if (typeof value === "string") return value;
  if (typeof value === "boolean")
    return refuse(
      place,
      `the value of ${name} is ${value}, which MLflow's command line and its API spell differently`,
      {
        allowed: "text or a number",
        tryThis: `write it as text, "${value}" or "${value ? "True" : "False"}"`,
      },
    );
  return Number.isSafeInteger(value) ? String(value) : printFloat(value);
}

function refuseUnsayable({ name, place }: Pick<Parameter, "name" | "place">, value: string): void {
  if (value.includes("\0")) refuse(place, `the value of ${name} has a NUL in it, which no command can have`);
  if (value.includes("${{"))
    refuse(place, `the value of ${name} has \${{ in it, where Azure ML would put something of its own`, {
      tryThis: "write the value into a file of the project, and name that",
    });
}

type Read = Surroundings & {
  readonly value: string;
  readonly inputOf: (files: TrainingFiles) => Pick<Assigned, "word" | "input">;
};

function wordOf({ name, type, place }: Parameter, read: Read): Pick<Assigned, "word" | "input"> {
  const { value, inputOf } = read;
  if (type === "float" && !isFloat(value))
    refuse(place, `${name} is of type float, and its value is ${JSON.stringify(value)}`, {
      allowed: "a number",
    });
  if (type === "uri" && schemeOf(value) === "")
    refuse(place, `${name} is of type uri, and its value is ${JSON.stringify(value)}`, {
      allowed: "a URI, as https://… or azureml://…; a path of the project is of type path",
    });
  if (type !== "path") return { word: shellQuote(value) };
  const local = localPathOf(value);
  if (local !== undefined) return localWord({ name, place }, local, read);
  if (!INPUT_SCHEMES.includes(schemeOf(value)))
    refuse(place, `${name} is of type path, and Azure ML's jobs take no input from ${value}`, {
      allowed: `a path in the project, or a URI that begins with ${INPUT_SCHEMES.map((each) => `${each}:`).join(", ")}`,
      tryThis: "declare the parameter with type uri, and download it in the entry point",
    });
  // MLflow downloads it into a folder of that name in its storage directory; Azure ML does before the command starts.
  return inputOf({ type: typeOfUri(value), uri: value });
}

/** A file where the last part of the path has an ending, else a folder; a version of a data asset is a folder. */
function typeOfUri(uri: string): "uri_file" | "uri_folder" {
  const path = uri.replace(/[?#].*$/s, "");
  return /^[^:]+:\/\/.*\/[^/]*\.[^/.]+$/.test(path) ? "uri_file" : "uri_folder";
}

/** What is in the project the job has anyway; what isn't is uploaded for it. */
function localWord(
  { name, place }: Pick<Parameter, "name" | "place">,
  local: string,
  { value, folder, projectFolder, kindOf, inputOf }: Read,
): Pick<Assigned, "word" | "input"> {
  const path = local === "" ? undefined : pathWithin(local);
  if (path !== undefined && hasPath(folder, local)) return { word: shellQuote(join(projectFolder, path)) };
  const type = local === "" ? undefined : kindOf(local);
  if (type !== undefined) return inputOf({ type, path: local });
  return path === undefined
    ? refuse(
        place,
        `${name} is of type path, and its value ${JSON.stringify(value)} is not in the project, which is all that the job has`,
        { allowed: "a path in the project, relative to it, a file or folder here, or a URI" },
      )
    : refuse(place, `${name} is of type path, and the project has no file or folder ${path}`);
}

function join(projectFolder: string, path: string): string {
  return path === "." ? projectFolder : `${projectFolder}/${path}`;
}
