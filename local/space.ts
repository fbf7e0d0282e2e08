import { existsSync, statfsSync } from "node:fs";
import { dirname } from "node:path";
import type { StatePaths } from "./state";
import { UserError } from "./user-error";

/** What a stack takes: the model in blobs and beside each instance, MLflow's databases, logs, states. */
const NEEDED_MEGABYTES = 100;

/** @throws UserError when the disk of the state folder has no room for what a run writes */
export function checkSpace(paths: StatePaths): void {
  let folder = paths.folder;
  while (!existsSync(folder)) folder = dirname(folder);
  const { bavail, bsize } = statfsSync(folder);
  const free = Math.floor((bavail * bsize) / 1024 ** 2);
  if (free >= NEEDED_MEGABYTES) return;
  throw new UserError(
    `The disk is full: ${folder} has ${free} MB left, ${NEEDED_MEGABYTES} MB are needed. Free some space, then run the same command again.`,
  );
}
