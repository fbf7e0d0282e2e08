import type * as pulumi from "@pulumi/pulumi";
import { optional, recordOf, text, type Rules } from "../providers/rules";
import { environmentRules } from "./environment-args";
import { jobSettingsRules, type TrainingEnvironment, type TrainingJobArgs } from "./training-job-args";
import { trainingInput, type TrainingInputFiles } from "./training-job-data";

/** What a parameter is given: text, a number, or files for one that the project declares with type `path` or `uri`. */
export type ProjectParameter = pulumi.Input<string> | pulumi.Input<number> | TrainingInputFiles;

export interface MlflowProjectArgs extends Omit<
  TrainingJobArgs,
  "command" | "code" | "inputs" | "outputs" | "environment" | "environmentId"
> {
  /** ARM id of the workspace. */
  readonly workspaceId: pulumi.Input<string>;
  /**
   * Where the project is, as `mlflow run` takes it: a folder, relative to the program's own, or a git repository's address; `#FOLDER` after it for a project that is not the whole of it. A
   * repository is fetched by the command `git`, without its history, into `~/.cache/pulumi-azureml`; who signs in is git's matter. The content of the folder counts: other files make another run.
   */
  readonly uri: string;
  /** Of a git repository: a branch, a tag or a whole commit. The head of its default branch by default; a branch that has moved on is another run. */
  readonly version?: string;
  /** The name of an entry point, or the path of a `.py`, `.sh` or `.R` file of the project. `main` by default. */
  readonly entryPoint?: string;
  /**
   * Values by name; the project's defaults for the others. What the entry point does not declare is appended to the command, as `--NAME VALUE`. For one of type `path`: a path of the project, or
   * else a file or folder here, relative to the program's own folder, which is uploaded for the job; an `azureml://…` or `https://…` address, which the job downloads; or files with their `type`, as
   * `TrainingJob`'s inputs are, which a value that is not known yet must be. They are written into the command, which is no place for secrets. Others make another run.
   */
  readonly parameters?: Readonly<Record<string, ProjectParameter>>;
  /** The Docker image that the project's `conda_env` or `python_env` is installed on. `mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04` by default. */
  readonly image?: pulumi.Input<string>;
  /** ARM id of an environment's version in the workspace, which `Environment` has as `id`, or `azureml://registries/REGISTRY/environments/NAME/versions/VERSION`. The project's own by default; this or `environment` where it has none. */
  readonly environmentId?: pulumi.Input<string>;
  /** An environment of the job's own in place of the project's, registered under the component's name: `image`, with `condaFile` or not, or `build`. This or `environmentId`. */
  readonly environment?: TrainingEnvironment;
}

/** What a project's environment is installed on. */
export const PROJECT_IMAGE = "mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04";

export const mlflowProjectRules: Rules<MlflowProjectArgs> = {
  ...jobSettingsRules,
  uri: text("a folder, or a git repository's address", /^[^-\s][^\r\n]*$/),
  version: optional(
    text("a branch, a tag or a whole commit", /^[^-\s][^\s:^~?*[\\]*$/, "git help check-ref-format"),
  ),
  entryPoint: optional(text("the name of an entry point, or the path of a script")),
  parameters: optional(recordOf(trainingInput)),
  image: optional(environmentRules.image),
};
