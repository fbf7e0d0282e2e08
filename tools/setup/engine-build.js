// @ts-check
"use strict";
const { copyFileSync, readdirSync } = require("node:fs");
const { join } = require("node:path");
const { BUILD_ENVIRONMENT, buildArguments, moduleFolder, scriptsFolder } = require("./engine-recipe");
const { answer, mustRun } = require("./run");
const { atLeast, parseVersion, versionText } = require("./version");

/** The `go` line of `tools/engine/go.mod`. */
const OLDEST_GO = /** @type {const} */ ([1, 25, 11]);

/**
 * What to tell when there is no Go that can build the engine.
 * @param {NodeJS.ProcessEnv} env
 * @returns {string[]}
 */
function lackingGo(env) {
  const said = answer("go", ["version"], env);
  const version = said === undefined ? undefined : parseVersion(said);
  if (version && atLeast(version, OLDEST_GO)) return [];
  const found = version ? `found: ${versionText(version)}` : "found: none";
  return [
    `Go ${versionText(OLDEST_GO)} or newer is needed (${found}) to build the Pulumi engine, since get.pulumi.com does not answer: install it from https://go.dev/dl.`,
  ];
}

/**
 * Builds `pulumi`, and puts the scripts that stand for the release's other parts beside them. Go's own cache
 * keeps what a killed build had done.
 * @param {string} root
 * @param {string} bin
 * @param {NodeJS.ProcessEnv} env
 * @param {import("./steps").Work} work
 */
async function buildEngine(root, bin, env, work) {
  const options = { cwd: moduleFolder(root), env: { ...env, ...BUILD_ENVIRONMENT }, ...work };
  await mustRun("Building pulumi", "go", buildArguments(join(bin, "pulumi")), options);
  for (const name of readdirSync(scriptsFolder(root)))
    copyFileSync(join(scriptsFolder(root), name), join(bin, name));
}

module.exports = { buildEngine, lackingGo };
