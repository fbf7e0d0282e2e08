import type { Workspace } from "./workspace";

/** Datastores that every workspace has, and the containers they stand for. */
export const ARTIFACT_STORE = "workspaceartifactstore";
export const ARTIFACT_CONTAINER = "azureml";

/** Files of a datastore: where ARM's `modelUri` says they are. */
export interface DatastorePath {
  readonly datastore: string;
  /** Without slashes at the ends. */
  readonly path: string;
}

/** Where the service keeps a run's artifacts. */
export const runFolder = (runId: string): string => `ExperimentRun/dcid.${runId}`;

/** What Azure ML tells a client as the artifact URI of a run. */
export function runArtifactUri(workspace: Workspace, experimentId: string, runId: string, path = ""): string {
  const root = `azureml://${workspace.host}/mlflow/v2.0${workspace.id}/experiments/${experimentId}/runs/${runId}/artifacts`;
  return joined(root, path);
}

/** ARM's way to name files of a datastore. */
export function datastoreUri(workspace: Workspace, { datastore, path }: DatastorePath): string {
  const [, , subscription, , group, , , , name] = workspace.id.split("/");
  return `azureml://subscriptions/${subscription}/resourcegroups/${group}/workspaces/${name}/datastores/${datastore}/paths/${path}`;
}

const FORMS: readonly (readonly [RegExp, (parts: readonly string[]) => DatastorePath])[] = [
  [
    /^azureml:\/\/(?:.+\/)?experiments\/[^/]+\/runs\/([^/]+)\/artifacts(?:\/(.*))?$/i,
    ([run = "", path = ""]) => ({ datastore: ARTIFACT_STORE, path: joined(runFolder(run), path) }),
  ],
  [
    /^runs:\/([^/]+)(?:\/(.*))?$/i,
    ([run = "", path = ""]) => ({ datastore: ARTIFACT_STORE, path: joined(runFolder(run), path) }),
  ],
  [
    /^azureml:\/\/jobs\/([^/]+)\/outputs\/artifacts(?:\/paths)?(?:\/(.*))?$/i,
    ([run = "", path = ""]) => ({ datastore: ARTIFACT_STORE, path: joined(runFolder(run), path) }),
  ],
  [
    /^azureml:\/\/artifacts\/datastores\/([^/]+)\/(.*)$/i,
    ([datastore = "", path = ""]) => ({ datastore, path: trimmed(path) }),
  ],
  [/^azureml:\/\/artifacts\/(.+)$/i, ([path = ""]) => ({ datastore: ARTIFACT_STORE, path: trimmed(path) })],
  [
    /^azureml:\/\/(?:subscriptions\/[^/]+\/resourcegroups\/[^/]+\/workspaces\/[^/]+\/)?datastores\/([^/]+)\/paths\/(.*)$/i,
    ([datastore = "", path = ""]) => ({ datastore, path: trimmed(path) }),
  ],
  // A job's own output, as ARM tells it.
  [
    /^azureml:\/\/datastores\/([^/]+)\/(ExperimentRun\/.*)$/i,
    ([datastore = "", path = ""]) => ({ datastore, path: trimmed(path) }),
  ],
];

/** Where the files of a model source or ARM `modelUri` are; undefined for a form that Azure ML does not know. */
export function datastorePathOf(uri: string): DatastorePath | undefined {
  for (const [form, read] of FORMS) {
    const match = form.exec(uri);
    if (match) return read(match.slice(1));
  }
  return undefined;
}

/** Whether the URI names a workspace, and another one than this. */
export function namesAnotherWorkspace(uri: string, workspace: Workspace): boolean {
  const match =
    /subscriptions\/([^/]+)\/resourcegroups\/([^/]+)\/(?:providers\/Microsoft\.MachineLearningServices\/)?workspaces\/([^/]+)/i.exec(
      uri,
    );
  if (!match) return false;
  const [, , subscription, , group, , , , name] = workspace.id.toLowerCase().split("/");
  return match.slice(1).join("/").toLowerCase() !== [subscription, group, name].join("/");
}

/** The URI by which the MLflow plug-in downloads files of a datastore: through the artifact service, which reads it back. */
export function artifactServiceUri({ datastore, path }: DatastorePath): string {
  return datastore.toLowerCase() === ARTIFACT_STORE
    ? `azureml://artifacts/${path}`
    : `azureml://artifacts/datastores/${datastore}/${path}`;
}

export const trimmed = (path: string): string => path.replace(/^\/+|\/+$/g, "");
export const joined = (root: string, path: string): string =>
  [root, trimmed(path)].filter((part) => part !== "").join("/");
