import { existsSync, readdirSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { readIfThere, writeWhole } from "./files";
import type { Checkpoint } from "./pending-operations";
import type { StatePaths } from "./state";
import { UserError } from "./user-error";

/** Makes the engine keep a copy of every state that it writes: on a full disk it exchanges the state for the first part of the next one. */
export const KEEP_STATES = { PULUMI_DIY_BACKEND_RETAIN_CHECKPOINTS: "true" } as const;

/**
 * The stack's state as the engine wrote it; undefined where there is none yet. One that was cut off is replaced by the last whole one,
 * which holds all that was begun: the engine begins nothing that it could not write down.
 *
 * @param restored called when the state was cut off
 * @throws UserError when there is no whole one
 */
export function readState(
  paths: StatePaths,
  stack: string,
  restored: () => void,
): Checkpoint["deployment"] | undefined {
  const file = stateFile(paths, stack);
  if (file === undefined) return undefined;
  const state = parseState(file);
  if (state !== undefined) return state;
  for (const copy of keptStates(file).reverse()) {
    const whole = parseState(copy);
    if (whole === undefined) continue;
    writeWhole(file, readIfThere(copy) ?? "", 0o600);
    restored();
    return whole;
  }
  throw new UserError(
    `The state of stack ${stack} is damaged: ${file}. ` +
      "Put the file back, or run `npm run local -- down`, delete the folder of the local Azure, and start anew.",
  );
}

/** Deletes the copies that `KEEP_STATES` made: what they were kept for has ended. */
export function dropKeptStates(paths: StatePaths, stack: string): void {
  const file = stateFile(paths, stack);
  if (file === undefined) return;
  for (const copy of keptStates(file)) rmSync(copy, { force: true });
}

function stateFile(paths: StatePaths, stack: string): string | undefined {
  const folder = join(paths.pulumiState, ".pulumi", "stacks");
  if (!existsSync(folder)) return undefined;
  const name = readdirSync(folder, { recursive: true, encoding: "utf8" }).find(
    (entry) => basename(entry) === `${stack}.json`,
  );
  return name === undefined ? undefined : join(folder, name);
}

/** Oldest first: their names end with the time. */
function keptStates(file: string): string[] {
  const folder = dirname(file);
  return readdirSync(folder)
    .filter((name) => name.startsWith(`${basename(file)}.`) && /\.\d+$/.test(name))
    .sort()
    .map((name) => join(folder, name));
}

function parseState(file: string): Checkpoint["deployment"] | undefined {
  try {
    const { checkpoint } = JSON.parse(readIfThere(file) ?? "") as {
      checkpoint?: { latest?: Checkpoint["deployment"] };
    };
    return checkpoint?.latest ?? {};
  } catch {
    return undefined;
  }
}
