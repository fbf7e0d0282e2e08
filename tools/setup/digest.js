// @ts-check
"use strict";
const { createHash } = require("node:crypto");
const { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } = require("node:fs");
const { dirname } = require("node:path");

/**
 * SHA-256 of texts and bytes in their order, as hex. Each part goes in with its length, so that no two lists run together.
 * @param {ReadonlyArray<string | Buffer>} parts
 */
function digestOf(parts) {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(`${Buffer.byteLength(part)}:`).update(part);
  return hash.digest("hex");
}

/**
 * Whether the stamp file says exactly this; a missing or other stamp means that its step is to be done again.
 * @param {string} file
 * @param {string} content
 */
function stampSays(file, content) {
  return existsSync(file) && readFileSync(file, "utf8") === content;
}

/**
 * Writes a file whole or not at all: a reader, or the run after a kill, never finds half of it.
 * @param {string} file
 * @param {string | Uint8Array} content
 */
function writeWhole(file, content) {
  mkdirSync(dirname(file), { recursive: true });
  const temporary = `${file}.${process.pid}.tmp`;
  writeFileSync(temporary, content);
  renameSync(temporary, file);
}

module.exports = { digestOf, stampSays, writeWhole };
