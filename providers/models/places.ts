import type { MlflowServer } from "../clients/mlflow-server";

/** Where a model's files are. */
export type SourcePlace =
  | { readonly kind: "path"; readonly path: string }
  | { readonly kind: "uri"; readonly uri: string; readonly server?: MlflowServer };

/** Where a version is registered. */
export type TargetPlace =
  | { readonly kind: "workspace"; readonly workspaceId: string }
  | { readonly kind: "registry"; readonly registryId: string }
  | { readonly kind: "server"; readonly server: MlflowServer };

/** What a program names the two by: one of the first, one of the last three. */
export interface PlaceInputs {
  /** File or folder on this machine, relative to the program's own folder. */
  readonly path?: string;
  /** Address of what is elsewhere: `runs:/…`, `models:/…`, `azureml://…`, `https://…`. */
  readonly source?: string;
  /** The MLflow server that `source` is an address of; the target's workspace by default. */
  readonly sourceServer?: MlflowServer;
  /** ARM id of a workspace. */
  readonly workspaceId?: string;
  /** ARM id of an organisation registry. */
  readonly registryId?: string;
  readonly server?: MlflowServer;
}

/** @returns undefined where the inputs name none */
export function sourcePlaceOf({ path, source, sourceServer }: PlaceInputs): SourcePlace | undefined {
  if (path !== undefined) return { kind: "path", path };
  if (source === undefined) return undefined;
  return { kind: "uri", uri: source, ...(sourceServer === undefined ? {} : { server: sourceServer }) };
}

/** @returns undefined where the inputs name none */
export function targetPlaceOf({ workspaceId, registryId, server }: PlaceInputs): TargetPlace | undefined {
  if (workspaceId !== undefined) return { kind: "workspace", workspaceId };
  if (registryId !== undefined) return { kind: "registry", registryId };
  return server === undefined ? undefined : { kind: "server", server };
}
