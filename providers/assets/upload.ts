import type { ContainerClient } from "@azure/storage-blob";
import pLimit from "p-limit";
import { listBlobs, onceAllowed, type containerClient } from "../clients/blob";
import { ML_API_VERSION, type Arm } from "../clients/arm";
import { workspaceParts } from "../clients/arm-id";
import { deadlineIn, type Deadline } from "../clients/deadline";
import { ProviderError } from "../clients/errors";
import type { AssetFile } from "./files";

const FILES_AT_ONCE = 8;
/** At most this many blocks of this size of one file are in memory. */
const BLOCKS = { blockSize: 8 * 1024 * 1024, concurrency: 4 };

/** Azure ML's name of the datastore that every workspace has. */
const DATASTORE = "workspaceblobstore";
/** Role assignments take effect within ten minutes. */
const UPLOAD_MINUTES = 60;

interface BlobDatastore {
  readonly properties: {
    readonly accountName: string;
    readonly containerName: string;
    readonly endpoint?: string;
    readonly protocol?: string;
  };
}

/**
 * Uploads files into the workspace's own blob store.
 *
 * @param folder below which the files go
 * @returns the folder's address as blob storage has it, `https://…`
 */
export async function uploadToWorkspace(
  arm: Arm,
  openContainer: typeof containerClient,
  workspaceId: string,
  folder: string,
  files: readonly AssetFile[],
  say: (line: string) => void,
): Promise<string> {
  const datastore = await arm.read<BlobDatastore>(`${workspaceId}/datastores/${DATASTORE}`, {
    apiVersion: ML_API_VERSION,
  });
  if (datastore === undefined)
    throw new ProviderError({ what: `there is no datastore ${DATASTORE}`, where: workspaceId });
  const {
    accountName,
    containerName,
    endpoint = "core.windows.net",
    protocol = "https",
  } = datastore.properties;
  const account = `${protocol}://${accountName}.blob.${endpoint}`;
  const container = openContainer(account, containerName);
  await uploadFiles(container, `${folder}/`, files, deadlineIn(UPLOAD_MINUTES), say);
  return `${account}/${containerName}/${folder}`;
}

/** A path of the workspace's own blob store, as Azure ML names it. */
export function datastoreUri(workspaceId: string, path: string): string {
  const { subscriptionId, resourceGroupName, workspaceName } = workspaceParts(workspaceId);
  return (
    `azureml://subscriptions/${subscriptionId}/resourcegroups/${resourceGroupName}` +
    `/workspaces/${workspaceName}/datastores/${DATASTORE}/paths/${path}`
  );
}

/**
 * Uploads the files below a prefix, streaming, several at once. Those already there with the same length and MD5 are skipped, so that an
 * upload that was cut off goes on.
 */
export async function uploadFiles(
  container: ContainerClient,
  prefix: string,
  files: readonly AssetFile[],
  deadline: Deadline,
  say: (line: string) => void,
): Promise<void> {
  const there = await onceAllowed(container, () => listBlobs(container, prefix), deadline, say);
  const limit = pLimit(FILES_AT_ONCE);
  await Promise.all(
    files.map((file) =>
      limit(async () => {
        const blob = there.get(prefix + file.path)?.properties;
        if (blob?.contentLength === file.length && file.md5.equals(blob.contentMD5 ?? Buffer.alloc(0)))
          return;
        const client = container.getBlockBlobClient(prefix + file.path);
        const options = { ...BLOCKS, blobHTTPHeaders: { blobContentMD5: file.md5 } };
        await onceAllowed(container, () => client.uploadFile(file.source, options), deadline, say);
      }),
    ),
  );
}
