import { Budget } from "../assets/budget";
import type { AssetFile } from "../assets/files";
import { inPieces } from "../assets/in-pieces";
import type { SentFile } from "../assets/reading";

/** Bytes of a part: no store takes less than 5 MB. */
const PART = 16 * 1024 * 1024;
/** All files that are on their way share it, so that memory does not grow with how many there are. */
const memory = { budget: new Budget({ requests: 4, bytes: 4 * PART }) };

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

/** `inPieces`, with the memory that all parts share. Each part's bytes stay as they are when it has arrived. */
export async function inParts<T>(
  file: AssetFile,
  { size }: Cut,
  send: (index: number, bytes: Buffer) => Promise<T>,
): Promise<{ readonly parts: readonly T[]; readonly sent: SentFile }> {
  const { pieces, sent } = await inPieces(file, size, memory, send);
  return { parts: pieces, sent };
}
