import { Budget } from "../assets/budget";
import type { AssetFile } from "../assets/files";
import { Reading, type SentFile } from "../assets/reading";

/** Bytes of a part: no store takes less than 5 MB. */
const PART = 16 * 1024 * 1024;
/** All files that are on their way share it, so that memory does not grow with how many there are. */
const memory = new Budget({ requests: 4, bytes: 4 * PART });

/** How a file is cut. */
export interface Cut {
  /** Bytes of each part but the last. */
  readonly size: number;
  readonly count: number;
}

/** @param most parts of a file that the store takes */
export function cut(length: number, most: number): Cut {
  const size = Math.max(PART, Math.ceil(length / most));
  return { size, count: Math.ceil(length / size) };
}

/**
 * Sends a file in parts, reading on while parts are on their way, as many as the memory for them lets.
 *
 * @param send takes the part's number, from 0 on
 * @returns what `send` answered, in the order of the parts
 * @throws ProviderError where the file is not what it was said to be; what `send` throws
 */
export async function inParts<T>(
  file: AssetFile,
  { size }: Cut,
  send: (index: number, bytes: Buffer) => Promise<T>,
): Promise<{ readonly parts: readonly T[]; readonly sent: SentFile }> {
  const reading = new Reading(file);
  const failed = new AbortController();
  const parts: T[] = [];
  const sending: Promise<void>[] = [];
  try {
    for (let start = 0; start < file.length && !failed.signal.aborted; start += size) {
      const length = Math.min(size, file.length - start);
      await memory.begin(length);
      const bytes = await filled(reading, length);
      // A file that has become shorter is found out by what was read of it.
      if (bytes === undefined) break;
      const index = sending.length;
      sending.push(
        send(index, bytes)
          .then((part) => void (parts[index] = part))
          .catch((error: unknown) => failed.abort(error))
          .finally(() => memory.end(length)),
      );
    }
    await reading.end();
  } finally {
    await Promise.all(sending);
    await reading.close();
  }
  failed.signal.throwIfAborted();
  return { parts, sent: reading.sent() };
}

/** The next bytes, or undefined where there are fewer. What doesn't come takes no memory. */
async function filled(reading: Reading, length: number): Promise<Buffer | undefined> {
  let whole = false;
  try {
    const bytes = Buffer.allocUnsafeSlow(length);
    whole = (await reading.fill(bytes)) === length;
    return whole ? bytes : undefined;
  } finally {
    if (!whole) memory.end(length);
  }
}
