import { existsSync, readFileSync, readdirSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { say } from "./commands/say";
import type { Engine } from "./engine";
import { writeWhole } from "./files";
import { endLeftBehind } from "./left-behind";
import { withoutPending, type Checkpoint, type ResourceState } from "./pending-operations";
import { resourceReader, type ResourceReader } from "./plugins/azure-native/resource-reader";
import { processName } from "./process-identity";
import type { StatePaths } from "./state";
import { dropKeptStates, readState } from "./state-file";
import { UserError } from "./user-error";

/** How long an operation that ARM is still working on may take before the command gives up. */
const SETTLE_DEADLINE_MS = 10 * 60_000;
const POLL_MS = 200;

interface Lock {
  readonly pid: number;
  readonly hostname: string;
}

/**
 * Makes a stack usable again after its engine was ended in the middle: takes away the lock of a process that is gone and settles the
 * operations that it left open. The engine's own `refresh --import-pending-creates` forgets what it is told to import (v3.259), and
 * what is forgotten can't be created again: it exists.
 *
 * @throws UserError when another pulumi is at work on the stack
 */
export async function repairInterrupted(engine: Engine, paths: StatePaths, stack: string): Promise<void> {
  const locks = locksOf(paths, stack);
  for (const lock of locks) refuseIfAlive(lock, stack);
  await endLeftBehind(paths);
  const state = readState(paths, stack, () => say("the state was cut off: going on from the last whole one"));
  if (locks.length > 0) {
    say(`an earlier run was killed: releasing its lock on stack ${stack}`);
    await engine.read(stack, ["cancel", "--yes"]);
  }
  const { resources = [], pending_operations: pending = [] } = state ?? {};
  const failed = resources.filter(({ initErrors = [] }) => initErrors.length > 0);
  // Of these it is not known whether Azure has done what was asked for.
  const unsettled = [...pending.map(({ resource }) => resource), ...failed];
  if (unsettled.length > 0) {
    say("settling what the interrupted run had begun");
    const created = await waitForAzure(unsettled, resourceReader(engine.environment));
    if (pending.length > 0) await forgetPending(engine, paths, stack, created);
  }
  dropKeptStates(paths, stack);
}

function refuseIfAlive({ pid, hostname: host }: Lock, stack: string): void {
  if (host !== hostname()) {
    throw new UserError(
      `A pulumi on ${host} (process ${pid}) is at work on stack ${stack}: wait for it. ` +
        `If that machine is gone, release its lock: npm run local -- exec pulumi cancel --yes --stack ${stack}`,
    );
  }
  if (processName(pid)?.includes("pulumi") === true) {
    throw new UserError(
      `Another pulumi (process ${pid}) is at work on stack ${stack}: wait for it or end it, then try again.`,
    );
  }
}

function locksOf(paths: StatePaths, stack: string): Lock[] {
  const folder = join(paths.pulumiState, ".pulumi", "locks");
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".json") && file.split(/[\\/]/).includes(stack))
    .map((file) => JSON.parse(readFileSync(join(folder, file), "utf8")) as Lock);
}

/** Waits until ARM works on none of them any more. Ids by URN of those that are there. */
async function waitForAzure(
  resources: readonly ResourceState[],
  read: ResourceReader,
): Promise<ReadonlyMap<string, string>> {
  const there = new Map<string, string>();
  const deadline = Date.now() + SETTLE_DEADLINE_MS;
  for (const { urn, type, inputs = {} } of resources) {
    for (let found = await read(type, inputs); found !== undefined; found = await read(type, inputs)) {
      if (found.settled) {
        there.set(urn, found.id);
        break;
      }
      if (Date.now() > deadline)
        throw new UserError(`The local Azure is still working on ${found.id}: try again later.`);
      await sleep(POLL_MS);
    }
  }
  return there;
}

async function forgetPending(
  engine: Engine,
  paths: StatePaths,
  stack: string,
  created: ReadonlyMap<string, string>,
): Promise<void> {
  const checkpoint = JSON.parse(await engine.read(stack, ["stack", "export"])) as Checkpoint;
  const file = join(paths.stacks, `${stack}.settled.json`);
  writeWhole(file, JSON.stringify(withoutPending(checkpoint, created)), 0o600);
  await engine.read(stack, ["stack", "import", "--file", file]);
}
