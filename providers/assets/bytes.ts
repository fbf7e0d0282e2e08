import { open } from "node:fs/promises";
import type { Readable } from "node:stream";
import type { AssetFile } from "./files";

/** A file's bytes, read into buffers that are used again: memory that is asked for and let go by the block costs more than reading it. */
export interface Bytes {
  /** Fills the buffer from where the last call ended; fewer bytes than it takes are the last ones. @returns how many */
  fill(buffer: Buffer): Promise<number>;
  close(): Promise<void>;
}

export async function bytesOf(file: AssetFile): Promise<Bytes> {
  return file.place === undefined ? streamed(await file.open()) : await placed(file.place);
}

async function placed(place: string): Promise<Bytes> {
  const file = await open(place);
  return {
    async fill(buffer) {
      let filled = 0;
      for (let read = -1; read !== 0 && filled < buffer.length; filled += read)
        ({ bytesRead: read } = await file.read(buffer, filled, buffer.length - filled));
      return filled;
    },
    close: async () => await file.close(),
  };
}

function streamed(stream: Readable): Bytes {
  const chunks = stream[Symbol.asyncIterator]() as AsyncIterator<Buffer, undefined>;
  let rest: Buffer = Buffer.alloc(0);
  return {
    async fill(buffer) {
      let filled = 0;
      while (filled < buffer.length) {
        if (rest.length === 0) {
          const { value, done } = await chunks.next();
          if (done === true) break;
          rest = value;
        }
        const copied = rest.copy(buffer, filled);
        rest = rest.subarray(copied);
        filled += copied;
      }
      return filled;
    },
    close: async () => void (await chunks.return?.(undefined)),
  };
}
