// @ts-check
"use strict";
const { existsSync, readdirSync } = require("node:fs");
const { join } = require("node:path");
const { Problem } = require("../setup/problem");
const { inFront } = require("../setup/run");

/**
 * `npm run bench -- NAME [arguments]`: runs `bench/NAME.ts` from source.
 * @param {import("../setup/run").Machine} machine
 * @param {string[]} args
 * @returns {Promise<number>} the exit code
 */
async function bench({ root, env }, [name, ...args]) {
  const folder = join(root, "bench");
  const file = join(folder, `${name}.ts`);
  if (!name || !existsSync(file)) {
    const names = existsSync(folder) ? readdirSync(folder).filter((entry) => entry.endsWith(".ts")) : [];
    throw new Problem(
      `usage: npm run bench -- NAME, where NAME is one of: ${names.map((entry) => entry.slice(0, -3)).join(", ") || "(none yet)"}`,
    );
  }
  return inFront(process.execPath, ["-r", "ts-node/register/transpile-only", file, ...args], {
    cwd: root,
    env,
  });
}

module.exports = { bench };
