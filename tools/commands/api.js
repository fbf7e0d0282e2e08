// @ts-check
"use strict";
const { join } = require("node:path");
const { inFront } = require("../setup/run");

/**
 * `npm run api`: writes docs/api/ anew, of declarations that it makes first.
 * @param {import("../setup/run").Machine} machine
 * @returns {Promise<number>} the exit code
 */
async function api({ root, env }) {
  const node = (/** @type {string[]} */ ...args) => inFront(process.execPath, args, { cwd: root, env });
  const compiler = join(root, "node_modules", "typescript", "bin", "tsc");
  const declared = await node(compiler, "-p", join("tools", "declarations.json"));
  if (declared !== 0) return declared;
  return node("-r", "ts-node/register/transpile-only", join("tools", "docs", "write-api.ts"));
}

module.exports = { api };
