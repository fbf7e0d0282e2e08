// @ts-check
"use strict";
const { atLeast, parseVersion, versionText } = require("./version");

/** `engines` of package.json. */
const OLDEST_NODE = /** @type {const} */ ([20, 19, 0]);

/**
 * What to tell about a machine that nothing here runs on.
 * @param {string} node
 * @param {NodeJS.Platform} platform
 * @returns {string[]}
 */
function unsuitable(node, platform) {
  const version = parseVersion(node);
  const lines = [];
  if (platform === "win32")
    lines.push(
      "Linux or macOS is needed (found: Windows): use WSL 2, https://learn.microsoft.com/windows/wsl/install.",
    );
  if (!version || !atLeast(version, OLDEST_NODE))
    lines.push(
      `Node ${versionText(OLDEST_NODE)} or newer is needed (found: ${node}): install it from https://nodejs.org.`,
    );
  return lines;
}

module.exports = { unsuitable };
