import type { ContainerClient } from "@azure/storage-blob";
import type { Store } from "../arm/store";
import { ARTIFACT_STORE, joined, runFolder, type DatastorePath } from "./artifact-uri";
import { ServiceError } from "./errors";
import { blobFolder, type BlobFolder, type Blobs } from "./model-files";
import type { Workspace } from "./workspace";

const HOUR_MS = 3_600_000;

/**
 * URL of a blob with a SAS (`local/blobs/sas.ts`).
 *
 * @param permissions letters of a service SAS: `r`, `cw`
 */
export type SasUrl = (
  account: string,
  container: string,
  blob: string,
  permissions: string,
  expiresOn: Date,
) => string;

/** A set of artifacts, as Azure ML's artifact service addresses it. */
export interface ArtifactSet {
  readonly origin: string;
  readonly container: string;
}

export const setOfRun = (runId: string): ArtifactSet => ({
  origin: "ExperimentRun",
  container: `dcid.${runId}`,
});

/** A file or a folder directly below a path; sizes in bytes. */
export interface ArtifactEntry {
  readonly path: string;
  readonly is_dir: boolean;
  readonly file_size?: number;
}

/** Artifacts as blobs of the workspace's storage account. */
export class Artifacts {
  private readonly made = new Map<string, Promise<unknown>>();

  constructor(
    private readonly store: Store,
    private readonly blobs: Blobs,
    private readonly sasUrl: SasUrl,
    private readonly now: () => Date,
  ) {}

  /** All files of the set below `path`, relative to the set. */
  async files(workspace: Workspace, set: ArtifactSet, path = ""): Promise<string[]> {
    const { folder, client } = this.open(workspace, set);
    const start = folder.prefix === "" ? "" : `${folder.prefix}/`;
    const prefix = path === "" ? start : `${start}${checkedPath(path)}/`;
    const found: string[] = [];
    for await (const blob of client.listBlobsFlat({ prefix })) found.push(blob.name.slice(start.length));
    return found;
  }

  /** What is directly below `path`, as MLflow's `artifacts/list` answers it. */
  async entries(workspace: Workspace, runId: string, path: string): Promise<ArtifactEntry[]> {
    const { folder, client } = this.open(workspace, setOfRun(runId));
    const start = `${folder.prefix}/`;
    const prefix = path === "" ? start : `${start}${checkedPath(path)}/`;
    const entries: ArtifactEntry[] = [];
    for await (const item of client.listBlobsByHierarchy("/", { prefix })) {
      const name = item.name.slice(start.length).replace(/\/$/, "");
      if (item.kind === "prefix") entries.push({ path: name, is_dir: true });
      else entries.push({ path: name, is_dir: false, file_size: item.properties.contentLength ?? 0 });
    }
    return entries.sort((a, b) => a.path.localeCompare(b.path));
  }

  async exists(workspace: Workspace, set: ArtifactSet, path: string): Promise<boolean> {
    const { folder, client } = this.open(workspace, set);
    return await client.getBlobClient(joined(folder.prefix, checkedPath(path))).exists();
  }

  /** Where a client may write the file, for one hour. */
  async writeUrl(workspace: Workspace, set: ArtifactSet, path: string): Promise<string> {
    const { folder, client } = this.open(workspace, set);
    await this.makeContainer(folder, client);
    return this.url(folder, path, "cw");
  }

  private async makeContainer(folder: BlobFolder, client: ContainerClient): Promise<void> {
    const key = `${folder.account}/${folder.container}`;
    if (!this.made.has(key)) this.made.set(key, client.createIfNotExists());
    await this.made.get(key)?.catch((error: unknown) => {
      this.made.delete(key);
      throw error;
    });
  }

  /** @throws ServiceError 404 */
  async readUrl(workspace: Workspace, set: ArtifactSet, path: string): Promise<string> {
    if (!(await this.exists(workspace, set, path))) {
      throw new ServiceError(
        404,
        "NotFound",
        `Could not find the artifact ${set.origin}/${set.container}/${path}.`,
      );
    }
    return this.url(this.open(workspace, set).folder, path, "r");
  }

  /** Writes the file, over what was there. */
  async write(workspace: Workspace, set: ArtifactSet, path: string, text: string): Promise<void> {
    const { folder, client } = this.open(workspace, set);
    await this.makeContainer(folder, client);
    const bytes = Buffer.from(text);
    const name = joined(folder.prefix, checkedPath(path));
    await client.getBlockBlobClient(name).upload(bytes, bytes.length);
  }

  /** The file itself. @throws ServiceError 404 */
  async download(workspace: Workspace, place: DatastorePath, path: string): Promise<NodeJS.ReadableStream> {
    const { folder, client } = this.at(workspace, place);
    const blob = client.getBlobClient(joined(folder.prefix, checkedPath(path)));
    const answer = await blob.download().catch((error: { statusCode?: number }) => {
      if (error.statusCode === 404) throw new ServiceError(404, "NotFound", `There is no artifact ${path}.`);
      throw error;
    });
    if (!answer.readableStreamBody)
      throw new ServiceError(500, "ServiceError", `The artifact ${path} could not be read.`);
    return answer.readableStreamBody;
  }

  private url(folder: BlobFolder, path: string, permissions: string): string {
    const expiresOn = new Date(this.now().getTime() + HOUR_MS);
    return this.sasUrl(
      folder.account,
      folder.container,
      joined(folder.prefix, checkedPath(path)),
      permissions,
      expiresOn,
    );
  }

  private open(workspace: Workspace, set: ArtifactSet): { folder: BlobFolder; client: ContainerClient } {
    return this.at(workspace, placeOf(set));
  }

  private at(workspace: Workspace, place: DatastorePath): { folder: BlobFolder; client: ContainerClient } {
    const folder = blobFolder(this.store, workspace, place);
    if (!folder)
      throw new ServiceError(
        404,
        "NotFound",
        `The workspace ${workspace.name} has no datastore ${place.datastore}.`,
      );
    return { folder, client: this.blobs.containerClient(folder.account, folder.container) };
  }
}

/** `datastores/<name>` addresses a whole datastore; all else is in the artifact store. */
export function placeOf({ origin, container }: ArtifactSet): DatastorePath {
  if (origin.toLowerCase() === "datastores") return { datastore: container, path: "" };
  const run = /^dcid\.(.+)$/.exec(container);
  const path =
    origin === "ExperimentRun" && run?.[1] !== undefined ? runFolder(run[1]) : `${origin}/${container}`;
  return { datastore: ARTIFACT_STORE, path: checkedPath(path) };
}

/** A path that can't leave its folder. */
export function checkedPath(path: string): string {
  const clean = path.replace(/\/+$/, "");
  if (clean.split("/").some((part) => part === "" || part === "." || part === "..") || clean.includes("\\")) {
    throw new ServiceError(
      400,
      "BadArgument",
      `Invalid artifact path '${path}'. Use a relative path without '.', '..', and backslashes.`,
    );
  }
  return clean;
}
