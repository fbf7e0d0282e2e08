import { existsSync, readFileSync, readdirSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import type { Engine } from "./engine";
import { processStart } from "./process-identity";
import type { StatePaths } from "./state";
import { UserError } from "./user-error";
import { say } from "./commands/say";

interface Lock {
  readonly pid: number;
  readonly hostname: string;
}

/**
 * Makes a stack usable again after its engine was killed: takes away the lock of a process that is gone and settles the operations it
 * left open. What had been created by then is taken into the state, what had not is forgotten.
 */
export async function repairInterrupted(engine: Engine, paths: StatePaths, stack: string): Promise<void> {
  const locks = locksOf(paths, stack);
  const alive = locks.find((lock) => lock.hostname !== hostname() || processStart(lock.pid) !== undefined);
  if (alive !== undefined) {
    throw new UserError(
      `Another pulumi (process ${alive.pid}) is at work on stack ${stack}: wait for it or end it, then try again.`,
    );
  }
  if (locks.length > 0) {
    say(`an earlier run was killed: releasing its lock on stack ${stack}`);
    await engine.read(stack, ["cancel", "--yes"]);
  }
  if (pendingOperations(paths, stack) > 0) {
    say("settling what the killed run had begun");
    await engine.read(stack, ["refresh", "--yes", "--skip-preview", "--clear-pending-creates"]);
  }
}

function locksOf(paths: StatePaths, stack: string): Lock[] {
  const folder = join(paths.pulumiState, ".pulumi", "locks");
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".json") && file.split(/[\\/]/).includes(stack))
    .map((file) => JSON.parse(readFileSync(join(folder, file), "utf8")) as Lock);
}

function pendingOperations(paths: StatePaths, stack: string): number {
  const folder = join(paths.pulumiState, ".pulumi", "stacks");
  if (!existsSync(folder)) return 0;
  const file = readdirSync(folder, { recursive: true, encoding: "utf8" }).find((name) =>
    name.endsWith(`${stack}.json`),
  );
  if (file === undefined) return 0;
  const state = JSON.parse(readFileSync(join(folder, file), "utf8")) as {
    checkpoint?: { latest?: { pending_operations?: unknown[] } };
  };
  return state.checkpoint?.latest?.pending_operations?.length ?? 0;
}
