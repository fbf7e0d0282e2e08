import { projectConda } from "./environment";
import { findEntryPoint, type EntryPoint } from "./entry-point";
import {
  assign,
  extras,
  type Assigned,
  type JobInput,
  type ParameterValue,
  type Surroundings,
} from "./parameters";
import { refuse } from "./place";
import { readProject } from "./project";
import type { ProjectFolder } from "./project-folder";
import { parseFormat } from "./python-format";
import { shellQuote } from "./shell-quote";

/** What of a project is to run. */
export interface ProjectRun {
  /** `main` by default, as of `mlflow run`; a script's path for what the project does not declare. */
  readonly entryPoint?: string;
  /** None by default. What the entry point does not declare is appended to the command, as `--name value`. */
  readonly parameters?: Readonly<Record<string, ParameterValue>>;
  /** Where the project is when the command runs. `.` by default: a job starts in its code's folder. */
  readonly projectFolder?: string;
  /** Whether a given path that is not the project's is a file or a folder here, to be uploaded for the job; nothing is by default. */
  readonly kindOf?: Surroundings["kindOf"];
}

/** What a command job needs of it. */
export interface CompiledRun {
  /** For bash. */
  readonly command: string;
  /** The text of a conda file; absent where the project does not say what is installed. */
  readonly environment?: string;
  /** As `mlflow run` logs them: every one, in its quotes for the shell. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Files of parameters of type `path` and `uri`, which the command names as inputs of the job. */
  readonly inputs: readonly JobInput[];
}

/**
 * Compiles an entry point of an MLflow project to what a command job needs, with what `mlflow run` makes of parameters and quotes.
 *
 * @throws ProviderError with file and line, for what MLflow fails at and for what can't be a command job
 * @see mlflow/projects/_project_spec.py of MLflow 2.22, EntryPoint.compute_command
 */
export function compileRun(
  folder: ProjectFolder,
  {
    entryPoint: name = "main",
    parameters = {},
    projectFolder = ".",
    kindOf = () => undefined,
  }: ProjectRun = {},
): CompiledRun {
  const project = readProject(folder);
  const entryPoint = findEntryPoint(project, folder, name);
  const assigned = assign(entryPoint, parameters, { folder, projectFolder, kindOf });
  const extra = extras(entryPoint, parameters);
  const environment = projectConda(project, folder);
  return {
    command: commandOf(entryPoint, assigned, extra),
    ...(environment === undefined ? {} : { environment }),
    parameters: Object.fromEntries(
      [...assigned, ...extra].flatMap(({ name: each, value }) =>
        value === undefined ? [] : [[each, shellQuote(value)]],
      ),
    ),
    inputs: assigned.flatMap(({ input }) => (input === undefined ? [] : [input])),
  };
}

/**
 * The types of what an entry point declares, by name.
 *
 * @throws ProviderError with file and line
 */
export function parameterTypes(folder: ProjectFolder, entryPoint = "main"): ReadonlyMap<string, string> {
  const { parameters } = findEntryPoint(readProject(folder), folder, entryPoint);
  return new Map(parameters.map(({ name, type }) => [name, type]));
}

function commandOf(
  entryPoint: EntryPoint,
  assigned: readonly Assigned[],
  extra: readonly Assigned[],
): string {
  const command = fillIn(entryPoint, new Map(assigned.map(({ name, word }) => [name, word])));
  const [first] = extra;
  if (first !== undefined && command.endsWith("\n"))
    refuse(
      entryPoint.commandPlace,
      `the command ends with a line break, and ${first.name}, which the entry point does not declare, would be a command of its own after it`,
      { tryThis: "declare the parameter, or write the command in one line, or with |- or >-" },
    );
  return [command, ...extra.map(({ name, word }) => `--${name} ${word}`)].join(" ");
}

function fillIn(
  { command, commandPlace, parameters }: EntryPoint,
  words: ReadonlyMap<string, string>,
): string {
  const pieces = parseFormat(command);
  const tryThis = "write {{ and }} for braces of the shell's own, as ${{HOME}}";
  if ("problem" in pieces)
    return refuse(
      commandPlace,
      `${pieces.problem}, in the command at ${JSON.stringify(command.slice(pieces.offset, pieces.offset + 20))}`,
      {
        allowed: "{name} of a parameter",
        tryThis,
      },
    );
  const own = pieces.map((piece) => ("text" in piece ? piece.text : " ")).join("");
  if (own.includes("\0")) refuse(commandPlace, "the command has a NUL in it, which no command can have");
  if (own.includes("${{"))
    refuse(commandPlace, "the command has ${{ in it, where Azure ML would put something of its own");
  return pieces
    .map((piece) => {
      if ("text" in piece) return piece.text;
      const names = parameters.map(({ name }) => name).join(", ") || "none";
      return (
        words.get(piece.name) ??
        refuse(
          commandPlace,
          `the command has {${piece.name}}, and the entry point declares no such parameter (it declares: ${names})`,
          { tryThis },
        )
      );
    })
    .join("");
}
