import type { MlflowServer } from "../clients/mlflow-server";
import { isServerAddress } from "./server-addresses";

/**
 * What is on this machine, with paths relative to the program's own folder: a folder, an archive or a file by its path, one file as it is, a file's text, or several of
 * them under the paths that they have in the model.
 */
export type LocalPlace =
  | string
  | { readonly file: string }
  | { readonly text: string }
  | { readonly files: Readonly<Record<string, LocalPlace>> };

/** Where a model's files are. */
export type SourcePlace =
  | { readonly kind: "path"; readonly path: LocalPlace }
  | { readonly kind: "uri"; readonly uri: string; readonly server?: MlflowServer };

/** Where a version is registered. */
export type TargetPlace =
  | { readonly kind: "workspace"; readonly workspaceId: string }
  | { readonly kind: "registry"; readonly registryId: string }
  | { readonly kind: "server"; readonly server: MlflowServer };

/** What a program names the two by: one of the first, one of the last three. */
export interface PlaceInputs {
  readonly path?: LocalPlace;
  /** Address of what is elsewhere: `runs:/…`, `models:/…`, `azureml://…`, `https://…`. */
  readonly source?: string;
  /** The MLflow server that `source` is an address of; the target by default, be it a workspace or a server. */
  readonly sourceServer?: MlflowServer;
  /** ARM id of a workspace. */
  readonly workspaceId?: string;
  /** ARM id of an organisation registry. */
  readonly registryId?: string;
  /** An MLflow server that is no workspace's. */
  readonly server?: MlflowServer;
}

/** @returns undefined where the inputs name none */
export function sourcePlaceOf({
  path,
  source,
  sourceServer,
  server: target,
}: PlaceInputs): SourcePlace | undefined {
  if (path !== undefined) return { kind: "path", path };
  if (source === undefined) return undefined;
  const server = sourceServer ?? (isServerAddress(source) ? target : undefined);
  return { kind: "uri", uri: source, ...(server === undefined ? {} : { server }) };
}

/** @returns undefined where the inputs name none */
export function targetPlaceOf({ workspaceId, registryId, server }: PlaceInputs): TargetPlace | undefined {
  if (workspaceId !== undefined) return { kind: "workspace", workspaceId };
  if (registryId !== undefined) return { kind: "registry", registryId };
  return server === undefined ? undefined : { kind: "server", server };
}
