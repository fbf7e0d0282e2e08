import type { Mlflow } from "../clients/mlflow";
import { isDatabricks } from "../clients/mlflow-hosts";

/**
 * The experiment whose runs hold a model's files, one for each content. Databricks names experiments by paths of its workspace, whose folders have
 * to be there: it is in the home folder of who signs in, which nobody else but administrators reads or changes.
 *
 * @throws MlflowError
 */
export async function uploadExperiment(mlflow: Mlflow, modelName: string): Promise<string> {
  const name = `pulumi-azureml/${modelName}`;
  if (!isDatabricks(mlflow.address)) return name;
  const { userName } = await mlflow.read<{ userName: string }>("api/2.0/preview/scim/v2/Me", {});
  const home = `/Users/${userName}`;
  await mlflow.post("api/2.0/workspace/mkdirs", { path: `${home}/pulumi-azureml` });
  return `${home}/${name}`;
}
