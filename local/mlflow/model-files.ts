import { parse } from "yaml";
import type { Store } from "../arm/store";
import type { BlobAccess } from "../blobs/access";
import {
  ARTIFACT_CONTAINER,
  ARTIFACT_STORE,
  datastorePathOf,
  joined,
  trimmed,
  type DatastorePath,
} from "./artifact-uri";
import type { Workspace } from "./workspace";

/** The way to the blobs that this needs. */
export type Blobs = Pick<BlobAccess, "containerClient">;

/** A folder of blobs. */
export interface BlobFolder {
  readonly account: string;
  readonly container: string;
  /** Without slashes at the ends; empty for the whole container. */
  readonly prefix: string;
}

/** Where a datastore's path is in the workspace's storage; undefined for a datastore that the workspace doesn't have. */
export function blobFolder(
  store: Store,
  workspace: Workspace,
  { datastore, path }: DatastorePath,
): BlobFolder | undefined {
  const prefix = trimmed(path);
  const stored = store.get(`${workspace.id}/datastores/${datastore}`)?.body["properties"] as
    Record<string, string> | undefined;
  if (stored?.["containerName"] !== undefined) {
    return {
      account: stored["accountName"] ?? workspace.account,
      container: stored["containerName"],
      prefix,
    };
  }
  if (datastore.toLowerCase() === ARTIFACT_STORE)
    return { account: workspace.account, container: ARTIFACT_CONTAINER, prefix };
  if (datastore.toLowerCase() === "workspaceblobstore") {
    return { account: workspace.account, container: `azureml-blobstore-${workspace.guid}`, prefix };
  }
  return undefined;
}

/** Where the files of a URI are: of a datastore, or an address of blobs; undefined for any other. */
export function blobFolderOf(store: Store, workspace: Workspace, uri: string): BlobFolder | undefined {
  const [, account, container, path] =
    /^https:\/\/([a-z0-9]{3,24})\.blob\.core\.windows\.net\/([^/?]+)\/?([^?]*)/i.exec(uri) ?? [];
  if (account !== undefined && container !== undefined)
    return { account, container, prefix: trimmed(decodeURI(path ?? "")) };
  const place = datastorePathOf(uri);
  return place === undefined ? undefined : blobFolder(store, workspace, place);
}

/** Reads what registering a model must know of its files. */
export class ModelFiles {
  constructor(
    private readonly store: Store,
    private readonly blobs: Blobs,
  ) {}

  /** Flavors of the folder's `MLmodel`, values as text; undefined when there is none. */
  async flavors(
    workspace: Workspace,
    place: DatastorePath,
  ): Promise<Record<string, Record<string, string>> | undefined> {
    const folder = blobFolder(this.store, workspace, place);
    if (!folder) return undefined;
    const blob = this.blobs
      .containerClient(folder.account, folder.container)
      .getBlobClient(joined(folder.prefix, "MLmodel"));
    const text = await blob.downloadToBuffer().then(String, (error: { statusCode?: number }) => {
      if (error.statusCode === 404) return undefined;
      throw error;
    });
    if (text === undefined) return undefined;
    const { flavors } = (parse(text) ?? {}) as { flavors?: Record<string, Record<string, unknown> | null> };
    return Object.fromEntries(
      Object.entries(flavors ?? {}).map(([name, data]) => [name, asTexts(data ?? {})]),
    );
  }
}

function asTexts(data: Record<string, unknown>): Record<string, string> {
  const entries = Object.entries(data).filter(([, value]) => value !== null && value !== undefined);
  return Object.fromEntries(
    entries.map(([key, value]) => [key, typeof value === "object" ? JSON.stringify(value) : String(value)]),
  );
}
