import { readFileSync } from "node:fs";
import { join } from "node:path";
import { text as textOf } from "node:stream/consumers";
import { parse } from "yaml";
import type { AssetFile } from "../assets/files";
import type { ModelFindings } from "../models/findings";

/** What is read of an `MLmodel` file. */
interface MLmodel {
  readonly flavors?: Readonly<Record<string, unknown>>;
  readonly mlflow_version?: string;
  readonly signature?: { readonly inputs?: string };
}

/** Azure ML's scoring script of no-code deployments imports it, whatever the model is. */
export const MONITORING = "azureml-ai-monitoring";

/** Reads `MLmodel` and the requirements beside it. */
export function inspectModel(folder: string): ModelFindings {
  const [model, ...requirements] = READ.map((file) => readText(join(folder, file)));
  return inspect(model, requirements);
}

/**
 * The same, of a model that may be elsewhere.
 *
 * @param served whether Azure ML is to serve it: any model of MLflow's can be registered on an MLflow server
 */
export async function inspectFiles(files: readonly AssetFile[], served = true): Promise<ModelFindings> {
  const [model, ...requirements] = await Promise.all(
    READ.map(async (name) => {
      const file = files.find(({ path }) => path === name);
      return file && (await textOf(await file.open()));
    }),
  );
  const below = files.find(({ path }) => path.endsWith("/MLmodel"))?.path;
  return inspect(
    model,
    requirements,
    below && `; there is ${below}: name, or pack, the folder that it is in`,
    served,
  );
}

const READ = ["MLmodel", "requirements.txt", "conda.yaml"];

/** @param elsewhere said where there is no model */
function inspect(
  text: string | undefined,
  requirements: readonly (string | undefined)[],
  elsewhere = "",
  served = true,
): ModelFindings {
  if (text === undefined)
    return wrong(
      `has no file "MLmodel": it must be a folder as mlflow.<flavor>.save_model or an artifact download leaves it${elsewhere}`,
    );
  let model: MLmodel | null;
  try {
    model = parse(text) as MLmodel | null;
  } catch (error) {
    return wrong(`its MLmodel is not YAML: ${(error as Error).message.split("\n")[0]}`);
  }
  if (!served) return { errors: [], warnings: [] };
  return judge(
    model ?? {},
    requirements.map((each) => each ?? ""),
  );
}

function judge(model: MLmodel, requirements: readonly string[]): ModelFindings {
  const errors: string[] = [];
  const warnings: string[] = [];
  if (model.flavors?.["python_function"] === undefined)
    errors.push(
      `its MLmodel has no python_function flavor (it has ${Object.keys(model.flavors ?? {}).join(", ") || "none"}), which serving needs`,
    );
  if (Number.parseInt(model.mlflow_version ?? "2", 10) >= 3)
    errors.push(
      `it was logged with MLflow ${model.mlflow_version}, whose models Azure ML can't serve without code: log it with mlflow<3`,
    );
  if (!requirements.some((text) => text.includes(MONITORING)))
    warnings.push(
      `its requirements don't list ${MONITORING}, which Azure ML's no-code serving imports: an online deployment of it will fail. Log it with extra_pip_requirements=["${MONITORING}"], or set \`fix: true\``,
    );
  if (!model.signature?.inputs)
    warnings.push(
      "it has no signature, so that requests can't be checked against what it takes: log it with one",
    );
  return { errors, warnings };
}

function wrong(error: string): ModelFindings {
  return { errors: [error], warnings: [] };
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
