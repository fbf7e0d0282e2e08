import { ProviderError } from "../providers/clients/errors";
import { parameterTypes, type CompiledRun } from "../providers/mlflow-project/compile";
import { projectConda } from "../providers/mlflow-project/environment";
import { openProject, type OpenProject } from "../providers/mlflow-project/open";
import { readProject } from "../providers/mlflow-project/project";
import type { Problem } from "../providers/rules";
import { isKnown, type Constraint, type Known } from "./args";
import { jobSettingsConstraints } from "./job-settings-constraints";
import type { MlflowProjectArgs } from "./mlflow-project-args";
import { compileKnown, type ProjectChoice } from "./mlflow-project-run";
import type { TrainingInputFiles } from "./training-job-data";
import { inputFilesConstraints } from "./training-job-files";

type Args = Known<MlflowProjectArgs>;

const PROJECTS = "docs: MLflow Projects; mlflow/projects of MLflow 2.22";

export const mlflowProjectConstraints: readonly Constraint<MlflowProjectArgs>[] = [
  {
    id: "mlflow-project-place",
    source: `${PROJECTS}, utils.py, _fetch_project`,
    problems: (args) => told("uri", args, () => open(args)),
  },
  {
    id: "mlflow-project-file",
    source: `${PROJECTS}, _project_spec.py, load_project`,
    problems: (args) => (works(() => open(args)) ? told("uri", args, () => conda(args)) : []),
  },
  {
    id: "mlflow-project-entry-point",
    source: `${PROJECTS}, _project_spec.py, get_entry_point`,
    problems: (args) => (works(() => conda(args)) ? told("entryPoint", args, () => entryPointOf(args)) : []),
  },
  {
    id: "mlflow-project-parameters",
    source: `${PROJECTS}, _project_spec.py, compute_command`,
    problems: (args) =>
      works(() => [conda(args), entryPointOf(args)]) ? told("parameters", args, () => compiled(args)) : [],
  },
  {
    id: "mlflow-project-late-path",
    source: `${PROJECTS}, _project_spec.py: a path is downloaded where it is a URI`,
    problems: (args) => {
      const types = attempt(() => entryPointOf(args));
      return Object.entries(args.parameters ?? {})
        .filter(([name, value]) => !isKnown(value) && types?.get(name) === "path")
        .map(([name]) => ({
          path: `parameters.${name}`,
          value: undefined,
          reason:
            'it is of type path: an output must be given as files, { type: "uri_folder", uri: OUTPUT }, for the job then has an input',
        }));
    },
  },
  {
    id: "mlflow-project-parameter-files",
    source: "docs:how-to-read-write-data-v2, as TrainingJob's own rules of inputs",
    problems: (args) => {
      const { inputs = [] } = attempt(() => compiled(args)) ?? {};
      const files = Object.fromEntries(
        inputs.map((input) => [input.parameter, input.files as Known<TrainingInputFiles>]),
      );
      return inputFilesConstraints
        .flatMap(({ problems }) => problems({ workspaceId: args.workspaceId, inputs: files }))
        .map((problem) => ({ ...problem, path: problem.path.replace(/^inputs\./, "parameters.") }));
    },
  },
  {
    id: "mlflow-project-environment",
    source: "models 2025-12-01, CommandJob: environmentId is required",
    problems: (args) => {
      const { environment, environmentId } = args;
      if (environment !== undefined && environmentId !== undefined)
        return [
          { path: "environmentId", value: environmentId, reason: "it must not be given with environment" },
        ];
      if (environment !== undefined || environmentId !== undefined) return [];
      return works(() => conda(args)) && conda(args) === undefined
        ? [
            {
              path: "environmentId",
              value: undefined,
              reason:
                "it must be given, or else environment, for the project names no python_env and no conda_env",
            },
          ]
        : [];
    },
  },
  {
    id: "mlflow-project-image",
    source: "reference-yaml-environment: conda_file is installed on top of image",
    problems: ({ image, environment, environmentId }) =>
      image !== undefined && (environment !== undefined || environmentId !== undefined)
        ? [
            {
              path: "image",
              value: image,
              reason: "it must be left out with environment and environmentId: it is of the project's own",
            },
          ]
        : [],
  },
  ...jobSettingsConstraints,
];

/** What of the args says what runs; throws for one that is broken or not known. */
function choiceOf({ uri, version, entryPoint, parameters }: Args): ProjectChoice {
  const texts = [uri, ...[version, entryPoint].filter((each) => each !== undefined)];
  if (!texts.every((each) => typeof each === "string")) throw new Broken();
  if (parameters !== undefined && !isKnown(parameters)) throw new Broken();
  return { uri, version, entryPoint, parameters } as ProjectChoice;
}

/** Told by another rule already. */
class Broken extends Error {}

function open(args: Args): OpenProject {
  const { uri, version } = choiceOf(args);
  return openProject(uri, version);
}

function conda(args: Args): string | undefined {
  const { folder } = open(args);
  return projectConda(readProject(folder), folder);
}

function entryPointOf(args: Args): ReadonlyMap<string, string> {
  return parameterTypes(open(args).folder, choiceOf(args).entryPoint);
}

function compiled(args: Args): CompiledRun {
  return compileKnown(choiceOf(args));
}

function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (error instanceof ProviderError || error instanceof Broken) return undefined;
    throw error;
  }
}

function works(work: () => unknown): boolean {
  return attempt(() => [work()]) !== undefined;
}

function told(path: keyof MlflowProjectArgs, args: Args, work: () => unknown): Problem[] {
  try {
    work();
    return [];
  } catch (error) {
    if (error instanceof Broken) return [];
    if (!(error instanceof ProviderError)) throw error;
    // The message has the value where it matters; the whole record of parameters would hide it.
    return [{ path, value: path === "parameters" ? undefined : args[path], reason: error.message }];
  }
}
