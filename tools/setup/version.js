// @ts-check
"use strict";

/** @typedef {readonly [number, number, number]} Version major, minor, patch */

/**
 * The first version that a text names (`go version go1.26.8 linux/amd64`, `v20.20.2`); a missing patch is 0.
 * @param {string} text
 * @returns {Version | undefined}
 */
function parseVersion(text) {
  const found = /(\d+)\.(\d+)(?:\.(\d+))?/.exec(text);
  return found ? [Number(found[1]), Number(found[2]), Number(found[3] || 0)] : undefined;
}

/**
 * Negative, zero or positive as `a` is older than, the same as, or newer than `b`.
 * @param {Version} a
 * @param {Version} b
 */
function compareVersions(a, b) {
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2];
}

/**
 * @param {Version} version
 * @param {Version} least
 */
function atLeast(version, least) {
  return compareVersions(version, least) >= 0;
}

/** @param {Version} version */
function versionText(version) {
  return version.join(".");
}

module.exports = { parseVersion, compareVersions, atLeast, versionText };
