import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/** The checkout: the folder with this package's `package.json`, whether this runs from source or from `dist/`. */
export function packageRoot(): string {
  let folder = __dirname;
  while (!existsSync(join(folder, "package.json"))) {
    if (folder === dirname(folder)) throw new Error(`There is no package.json above ${__dirname}.`);
    folder = dirname(folder);
  }
  return folder;
}

/** What set-up makes inside the checkout; `npm run local` and `npm test` share it. */
export const toolsFolder = join(packageRoot(), ".tools");
/** The Python side: MLflow, its Azure ML plug-in, the inference server. */
export const pythonFolder = join(toolsFolder, "python");
export const python = join(pythonFolder, "bin", "python");
/** The Python of the newest clients that tests try: MLflow 3 with Azure ML's plug-in, `azure-ai-ml`. */
export const clientsPython = join(toolsFolder, "python-clients", "bin", "python");
/** Microsoft's models of Azure's APIs, as a table (`tools/python/models.py`). */
export const modelsFile = join(toolsFolder, "api-models.json");
/** Where `tools/engine` leaves `pulumi` and the scripts that stand for its other parts. */
export const engineLink = join(toolsFolder, "engine");
/** The MLflow model that `examples/breast-cancer` trains. */
export const exampleModelFolder = join(packageRoot(), "examples", "breast-cancer", "model");
