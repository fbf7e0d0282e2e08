import { stat } from "node:fs/promises";

/** A file that was written so few milliseconds ago may be written once more without another time, where the file system counts in seconds. */
const RECENT = 2_000;

/**
 * What is another text whenever a file of this machine was written or replaced; undefined where that can't be told yet, since it was written
 * just now. Git tells in the same way what it has to read again.
 */
export async function stampOf(place: string): Promise<string | undefined> {
  const { dev, ino, size, mtimeNs, ctimeNs } = await stat(place, { bigint: true });
  const newest = Number((mtimeNs > ctimeNs ? mtimeNs : ctimeNs) / 1_000_000n);
  return newest > Date.now() - RECENT ? undefined : [dev, ino, size, mtimeNs, ctimeNs].join(" ");
}
