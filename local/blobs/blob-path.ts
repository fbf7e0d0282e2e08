import { StorageError } from "./storage-error";

/** What a request to a storage account is about; empty where it names none. */
export interface BlobPath {
  readonly container: string;
  readonly blob: string;
}

/**
 * Container and blob of a URL's path. Decodes before it splits, as Azurite does: were the two to differ, a right to one container
 * could be used on another.
 */
export function blobPath(rawPath: string): BlobPath {
  const [container = "", ...blob] = decode(rawPath).replace(/^\//, "").split("/");
  return { container, blob: blob.join("/").replaceAll("\\", "/") };
}

function decode(rawPath: string): string {
  try {
    return decodeURIComponent(rawPath);
  } catch {
    throw new StorageError(
      400,
      "InvalidUri",
      "The requested URI does not represent any resource on the server.",
    );
  }
}
