import { existsSync } from "node:fs";
import { join } from "node:path";
import execa from "execa";
import { packageRoot, python as sharedPython } from "../../tools/paths";
import type { OnlineDeploymentSpec } from "../arm/effects";
import { pipRequirements } from "../environments/conda-file";
import type { Environment } from "../environments/environment";
import { EnvironmentFailed } from "../environments/environment-failed";
import { pythonOf, type BuildOptions } from "../environments/python";
import { requiredNames } from "../environments/requirements";
import { DeploymentFailed } from "./deployment-failed";
import { codeDirectory, modelDirectory, registeredName } from "./generation-files";
import { checkModel, checkModelType } from "./model-checks";

/** What an instance's process is started with, apart from the deployment's own settings. */
export interface Program {
  readonly python: string;
  /** Where it works. */
  readonly folder: string;
  /** By Microsoft's inference server's names. */
  readonly variables: Readonly<Record<string, string>>;
}

/** What serves requests on Azure, and here. */
const SERVER = "azureml-inference-server-http";
const noCodeScript = join(packageRoot(), "local", "scoring", "score.py");

/**
 * The Python that the deployment runs on: its environment's where it has a script, the shared one where the model's own flavor answers.
 * @throws DeploymentFailed
 */
export async function pythonFor(
  { modelType, code, environment }: OnlineDeploymentSpec,
  options: BuildOptions,
): Promise<string> {
  if (!code) {
    checkModelType(modelType);
    return sharedPython;
  }
  if (!environment)
    throw new DeploymentFailed("BadArgument", "A deployment with a scoring script needs an environment.");
  try {
    const python = await pythonOf(environment, options);
    await checkServer(environment, python);
    return python;
  } catch (error) {
    if (error instanceof EnvironmentFailed) throw new DeploymentFailed("ImageBuildFailure", error.message);
    throw error;
  }
}

/** What runs the files of that generation. @throws DeploymentFailed for files that cannot be run */
export async function programOf(
  { model, code }: OnlineDeploymentSpec,
  generation: string,
  python: string,
  say: (line: string) => void,
): Promise<Program> {
  const models: Record<string, string> = model
    ? { AZUREML_MODEL_DIR: modelDirectory(generation, model) }
    : {};
  if (code) {
    const folder = codeDirectory(generation, code);
    if (!existsSync(join(folder, code.scoringScript)))
      throw new DeploymentFailed(
        "BadArgument",
        `The scoring script '${code.scoringScript}' is not in the code asset; 'scoringScript' is a path below its folder.`,
      );
    return {
      python,
      folder,
      variables: { ...models, AML_APP_ROOT: folder, AZUREML_ENTRY_SCRIPT: code.scoringScript },
    };
  }
  if (!model) throw new DeploymentFailed("BadArgument", "A deployment without code needs a model.");
  for (const requirement of await checkModel(join(modelDirectory(generation, model), registeredName(model))))
    say(`the model requires ${requirement}`);
  return {
    python,
    folder: generation,
    variables: {
      ...models,
      AML_APP_ROOT: generation,
      AZUREML_ENTRY_SCRIPT: noCodeScript,
      MLFLOW_MODEL_FOLDER: registeredName(model),
    },
  };
}

/** The shared environment has the server for every model; an environment of one's own must name it. */
async function checkServer({ condaFile = "" }: Environment, python: string): Promise<void> {
  if (requiredNames(pipRequirements(condaFile).lines.join("\n")).includes(SERVER)) return;
  if (python !== sharedPython) {
    const probe = `import importlib.util, sys; sys.exit(importlib.util.find_spec("${SERVER.replaceAll("-", "_")}") is None)`;
    const { exitCode } = await execa(python, ["-c", probe], { reject: false });
    if (exitCode === 0) return;
  }
  throw new DeploymentFailed(
    "ResourceNotReady",
    `A required package ${SERVER} is missing. Add it to the packages of the environment's conda file.`,
  );
}
