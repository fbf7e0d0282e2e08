// @ts-check
"use strict";
const { inFront } = require("../setup/run");
const { runParts, staticParts } = require("./check");
const { chooseTests, pools } = require("./layers");
const { countsLine, runMocha, sum } = require("./mocha");

/**
 * `npm test`: types, lint, format and arrows, then every layer; with layers or files named, only those. Ends with one line that counts
 * them all.
 * @param {import("../setup/run").Machine} machine
 * @param {string[]} args
 * @returns {Promise<number>} the exit code: 0 when tests ran and none failed
 */
async function test({ root, env }, args) {
  const { chosen, flags, whole } = chooseTests(args);
  if (whole && !(await runParts(staticParts({ root, env })))) return 1;
  const counts = [];
  for (const pool of pools(root, chosen)) {
    console.log(`\n${pool.name}`);
    counts.push(
      await runMocha(root, pool, flags, (node) => inFront(process.execPath, node, { cwd: root, env })),
    );
  }
  const total = sum(counts);
  if (total.passed + total.failed === 0) console.log("No test ran.");
  console.log(countsLine(total));
  // CI installs what tests need that this package doesn't: there, a skipped test is one that was forgotten.
  const skippedInCi = env.CI === "true" && total.skipped > 0;
  return total.failed === 0 && total.passed > 0 && !skippedInCi ? 0 : 1;
}

module.exports = { test };
