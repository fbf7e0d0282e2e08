// @ts-check
"use strict";
const { homedir } = require("node:os");
const { isAbsolute, join } = require("node:path");

/**
 * This package's folder among the user's caches, which every checkout shares.
 * @param {NodeJS.ProcessEnv} env
 */
function userCache(env) {
  const named = env["XDG_CACHE_HOME"];
  const home = env["HOME"] || homedir();
  const cache =
    named && isAbsolute(named)
      ? named
      : process.platform === "darwin"
        ? join(home, "Library", "Caches")
        : join(home, ".cache");
  return join(cache, "pulumi-azureml");
}

module.exports = { userCache };
