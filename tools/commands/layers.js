// @ts-check
"use strict";
const { existsSync, readdirSync } = require("node:fs");
const { join, sep } = require("node:path");
const { Problem } = require("../setup/problem");

/**
 * How much of the machine is set up (tools/bootstrap.js), most first.
 * @typedef {"clients" | "local" | "code"} Extent
 * @type {readonly Extent[]}
 */
const EXTENTS = ["clients", "local", "code"];

/**
 * The layers of `test/` in the order they run, quickest first. `alone` layers start processes of their own and run file by file.
 * @typedef {{ name: string, needs: Extent, timeoutMs: number, alone: boolean }} Layer
 * @type {readonly Layer[]}
 */
const LAYERS = [
  { name: "unit", needs: "code", timeoutMs: 20_000, alone: false },
  { name: "provider", needs: "local", timeoutMs: 120_000, alone: true },
  { name: "conformance", needs: "clients", timeoutMs: 300_000, alone: true },
  { name: "engine", needs: "local", timeoutMs: 600_000, alone: true },
  { name: "faults", needs: "local", timeoutMs: 600_000, alone: true },
  { name: "e2e", needs: "local", timeoutMs: 1_200_000, alone: true },
  { name: "browser", needs: "local", timeoutMs: 300_000, alone: true },
  { name: "upgrade", needs: "local", timeoutMs: 600_000, alone: true },
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

module.exports = { LAYERS, chooseTests, needsOf, testFiles };
