import { mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { packageRoot } from "../tools/paths";
import type { StatePaths } from "./state";
import { UserError } from "./user-error";

// Set-up's lock is plain JavaScript, which the build does not copy: it is loaded from where it stands.
const { takeLock } = createRequire(__filename)(join(packageRoot(), "tools", "setup", "lock.js")) as {
  takeLock(folder: string, waiting: (holder: { readonly pid: number }) => void): Promise<{ release(): void }>;
};

/** Does the work while no other command of this state folder starts the local Azure; waits for one that does. */
export async function whileStarting<T>(paths: StatePaths, work: () => Promise<T>): Promise<T> {
  mkdirSync(paths.folder, { recursive: true, mode: 0o700 });
  const lock = await takeLock(join(paths.folder, "starting"), () => undefined);
  try {
    return await work();
  } finally {
    lock.release();
  }
}

/** Does the work while no other command changes the stack. @throws UserError when one does */
export async function whileChanging<T>(paths: StatePaths, stack: string, work: () => Promise<T>): Promise<T> {
  mkdirSync(paths.folder, { recursive: true, mode: 0o700 });
  const lock = await takeLock(join(paths.folder, `changing-${stack}`), ({ pid }) => {
    throw new UserError(
      `Another command (process ${pid}) is changing stack ${stack}: wait until it has ended, then try again.`,
    );
  });
  try {
    return await work();
  } finally {
    lock.release();
  }
}

/** Does the work while nobody else on this machine builds that folder; `waiting` is told once where somebody does. */
export async function whileBuilding<T>(
  folder: string,
  waiting: () => void,
  work: () => Promise<T>,
): Promise<T> {
  const lock = await takeLock(`${folder}.lock`, waiting);
  try {
    return await work();
  } finally {
    lock.release();
  }
}
