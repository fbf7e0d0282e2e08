// @ts-check
"use strict";
const { mkdtempSync, readFileSync, rmSync } = require("node:fs");
const { availableParallelism, tmpdir } = require("node:os");
const { join } = require("node:path");

/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */

/**
 * Runs test files from source under mocha by `run`, and gives what it counted. A mocha that ends before it could count (a file that does
 * not load, a crash) is one failure.
 * @param {string} root
 * @param {import("./layers").Pool} pool
 * @param {readonly string[]} flags
 * @param {(args: string[]) => Promise<number>} run runs node with these arguments and gives its exit code
 * @returns {Promise<Counts>}
 */
async function runMocha(root, { timeoutMs, atOnce, files }, flags, run) {
  const folder = mkdtempSync(join(tmpdir(), "pulumi-azureml-mocha-"));
  const counts = join(folder, "counts");
  try {
    // One more than there are cores: a test that starts a local Azure waits much of its time.
    const jobs = Math.min(availableParallelism() + 1, atOnce, files.length);
    const together = jobs < 2 ? [] : ["--parallel", "--jobs", String(jobs)];
    const code = await run([
      join(root, "node_modules", "mocha", "bin", "mocha.js"),
      ...["--require", "ts-node/register/transpile-only", "--timeout", String(timeoutMs), ...together],
      ...["--reporter", join(__dirname, "counting-reporter.js"), "--reporter-option", `counts=${counts}`],
      ...flags,
      ...files,
    ]);
    const counted = readCounts(counts);
    if (counted && (code === 0 || counted.failed > 0)) return counted;
    return { passed: counted ? counted.passed : 0, failed: 1, skipped: counted ? counted.skipped : 0 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * @param {string} file
 * @returns {Counts | undefined}
 */
function readCounts(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}

/**
 * @param {readonly Counts[]} all
 * @returns {Counts}
 */
function sum(all) {
  return all.reduce(
    (a, b) => ({ passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped }),
    { passed: 0, failed: 0, skipped: 0 },
  );
}

/**
 * `12 passed, 0 failed`, and how many were skipped when any was.
 * @param {Counts} counts
 */
function countsLine({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
}

module.exports = { runMocha, sum, countsLine };
