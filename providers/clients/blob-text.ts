import { RestError, type ContainerClient } from "@azure/storage-blob";
import { text } from "node:stream/consumers";

/** How long one request may take, in milliseconds: what it is for goes on without it. */
const TIMEOUT = 10_000;

/** A text in a store, with what tells one version of it from the next. */
export interface Text {
  readonly text: string;
  readonly etag: string;
}

/** A small text that several writers may change. */
export interface TextBlob {
  /** Undefined where there is none. */
  read(): Promise<Text | undefined>;
  /**
   * Writes it whole.
   *
   * @param before what it was when it was read; undefined: it must not be there
   * @returns undefined, and nothing written, where somebody else was faster
   */
  replace(content: string, before: Text | undefined): Promise<Text | undefined>;
  /** What is not there is deleted. */
  remove(): Promise<void>;
}

/** @param name the blob's path in its container */
export function textBlob(container: ContainerClient, name: string): TextBlob {
  const blob = container.getBlockBlobClient(name);
  const inTime = (): { abortSignal: AbortSignal } => ({ abortSignal: AbortSignal.timeout(TIMEOUT) });
  return {
    async read() {
      try {
        const { etag = "", readableStreamBody } = await blob.download(0, undefined, inTime());
        return { text: readableStreamBody === undefined ? "" : await text(readableStreamBody), etag };
      } catch (error) {
        if (statusOf(error) === 404) return undefined;
        throw error;
      }
    },
    async replace(content, before) {
      try {
        const bytes = Buffer.from(content);
        const { etag = "" } = await blob.upload(bytes, bytes.length, {
          ...inTime(),
          conditions: before === undefined ? { ifNoneMatch: "*" } : { ifMatch: before.etag },
        });
        return { text: content, etag };
      } catch (error) {
        if ([409, 412].includes(statusOf(error) ?? 0)) return undefined;
        throw error;
      }
    },
    async remove() {
      await blob.deleteIfExists(inTime());
    },
  };
}

function statusOf(error: unknown): number | undefined {
  return error instanceof RestError ? error.statusCode : undefined;
}
