// @ts-check
"use strict";
const { join } = require("node:path");
const { inFront } = require("../setup/run");

/**
 * `npm run docs`: writes docs/reference/ anew.
 * @param {import("../setup/run").Machine} machine
 * @returns {Promise<number>} the exit code
 */
async function docs({ root, env }) {
  const script = join(root, "tools", "docs", "write.ts");
  return inFront(process.execPath, ["-r", "ts-node/register/transpile-only", script], { cwd: root, env });
}

module.exports = { docs };
