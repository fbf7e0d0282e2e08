// @ts-check
"use strict";
const { existsSync, readdirSync } = require("node:fs");
const { join, sep } = require("node:path");
const { Problem } = require("../setup/problem");

/**
 * How much of the machine is set up (tools/bootstrap.js), most first.
 * @typedef {"clients" | "local" | "python" | "code"} Extent
 * @type {readonly Extent[]}
 */
const EXTENTS = ["clients", "local", "python", "code"];

/**
 * The layers of `test/`, quickest first. `atOnce` is how many files run at once at most, each in a process of its own: those of all chosen layers with
 * the same number share that many processes.
 * @typedef {{ name: string, needs: Extent, timeoutMs: number, atOnce: number }} Layer
 * @type {readonly Layer[]}
 */
const LAYERS = [
  { name: "unit", needs: "python", timeoutMs: 60_000, atOnce: 4 },
  { name: "provider", needs: "local", timeoutMs: 120_000, atOnce: 3 },
  { name: "conformance", needs: "clients", timeoutMs: 300_000, atOnce: 3 },
  { name: "engine", needs: "local", timeoutMs: 300_000, atOnce: 3 },
  { name: "faults", needs: "local", timeoutMs: 600_000, atOnce: 3 },
  { name: "e2e", needs: "local", timeoutMs: 600_000, atOnce: 3 },
  { name: "browser", needs: "local", timeoutMs: 300_000, atOnce: 3 },
  { name: "upgrade", needs: "local", timeoutMs: 600_000, atOnce: 3 },
];

/** @typedef {{ layer: Layer, files: readonly string[] | "all" }} Chosen */

/**
 * `npm test -- [layer | test/layer/file.test.ts]… [mocha's flags]`; no layer means all.
 * @param {readonly string[]} args
 * @returns {{ chosen: Chosen[], flags: string[], whole: boolean }}
 */
function chooseTests(args) {
  const firstFlag = args.findIndex((arg) => arg.startsWith("-"));
  const names = firstFlag < 0 ? args : args.slice(0, firstFlag);
  const flags = firstFlag < 0 ? [] : args.slice(firstFlag);
  /** @type {Map<Layer, string[] | "all">} */
  const chosen = new Map();
  for (const name of names) {
    const [folder, layerName] = name.split(/[\\/]/);
    const isFile = folder === "test" && name.endsWith(".ts");
    const layer = LAYERS.find((candidate) => candidate.name === (isFile ? layerName : name));
    if (!layer)
      throw new Problem(
        `There is no layer or test file "${name}". Layers: ${LAYERS.map((known) => known.name).join(", ")}; files: test/<layer>/<name>.test.ts.`,
      );
    const before = chosen.get(layer);
    chosen.set(layer, isFile && before !== "all" ? [...(before || []), name] : "all");
  }
  const all = LAYERS.map((layer) => ({ layer, files: /** @type {const} */ ("all") }));
  const some = LAYERS.flatMap((layer) =>
    chosen.has(layer) ? [{ layer, files: chosen.get(layer) || "all" }] : [],
  );
  return { chosen: names.length === 0 ? all : some, flags, whole: names.length === 0 };
}

/**
 * How much of the machine must be set up for the tests that `args` choose.
 * @param {readonly string[]} args
 * @returns {Extent}
 */
function needsOf(args) {
  const needs = chooseTests(args).chosen.map(({ layer }) => layer.needs);
  return EXTENTS.find((extent) => needs.includes(extent)) || "code";
}

/**
 * Test files that share processes; a test may take as long as the most patient of their layers lets it.
 * @typedef {{ name: string, timeoutMs: number, atOnce: number, files: readonly string[] }} Pool
 */

/**
 * The chosen layers that have test files, by how many files run at once. A pool begins with its longest, so that it does not end with one of them and
 * idle processes.
 * @param {string} root
 * @param {readonly Chosen[]} chosen
 * @returns {Pool[]}
 */
function pools(root, chosen) {
  const there = chosen
    .map((choice) => ({ layer: choice.layer, files: testFiles(root, choice) }))
    .filter(({ files }) => files.length > 0);
  return [...new Set(there.map(({ layer }) => layer.atOnce))].map((atOnce) => {
    const own = there.filter(({ layer }) => layer.atOnce === atOnce);
    return {
      name: own.map(({ layer }) => layer.name).join(", "),
      timeoutMs: Math.max(...own.map(({ layer }) => layer.timeoutMs)),
      atOnce,
      files: own.reverse().flatMap(({ files }) => files),
    };
  });
}

/**
 * The test files of a choice, sorted; none where the layer has no folder yet.
 * @param {string} root
 * @param {Chosen} choice
 * @returns {string[]} paths from the checkout
 */
function testFiles(root, { layer, files }) {
  if (files !== "all") return [...files];
  const folder = join("test", layer.name);
  if (!existsSync(join(root, folder))) return [];
  const names = /** @type {string[]} */ (readdirSync(join(root, folder), { recursive: true }));
  return names
    .filter((name) => name.endsWith(".test.ts"))
    .sort()
    .map((name) => [folder, name].join(sep));
}

module.exports = { LAYERS, chooseTests, needsOf, pools };
