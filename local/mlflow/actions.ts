/** MLflow's REST API: the service's part and its call. */
const API = /\/(?:ajax-)?api\/2\.0\/(?:preview\/)?mlflow\/([a-z-]+)(?:\/([a-z-]+))?/i;
/** POSTs that only read, as MLflow's API and Azure ML's services have them. */
const READING_POST = /\/(?:search|search-datasets|get-latest-versions|rundata|batchGetResolvedUris)$/;

/** What stands for each part in Azure's actions. */
const TYPES: Readonly<Record<string, string>> = {
  experiments: "experiments",
  "registered-models": "models",
  "model-versions": "models",
};

/**
 * The action that a role must allow for a request below a workspace's address, without
 * `Microsoft.MachineLearningServices/workspaces/`: `experiments/runs/write`.
 *
 * MLflow's own calls are as Microsoft's "Manage access to Azure Machine Learning workspaces" has them (but a search of runs reads runs
 * here, models there).
 */
export function actionOf(method: string, url: string): string {
  const path = url.replace(/\?.*$/s, "");
  const reads = method === "GET" || method === "HEAD" || (method === "POST" && READING_POST.test(path));
  const [, part, call] = API.exec(path) ?? [];
  if (part !== undefined)
    return `${TYPES[part.toLowerCase()] ?? "experiments/runs"}/${verbOf(reads, part, call)}`;
  if (/\/artifacts(\/|$)/i.test(path)) return `metadata/artifacts/${reads ? "read" : "write"}`;
  if (/\/batchEndpoints\/[^/]+\/jobs/i.test(path)) return `batchEndpoints/jobs/${reads ? "read" : "write"}`;
  if (/\/dataversion\//i.test(path)) return `datasets/registered/${reads ? "read" : "write"}`;
  return `experiments/runs/${reads ? "read" : "write"}`;
}

export function isRead(method: string, url: string): boolean {
  return actionOf(method, url).endsWith("/read");
}

/** Deleting a run is writing it, as Microsoft has it; deleting an experiment or a model is not. */
function verbOf(reads: boolean, part: string, call: string | undefined): string {
  if (reads) return "read";
  return call?.toLowerCase() === "delete" && part.toLowerCase() in TYPES ? "delete" : "write";
}
