// @ts-check
"use strict";
const {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} = require("node:fs");
const { dirname, join } = require("node:path");
const { processStart, signalGroup } = require("./processes");

/**
 * @typedef {{ pid: number, started: string | undefined }} Holder
 * @typedef {{ worker(pid: number): void, release(): void }} Lock `worker` notes a child that works under the lock
 */

/** @type {Set<string>} */
const held = new Set();
process.on("exit", () => held.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

/**
 * Takes the lock that `folder` stands for, or waits for it. The folder appears by one rename with its owner already written in it, so
 * that there is no moment in which it is nobody's. A lock whose owner is dead is taken over, and what its owner had left at work is ended.
 * @param {string} folder
 * @param {(holder: Holder) => void} waiting told once when another holds it
 * @returns {Promise<Lock>}
 */
async function takeLock(folder, waiting) {
  mkdirSync(dirname(folder), { recursive: true });
  const mine = mkdtempSync(`${folder}.`);
  writeHolder(join(mine, "owner.json"), process.pid);
  for (let told = false; !moved(mine, folder);) {
    const owner = readHolder(join(folder, "owner.json"));
    if (owner && alive(owner)) {
      if (!told) waiting(owner);
      told = true;
      await new Promise((resolve) => setTimeout(resolve, 500));
    } else {
      await takeAway(folder);
    }
  }
  held.add(folder);
  removeLeftovers(folder);
  return {
    worker: (pid) => writeHolder(join(folder, `worker.${pid}.json`), pid),
    release: () => {
      held.delete(folder);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/**
 * Removes a dead owner's lock. It is moved aside first: of two that found it dead only one can move it, and a live one that was moved by
 * mistake, because it was renewed in between, is put back.
 * @param {string} folder
 */
async function takeAway(folder) {
  const aside = `${folder}.dead.${process.pid}`;
  if (!moved(folder, aside)) return;
  const owner = readHolder(join(aside, "owner.json"));
  if (owner && alive(owner) && moved(aside, folder)) return;
  const workers = readdirSync(aside)
    .filter((name) => name.startsWith("worker."))
    .flatMap((name) => readHolder(join(aside, name)) ?? []);
  workers.filter(alive).forEach(({ pid }) => signalGroup(pid, "SIGKILL"));
  while (workers.some(alive)) await new Promise((resolve) => setTimeout(resolve, 50));
  rmSync(aside, { recursive: true, force: true });
}

/**
 * Removes what waiting processes that were killed have left beside the lock.
 * @param {string} folder
 */
function removeLeftovers(folder) {
  for (const name of readdirSync(dirname(folder))) {
    const beside = join(dirname(folder), name);
    if (!beside.startsWith(`${folder}.`)) continue;
    const owner = readHolder(join(beside, "owner.json"));
    if (owner && !alive(owner)) rmSync(beside, { recursive: true, force: true });
  }
}

/**
 * @param {string} from
 * @param {string} to
 */
function moved(from, to) {
  try {
    renameSync(from, to);
    return true;
  } catch (error) {
    if (["ENOTEMPTY", "EEXIST", "ENOENT"].includes(/** @type {NodeJS.ErrnoException} */ (error).code || ""))
      return false;
    throw error;
  }
}

/** @param {Holder} holder */
function alive(holder) {
  return holder.started !== undefined && processStart(holder.pid) === holder.started;
}

/**
 * @param {string} file
 * @param {number} pid
 */
function writeHolder(file, pid) {
  writeFileSync(file, JSON.stringify({ pid, started: processStart(pid) }));
}

/**
 * @param {string} file
 * @returns {Holder | undefined}
 */
function readHolder(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}

module.exports = { takeLock };
