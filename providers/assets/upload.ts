import pLimit from "p-limit";
import type { ContainerClient } from "@azure/storage-blob";
import { inWords, listBlobs, onceAllowed, type containerClient, type ListedBlob } from "../clients/blob";
import { ML_API_VERSION, type Arm } from "../clients/arm";
import { cloud } from "../clients/cloud";
import { workspaceParts } from "../clients/arm-id";
import { deadlineIn, type Deadline } from "../clients/deadline";
import { ProviderError } from "../clients/errors";
import { Budget } from "./budget";
import { Buffers } from "./buffers";
import { type AssetFile, digestOf } from "./files";
import type { SentFile } from "./reading";
import { sendFile, SHA256_METADATA } from "./send";

const AT_ONCE = { requests: 32, bytes: 24 * 1024 * 1024 };

/** Azure ML's name of the datastore that every workspace has. */
export const WORKSPACE_BLOB_STORE = "workspaceblobstore";
/** Role assignments take effect within ten minutes. */
const UPLOAD_MINUTES = 60;

interface BlobDatastore {
  readonly properties: {
    readonly accountName?: string;
    readonly containerName?: string;
    readonly endpoint?: string;
    readonly protocol?: string;
  };
}

/**
 * Uploads files into the workspace's own blob store.
 *
 * @param folder below which the files go
 * @returns the folder's address as blob storage has it, `https://…`, and the files' digest
 */
export async function uploadToWorkspace(
  arm: Arm,
  openContainer: typeof containerClient,
  workspaceId: string,
  folder: string,
  files: readonly AssetFile[],
  say: (line: string) => void,
): Promise<{ readonly blobUri: string; readonly digest: string }> {
  const { account, containerName } = await blobDatastore(arm, workspaceId, WORKSPACE_BLOB_STORE);
  const container = openContainer(account, containerName);
  const digest = await uploadFiles(container, `${folder}/`, files, deadlineIn(UPLOAD_MINUTES), say);
  return { blobUri: `${account}/${containerName}/${folder}`, digest };
}

/** Where a datastore's blobs are. @throws ProviderError where there is none, or one of another kind */
export async function blobDatastore(
  arm: Arm,
  workspaceId: string,
  name: string,
): Promise<{ readonly account: string; readonly containerName: string }> {
  const datastore = await arm.read<BlobDatastore>(`${workspaceId}/datastores/${name}`, {
    apiVersion: ML_API_VERSION,
  });
  if (datastore === undefined)
    throw new ProviderError({ what: `there is no datastore ${name}`, where: workspaceId });
  const {
    accountName,
    containerName,
    endpoint = (await cloud()).storageSuffix,
    protocol = "https",
  } = datastore.properties;
  if (accountName === undefined || containerName === undefined)
    throw new ProviderError({
      what: `the datastore ${name} holds no blobs`,
      where: workspaceId,
      allowed: "a datastore of kind AzureBlob",
    });
  return { account: `${protocol}://${accountName}.blob.${endpoint}`, containerName };
}

/** A path of the workspace's own blob store, as Azure ML names it. */
export function datastoreUri(workspaceId: string, path: string): string {
  const { subscriptionId, resourceGroupName, workspaceName } = workspaceParts(workspaceId);
  return (
    `azureml://subscriptions/${subscriptionId}/resourcegroups/${resourceGroupName}` +
    `/workspaces/${workspaceName}/datastores/${WORKSPACE_BLOB_STORE}/paths/${path}`
  );
}

/**
 * Uploads the files below a prefix, streaming, several at once. Those already there with the same bytes are left out, so that an upload that was
 * cut off goes on. Once a file fails, nothing more is begun. At the end the store's own list is compared with what was sent.
 *
 * @returns the digest of what is there now
 * @throws ProviderError where storage refuses, or can't be reached, after its client's own tries
 */
export async function uploadFiles(
  container: ContainerClient,
  prefix: string,
  files: readonly AssetFile[],
  deadline: Deadline,
  say: (line: string) => void,
): Promise<string> {
  const folder = `${container.url.split("?")[0]}/${prefix}`;
  const there = await inWords(
    folder,
    async () => await onceAllowed(container, () => listBlobs(container, prefix), deadline, say),
  );
  const known = files.map((file) => sameAs(file, there.get(prefix + file.path)));
  if (!known.includes(undefined)) return digestOf(known.filter((file) => file !== undefined));
  const stopped = new AbortController();
  const upload = {
    budget: new Budget(AT_ONCE),
    buffers: new Buffers(AT_ONCE.bytes),
    stopped: stopped.signal,
  };
  const filesAtOnce = pLimit(AT_ONCE.requests);
  const send = async (file: AssetFile): Promise<SentFile> =>
    await inWords(
      folder + file.path,
      async () =>
        await onceAllowed(
          container,
          () => sendFile(container.getBlockBlobClient(prefix + file.path), file, upload),
          deadline,
          say,
        ),
    );
  // Nothing is on its way any more when this ends, well or not.
  const all = await Promise.all(
    files.map(
      async (file, index) =>
        known[index] ?? (await filesAtOnce(() => send(file)).catch((error: unknown) => stopped.abort(error))),
    ),
  );
  stopped.signal.throwIfAborted();
  const sent = all.filter((file) => file !== undefined);
  const after = await inWords(folder, async () => await listBlobs(container, prefix));
  const lacking = sent.filter((file) => sameAs(file, after.get(prefix + file.path)) === undefined);
  if (lacking.length > 0)
    throw new ProviderError({
      what: `${lacking.length} of ${files.length} files are not in the store as they were sent, ${lacking[0]?.path} for instance`,
      where: folder,
      tryThis: "the same command again: it sends what is missing",
    });
  return digestOf(sent);
}

/** What is known of the file where the blob has its bytes: by MD5, by the SHA-256 that it was sent with, or where neither is known, by having been sent from here whole. */
function sameAs(
  { path, length, sha256, md5 }: Pick<AssetFile, "path" | "length" | "sha256" | "md5">,
  blob: ListedBlob | undefined,
): SentFile | undefined {
  const stored = blob && sha256In(blob);
  const known = sha256 ?? stored;
  if (blob?.length !== length || known === undefined) return undefined;
  if (md5 === undefined) return stored?.equals(known) === true ? { path, length, sha256: known } : undefined;
  return blob.md5?.equals(md5) === true ? { path, length, sha256: known, md5 } : undefined;
}

/** The digest that a blob was sent with. */
export function sha256In({ metadata }: ListedBlob): Buffer | undefined {
  const digits = metadata[SHA256_METADATA];
  return digits === undefined ? undefined : Buffer.from(digits, "hex");
}
