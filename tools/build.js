// @ts-check
"use strict";
const { existsSync, readFileSync, readdirSync, rmSync, rmdirSync, statSync } = require("node:fs");
const { join, relative, sep } = require("node:path");
const { lazyEntry } = require("./lazy-entry");
const { digestOf, writeWhole } = require("./setup/digest");
const { Problem } = require("./setup/problem");

const FOLDERS = ["components", "providers", "policies", "local", "cli", "tools", "stacks"];
const STAMP = ".stamp.json";
/** The package's entry, which names every component. */
const ENTRY = join("components", "index.js");

/** @typedef {{ digest: string, outputs: Record<string, number> }} Stamp digest of what it was built from, and the size of each output */

/**
 * Transpiles the package's TypeScript into `dist/`, the same tree as CommonJS for Node 20 with source maps, where something changed
 * since the last build; types are `npm run check`'s business. Each file is replaced whole, so that a process that loads one meanwhile reads
 * the old or the new one.
 * @param {string} root the checkout
 * @returns {Promise<string>} digest of the output: the same for the same sources
 */
async function build(root) {
  const sources = FOLDERS.flatMap((folder) => typescriptFiles(join(root, folder)));
  const digest = sourceDigest(root, sources);
  const dist = join(root, "dist");
  const stamp = readStamp(join(dist, STAMP));
  if (stamp && stamp.digest === digest && isWhole(dist, stamp)) return digest;

  /** @type {Stamp} */
  const built = { digest, outputs: {} };
  for (const { path, contents } of await transpile(root, dist, sources)) {
    built.outputs[relative(dist, path)] = contents.length;
    if (!existsSync(path) || !readFileSync(path).equals(contents)) writeWhole(path, contents);
  }
  removeOthers(dist, new Set(sources.map((file) => relative(root, file).replace(/\.ts$/, ""))));
  writeWhole(join(dist, STAMP), JSON.stringify(built));
  return digest;
}

/**
 * @param {string} folder
 * @returns {string[]} sorted
 */
function typescriptFiles(folder) {
  if (!existsSync(folder)) return [];
  const names = /** @type {string[]} */ (readdirSync(folder, { recursive: true }));
  return names
    .filter((name) => name.endsWith(".ts") && !name.endsWith(".d.ts") && !name.includes("node_modules"))
    .sort()
    .map((name) => join(folder, name));
}

/**
 * @param {string} root
 * @param {readonly string[]} sources
 */
function sourceDigest(root, sources) {
  const recipe = [
    join(__dirname, "build.js"),
    join(__dirname, "lazy-entry.js"),
    join(root, "tsconfig.json"),
    join(root, "node_modules", "esbuild", "package.json"),
  ];
  return digestOf([
    ...recipe.map((file) => readFileSync(file)),
    ...sources.flatMap((file) => [relative(root, file), readFileSync(file)]),
  ]);
}

/**
 * @param {string} root
 * @param {string} dist
 * @param {string[]} entryPoints
 * @returns {Promise<{ path: string, contents: Buffer }[]>}
 */
async function transpile(root, dist, entryPoints) {
  /** @type {typeof import("esbuild")} */
  const esbuild = require(require.resolve("esbuild", { paths: [root] }));
  const built = await esbuild
    .build({
      entryPoints,
      absWorkingDir: root,
      outbase: root,
      outdir: dist,
      tsconfig: join(root, "tsconfig.json"),
      format: "cjs",
      platform: "node",
      target: "node20",
      sourcemap: true,
      sourcesContent: false,
      write: false,
      logLevel: "silent",
    })
    .catch((/** @type {Error} */ error) => {
      throw new Problem(error.message);
    });
  return built.outputFiles.map(({ path, contents, text }) => ({
    path,
    contents: Buffer.from(relative(dist, path) === ENTRY ? lazyEntry(text) : contents),
  }));
}

/**
 * @param {string} dist
 * @param {Stamp} stamp
 */
function isWhole(dist, stamp) {
  return Object.entries(stamp.outputs).every(
    ([name, size]) => statSync(join(dist, name), { throwIfNoEntry: false })?.size === size,
  );
}

/**
 * @param {string} file
 * @returns {Stamp | undefined}
 */
function readStamp(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : undefined;
}

/**
 * Removes the outputs, declarations included, whose source is gone, and folders that this leaves empty.
 * @param {string} dist
 * @param {ReadonlySet<string>} sources without extension
 */
function removeOthers(dist, sources) {
  const names = /** @type {string[]} */ (readdirSync(dist, { recursive: true })).sort().reverse();
  for (const name of names) {
    const path = join(dist, name);
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat?.isDirectory()) {
      if (readdirSync(path).length === 0) rmdirSync(path);
    } else if (
      name.split(sep).length > 1 &&
      !name.endsWith(".tmp") &&
      !sources.has(name.replace(/\.(d\.ts|js|js\.map)$/, ""))
    ) {
      rmSync(path, { force: true });
    }
  }
}

module.exports = { build };
