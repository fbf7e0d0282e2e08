import type { Budget } from "./budget";
import type { Buffers } from "./buffers";
import type { AssetFile } from "./files";
import { Reading, type SentFile } from "./reading";

/** What the pieces that are on their way may hold; all files that are sent at once share it. */
export interface Memory {
  readonly budget: Budget;
  /** Whence buffers come that are used again once a piece has arrived. Each piece has its own by default. */
  readonly buffers?: Buffers;
}

/**
 * Sends a file in pieces of one size, reading on while pieces are on their way, as many as the memory for them lets. Nothing is on its way any more
 * when this ends, well or not.
 *
 * @param size of each piece but the last, in bytes
 * @param send takes the piece's number, from 0 on
 * @param stopped ends the reading where it is aborted
 * @returns what `send` answered, in the order of the pieces
 * @throws ProviderError where the file is not what it was said to be; what `send` throws; why it was stopped
 */
export async function inPieces<T>(
  file: AssetFile,
  size: number,
  memory: Memory,
  send: (index: number, bytes: Buffer) => Promise<T>,
  stopped?: AbortSignal,
): Promise<{ readonly pieces: readonly T[]; readonly sent: SentFile }> {
  const reading = new Reading(file);
  const failed = new AbortController();
  const pieces: T[] = [];
  const sending = new Set<Promise<void>>();
  try {
    for (let index = 0; index * size < file.length && !failed.signal.aborted; index += 1) {
      const length = Math.min(size, file.length - index * size);
      const { bytes, free } = await room(memory, length);
      let filled = 0;
      try {
        stopped?.throwIfAborted();
        filled = await reading.fill(bytes);
      } finally {
        if (filled < length) free();
      }
      // A file that has become shorter is found out by what was read of it.
      if (filled < length) break;
      const work = send(index, bytes)
        .then((piece) => void (pieces[index] = piece))
        .catch((error: unknown) => failed.abort(error))
        .finally(() => {
          free();
          sending.delete(work);
        });
      sending.add(work);
    }
    if (!failed.signal.aborted) await reading.end();
  } finally {
    await Promise.all(sending);
    await reading.close();
  }
  failed.signal.throwIfAborted();
  return { pieces, sent: reading.sent() };
}

/** Waits until there is room for so many bytes. */
async function room(
  { budget, buffers }: Memory,
  length: number,
): Promise<{ readonly bytes: Buffer; free(): void }> {
  await budget.begin(length);
  const lent = buffers?.lend(length);
  return {
    bytes: lent?.bytes ?? Buffer.allocUnsafeSlow(length),
    free() {
      lent?.free();
      budget.end(length);
    },
  };
}
