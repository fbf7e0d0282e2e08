// @ts-check
"use strict";
const { existsSync, readFileSync } = require("node:fs");
const { join } = require("node:path");
const { answer, mustRun } = require("./run");

const NO_NPM =
  "npm is needed (found: none): it comes with Node (https://nodejs.org); Debian: apt install npm.";

/**
 * @typedef {{ version?: string, integrity?: string, optional?: boolean, link?: boolean }} LockedPackage
 * @typedef {Record<string, LockedPackage>} LockedPackages by path (`node_modules/x`), the checkout itself as ""
 */

/**
 * Whether what npm wrote down at the end of its last install (`node_modules/.package-lock.json`) is what the lock file asks for. An
 * install that was killed has not written it; optional packages of other platforms are not in it.
 * @param {LockedPackages} wanted
 * @param {LockedPackages} installed
 */
function sameInstall(wanted, installed) {
  return Object.entries(wanted).every(([path, want]) => {
    if (path === "") return true;
    const found = installed[path];
    if (!found) return want.optional === true;
    return found.version === want.version && found.integrity === want.integrity;
  });
}

/**
 * The npm packages of the checkout, by `npm ci`.
 * @param {import("./run").Machine} machine
 * @returns {import("./steps").Step}
 */
function packages({ root, env }) {
  const installed = join(root, "node_modules", ".package-lock.json");
  return {
    name: "npm packages",
    takes: "half a minute",
    done: async () =>
      existsSync(installed) &&
      sameInstall(lockedPackages(join(root, "package-lock.json")), lockedPackages(installed)),
    needs: async () => ({
      lacking: answer("npm", ["--version"], env) === undefined ? [NO_NPM] : [],
      megabytes: 1000,
    }),
    run: async (work) => {
      // No package needs its install script: esbuild and lmdb bring their binaries as optional packages.
      const args = [
        "ci",
        "--ignore-scripts",
        "--include=dev",
        "--include=optional",
        "--no-audit",
        "--no-fund",
        "--loglevel=error",
      ];
      await mustRun("npm ci", "npm", args, { cwd: root, env, ...work });
    },
  };
}

/**
 * @param {string} file
 * @returns {LockedPackages}
 */
function lockedPackages(file) {
  return JSON.parse(readFileSync(file, "utf8")).packages || {};
}

module.exports = { packages, sameInstall };
