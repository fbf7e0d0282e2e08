import type { TokenCredential } from "@azure/identity";
import { ContainerClient, newPipeline, RestError } from "@azure/storage-blob";
import { correlationOf } from "./correlation";
import { credential } from "./credential";
import type { Deadline } from "./deadline";
import { ProviderError } from "./errors";
import { keptConnections } from "./http";

/** @param account the account's blob address, `https://name.blob.core.windows.net` */
export function containerClient(account: string, container: string): ContainerClient {
  return open(`${account}/${container}`, credential());
}

/** @param url a container's address; with a shared access signature nobody has to sign in */
export function containerAt(url: string): ContainerClient {
  return open(url, new URL(url).searchParams.has("sig") ? undefined : credential());
}

function open(url: string, signedInAs: TokenCredential | undefined): ContainerClient {
  const pipeline = newPipeline(signedInAs);
  pipeline.factories.push(keptConnections);
  return new ContainerClient(url, pipeline);
}

/** A blob as a listing has it: of the much that storage says of each, what is needed of thousands. */
export interface ListedBlob {
  /** The whole one, prefix included. */
  readonly name: string;
  /** Bytes. */
  readonly length: number;
  readonly etag: string;
  /** Where the store has it: of what was sent in blocks only where whoever sent it said so. */
  readonly md5?: Buffer;
  readonly metadata: Readonly<Record<string, string>>;
}

/** Blobs of one answer: parsing storage's own 5,000 takes a hundred megabytes. */
const PAGE = 1000;

/** The blobs below a prefix, by name. */
export async function listBlobs(
  container: ContainerClient,
  prefix: string,
  abortSignal?: AbortSignal,
): Promise<Map<string, ListedBlob>> {
  const blobs = new Map<string, ListedBlob>();
  const options = { prefix, includeMetadata: true, ...(abortSignal === undefined ? {} : { abortSignal }) };
  for await (const { segment } of container.listBlobsFlat(options).byPage({ maxPageSize: PAGE }))
    for (const { name, properties, metadata = {} } of segment.blobItems) {
      const { contentLength: length = 0, etag, contentMD5 } = properties;
      const md5 = contentMD5 === undefined ? {} : { md5: Buffer.from(contentMD5) };
      blobs.set(name, { name, length, etag, ...md5, metadata });
    }
  return blobs;
}

/** How often a role that may still be on its way is tried, in milliseconds. */
const ROLE_INTERVAL = 5_000;

/**
 * Tries again while storage doesn't know a role that Azure has just assigned (that can take minutes), and says so once.
 *
 * @param say takes one line of progress
 * @throws ProviderError at the deadline
 */
export async function onceAllowed<T>(
  container: ContainerClient,
  work: () => Promise<T>,
  deadline: Deadline,
  say: (line: string) => void,
): Promise<T> {
  for (let said = false; ; said = true) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof RestError && error.code === "AuthorizationPermissionMismatch")) throw error;
    }
    if (!said) say(`${container.accountName}: waiting until the role on the storage account has effect`);
    if (!(await deadline.sleep(ROLE_INTERVAL)))
      throw new ProviderError({
        what: `storage account ${container.accountName} refuses who runs this command, still after ${deadline.allowance}`,
        tryThis:
          "the role Storage Blob Data Contributor on it for who runs `pulumi up`: Workspace's `dataContributors`",
      });
  }
}

/**
 * Work whose refusal by storage is told with what to do about it. Storage's own words come with ids and times alone.
 *
 * @param where address of a blob or folder, without a signature
 * @throws ProviderError in place of storage's error
 */
export async function inWords<T>(where: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof RestError)) throw error;
    const { statusCode, code = "", message, response } = error;
    const refused = statusCode === 401 || statusCode === 403;
    throw new ProviderError({
      what: `${[statusCode, code].filter((part) => part !== undefined && part !== "").join(" ")}: ${message.split("\n")[0]}${correlationOf(response?.headers)}`,
      where,
      tryThis: refused
        ? "another sign-in, or the storage account's network rules: storage refuses who asks, or from where"
        : "the same command again: it sends what is missing",
    });
  }
}
