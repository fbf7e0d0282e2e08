// @ts-check
"use strict";

/** A module that an entry takes from, as esbuild writes it. */
const REQUIRED = /^var (import_\w+) = require\(("[^"]+")\);$/gm;

/**
 * An entry that loads each of its modules when the first name of it is used, as Pulumi's own packages do: a program that takes one component then loads
 * what that one needs. Lines stay where they are, for the source map.
 * @param {string} code an entry that only passes names on, as esbuild made CommonJS of it
 */
function lazyEntry(code) {
  const modules = new Map([...code.matchAll(REQUIRED)].map(([, name, path]) => [name, path]));
  return code
    .replace(REQUIRED, "")
    .replace(/\bimport_\w+(?=\.)/g, (name) => (modules.has(name) ? `require(${modules.get(name)})` : name));
}

module.exports = { lazyEntry };
