// @ts-check
"use strict";
const { existsSync, statSync, statfs } = require("node:fs");
const { dirname, join } = require("node:path");
const { promisify } = require("node:util");
const { takeLock } = require("./lock");
const { Problem } = require("./problem");
const { startProgress } = require("./progress");
const { endChildren } = require("./run");
const { unsuitable } = require("./suitable");

/**
 * @typedef {{ say(line: string): void, worker(pid: number): void }} Work where a running step shows what it does
 *
 * @typedef {object} Needs
 * @property {readonly string[]} lacking what the machine lacks for it, a line each with how to get it
 * @property {number} megabytes what it takes on the disk at most, caches included
 * @property {string} [folder] where it takes them, when that is not the checkout
 *
 * @typedef {object} Step one thing that a machine must have, made once
 * @property {string} name as the progress line shows it
 * @property {string} [takes] how long it may take, for a person
 * @property {() => Promise<boolean>} done whether there is nothing to do; takes milliseconds
 * @property {() => Promise<Needs>} needs what it asks of the machine; writes nothing
 * @property {(work: Work) => Promise<void>} run does it; a killed run is done again by the next one
 */

/**
 * Does the steps that are not done, after checking everything that they need at once. The lanes go side by side, each lane's steps one
 * after the other; the first failure ends them all. Two set-ups of one checkout wait for each other.
 * @param {import("./run").Machine} machine
 * @param {readonly (readonly Step[])[]} lanes
 */
async function setUp(machine, lanes) {
  const unsuited = unsuitable(process.versions.node, process.platform);
  const due = await notDone(lanes.flat());
  if (due.length === 0 && unsuited.length === 0) return;
  const needs = await Promise.all(due.map((step) => step.needs()));
  const space = unsuited.length === 0 ? await lackingSpace(machine.root, needs) : [];
  const lacking = [...unsuited, ...new Set(needs.flatMap((need) => need.lacking)), ...space];
  if (lacking.length > 0)
    throw new Problem(["This machine is not ready:", ...lacking.map((line) => `- ${line}`)].join("\n"));
  const lock = await takeLock(join(machine.root, ".tools", "setup.lock"), (holder) =>
    process.stderr.write(`Waiting for process ${holder.pid}, which is setting up this checkout.\n`),
  );
  try {
    await sideBySide(lanes.map((lane) => () => runLane(lane, due, lock)));
  } finally {
    lock.release();
  }
}

/**
 * Waits for all of them, and throws what the first one that failed threw.
 * @param {readonly (() => Promise<void>)[]} lanes
 */
async function sideBySide(lanes) {
  /** @type {unknown[]} */
  const failures = [];
  await Promise.all(
    lanes.map((lane) =>
      lane().catch((error) => {
        failures.push(error);
        endChildren();
      }),
    ),
  );
  if (failures.length > 0) throw failures[0];
}

/** @param {readonly Step[]} steps */
async function notDone(steps) {
  const done = await Promise.all(steps.map((step) => step.done()));
  return steps.filter((_, at) => !done[at]);
}

/**
 * @param {readonly Step[]} lane
 * @param {readonly Step[]} due
 * @param {import("./lock").Lock} lock
 */
async function runLane(lane, due, lock) {
  for (const step of lane.filter((each) => due.includes(each))) {
    // Another set-up may have done it while this one waited.
    if (!(await step.done())) await runStep(step, lock);
  }
}

/**
 * @param {Step} step
 * @param {import("./lock").Lock} lock
 */
async function runStep(step, lock) {
  const progress = startProgress(step.name, step.takes);
  try {
    await step.run({ say: progress.say, worker: lock.worker });
    progress.done();
  } catch (error) {
    progress.failed();
    throw error;
  }
}

/**
 * What to tell about each disk that is too small for the steps that would fill it.
 * @param {string} root
 * @param {readonly Pick<Needs, "megabytes" | "folder">[]} needs
 * @param {(folder: string) => Promise<number>} [free] megabytes
 */
async function lackingSpace(root, needs, free = freeMegabytes) {
  /** @type {Map<number, { folder: string, megabytes: number }>} */
  const disks = new Map();
  for (const need of needs) {
    const folder = existing(need.folder || root);
    const disk = statSync(folder).dev;
    disks.set(disk, { folder, megabytes: need.megabytes + (disks.get(disk)?.megabytes || 0) });
  }
  const lines = [];
  for (const { folder, megabytes } of disks.values()) {
    const there = await free(folder);
    if (there < megabytes)
      lines.push(
        `${gigabytes(megabytes)} of disk are needed where ${folder} is, and ${gigabytes(there)} are free: free some.`,
      );
  }
  return lines;
}

/** @param {string} folder */
async function freeMegabytes(folder) {
  const { bavail, bsize } = await promisify(statfs)(folder);
  return (bavail * bsize) / 1e6;
}

/**
 * The folder, or the nearest one above it that exists.
 * @param {string} folder
 * @returns {string}
 */
function existing(folder) {
  return existsSync(folder) ? folder : existing(dirname(folder));
}

/** @param {number} megabytes */
function gigabytes(megabytes) {
  return `${(megabytes / 1000).toFixed(1)} GB`;
}

module.exports = { setUp, lackingSpace };
