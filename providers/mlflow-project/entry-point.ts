import { posix } from "node:path";
import { refuse, type Place } from "./place";
import { hasFile, pathWithin, type ProjectFolder } from "./project-folder";
import type { Project } from "./project";
import { shellQuote } from "./shell-quote";
import { describe, entryOf, mappingOf, textOf, type Entry } from "./yaml-file";

/** What of a project can be run. */
export interface EntryPoint {
  readonly name: string;
  /** A format string of Python's, of a shell command. */
  readonly command: string;
  /** In their order in the file, which MLflow's numbers of downloads go by. */
  readonly parameters: readonly Parameter[];
  readonly place: Place;
  /** Of the command. */
  readonly commandPlace: Place;
}

export interface Parameter {
  readonly name: string;
  /** `float`, `path` and `uri` mean something; MLflow takes any other as `string`. */
  readonly type: string;
  /** As Python prints it; without one a value must be given. */
  readonly default?: string;
  readonly place: Place;
}

/** One of `entry_points`. */
export function readEntryPoint({ key: name, value, place }: Entry): EntryPoint {
  const fields = mappingOf(value, `entry point ${name}`);
  const command = entryOf(fields, "command");
  if (command === undefined || command.value.kind === "none")
    return refuse(place, `entry point ${name} has no command`, {
      allowed: 'a shell command, as command: "python train.py --alpha {alpha}"',
    });
  const parameters = entryOf(fields, "parameters");
  return {
    name,
    command: textOf(command.value, `the command of entry point ${name}`),
    parameters:
      parameters === undefined
        ? []
        : mappingOf(parameters.value, `parameters of entry point ${name}`).entries.map(readParameter),
    place,
    commandPlace: command.place,
  };
}

/**
 * The entry point of that name or, where the project declares none such, the script of that path.
 *
 * @throws ProviderError
 */
export function findEntryPoint(project: Project, folder: ProjectFolder, name: string): EntryPoint {
  const declared = project.entryPoints.find((each) => each.name === name);
  if (declared !== undefined) return declared;
  const command = COMMANDS[posix.extname(name)]?.(name);
  const names = project.entryPoints.map((each) => each.name).join(", ") || "none";
  if (command === undefined)
    return refuse(
      project.place,
      `there is no entry point ${name} (there are: ${names}), and no such script`,
      {
        allowed: "the name of an entry point, or the path of a .py, .sh or .R file of the project",
      },
    );
  const path = pathWithin(name);
  if (path === undefined || !hasFile(folder, path))
    return refuse(project.place, `there is no entry point ${name} (there are: ${names}), and no such file`, {
      allowed: "the name of an entry point, or the path of a script in the project's folder",
    });
  const place = { file: path, line: 1 };
  return { name, command, parameters: [], place, commandPlace: place };
}

/** How MLflow runs a script that is no entry point. It runs `.sh` with the caller's own shell; a job has bash. */
const COMMANDS: Readonly<Record<string, (script: string) => string>> = {
  ".py": (script) => `python ${shellQuote(script)}`,
  ".sh": (script) => `bash ${shellQuote(script)}`,
  ".R": (script) => `Rscript -e "mlflow::mlflow_source('${shellQuote(script)}')" --args`,
};

function readParameter({ key: name, value, place }: Entry): Parameter {
  if (value.kind === "text") return { name, type: value.text, place };
  if (value.kind !== "mapping")
    return refuse(value.place, `parameter ${name} must be a type or a mapping, and is ${describe(value)}`, {
      allowed: `${name}: float, or ${name}: {type: float, default: 0.1}`,
    });
  const type = entryOf(value, "type")?.value;
  const fallback = entryOf(value, "default")?.value;
  return {
    name,
    type: type === undefined ? "string" : textOf(type, `the type of parameter ${name}`),
    ...(fallback === undefined || fallback.kind === "none" ? {} : { default: defaultOf(name, fallback) }),
    place,
  };
}

function defaultOf(name: string, value: Entry["value"]): string {
  if (value.kind !== "mapping" && value.kind !== "list" && value.kind !== "unreadable") return value.text;
  return refuse(
    value.place,
    `the default of parameter ${name} must be one value, and is ${describe(value)}`,
    {
      tryThis: "write it in quotes, as the command is to get it",
    },
  );
}
