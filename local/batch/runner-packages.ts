import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** By these Azure ML's own runner reads files, so that every environment of a batch deployment has to name them. */
const RUNNER_PACKAGES = ["azureml-core", "azureml-dataset-runtime"];

/** Packages that an environment names for Azure ML's runner alone, as far as the Python files of the scoring code say. */
export function forRunnerAlone(code: string): readonly string[] {
  const files = readdirSync(code, { recursive: true, encoding: "utf8" }).filter((path) =>
    path.endsWith(".py"),
  );
  const isUsed = files.some((path) => /\bazureml\b/.test(readFileSync(join(code, path), "utf8")));
  return isUsed ? [] : RUNNER_PACKAGES;
}
