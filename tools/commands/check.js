// @ts-check
"use strict";
const { existsSync } = require("node:fs");
const { availableParallelism } = require("node:os");
const { join } = require("node:path");
const { capture } = require("../setup/run");
const { chooseTests, pools } = require("./layers");
const { countsLine, runMocha } = require("./mocha");

/**
 * @typedef {import("../setup/run").Machine} Machine
 * @typedef {{ ok: boolean, says: string, output: string }} Result
 * @typedef {{ name: string, run: () => Promise<Result> }} Part
 */

/** The folders whose arrows (docs/decisions, `.dependency-cruiser.js`) are checked. */
const CRUISED = [
  "index.ts",
  "stacks",
  "components",
  "providers",
  "policies",
  "cli",
  "local",
  "tools",
  "examples",
  "test",
  "bench",
];

/**
 * The fast loop: types, lint, format, arrows and unit tests, as many at once as there are cores.
 * @param {Machine} machine
 * @returns {Promise<number>} the exit code
 */
async function check(machine) {
  const [types, ...others] = staticParts(machine);
  return (await runParts([types, unitTests(machine), ...others])) ? 0 : 1;
}

/**
 * @param {Machine} machine
 * @returns {[Part, ...Part[]]} longest first
 */
function staticParts(machine) {
  const there = CRUISED.filter((name) => existsSync(join(machine.root, name)));
  return [
    nodeTool(machine, "types", ["typescript", "bin", "tsc"], ["--noEmit", "-p", "."]),
    nodeTool(
      machine,
      "lint",
      ["eslint", "bin", "eslint.js"],
      [".", "--max-warnings", "0", "--cache", "--cache-location", ".tools/eslint-cache"],
    ),
    nodeTool(
      machine,
      "arrows",
      ["dependency-cruiser", "bin", "dependency-cruise.mjs"],
      ["--config", ".dependency-cruiser.js", "--output-type", "err", ...there],
    ),
    nodeTool(
      machine,
      "format",
      ["prettier", "bin", "prettier.cjs"],
      ["--check", ".", "--log-level", "warn", "--cache", "--cache-location", ".tools/prettier-cache"],
    ),
  ];
}

/**
 * @param {Machine} machine
 * @param {string} name
 * @param {string[]} script in node_modules
 * @param {string[]} args
 * @returns {Part}
 */
function nodeTool({ root, env }, name, script, args) {
  return {
    name,
    run: async () => {
      const { code, output } = await capture(
        process.execPath,
        [join(root, "node_modules", ...script), ...args],
        { cwd: root, env },
      );
      return { ok: code === 0, says: code === 0 ? "ok" : "failed", output };
    },
  };
}

/**
 * @param {Machine} machine
 * @returns {Part}
 */
function unitTests({ root, env }) {
  return {
    name: "unit",
    run: async () => {
      const [pool] = pools(root, chooseTests(["unit"]).chosen);
      if (!pool) return { ok: false, says: "there are no unit tests", output: "" };
      let output = "";
      const counts = await runMocha(root, pool, [], async (args) => {
        const ended = await capture(process.execPath, args, { cwd: root, env });
        output = ended.output;
        return ended.code;
      });
      return { ok: counts.failed === 0 && counts.passed > 0, says: countsLine(counts), output };
    },
  };
}

/**
 * Runs the parts, prints a line for each and what a failed one said; true when all are well.
 * @param {readonly Part[]} parts
 */
async function runParts(parts) {
  const waiting = [...parts];
  let well = true;
  const next = async () => {
    for (let part = waiting.shift(); part; part = waiting.shift()) {
      const begun = Date.now();
      const { ok, says, output } = await part.run();
      console.log(`${part.name.padEnd(8)}${((Date.now() - begun) / 1000).toFixed(1).padStart(6)} s  ${says}`);
      if (!ok) console.log(output.trim());
      well = well && ok;
    }
  };
  await Promise.all(Array.from({ length: Math.max(2, availableParallelism()) }, next));
  return well;
}

module.exports = { check, runParts, staticParts };
