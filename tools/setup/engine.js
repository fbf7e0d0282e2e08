// @ts-check
"use strict";
const {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} = require("node:fs");
const { tmpdir } = require("node:os");
const { dirname, join } = require("node:path");
const { userCache } = require("./cache");
const { stampSays, writeWhole } = require("./digest");
const { buildEngine, lackingGo } = require("./engine-build");
const { downloadEngine, engineIsOffered, releaseAddress } = require("./engine-download");
const { ENGINE_VERSION, engineKey } = require("./engine-recipe");
const { takeLock } = require("./lock");
const { Problem } = require("./problem");
const { capture } = require("./run");

/** In an engine's folder: what was put there, and how large. */
const SIZES = "sizes.json";

/**
 * The Pulumi engine of `tools/engine`, in one folder of the user's cache by version and recipe, so that every checkout shares it;
 * `.tools/engine` points at its `bin`. It is downloaded where Pulumi's own release can be reached, and built from its Go modules where not.
 * @param {import("./run").Machine} machine
 * @param {string} [release] address of the official download
 * @returns {import("./steps").Step}
 */
function engine({ root, env }, release = releaseAddress()) {
  const folder = join(
    engineCache(env),
    `${ENGINE_VERSION}-${engineKey(root)}-${process.platform}-${process.arch}`,
  );
  const bin = join(folder, "bin");
  const link = join(root, ".tools", "engine");
  const proof = join(root, ".tools", "engine.proof");
  /** @type {Promise<boolean> | undefined} */
  let usable;
  const isUsable = () => (usable = usable || isWhole(folder, env));
  /** @type {Promise<boolean> | undefined} */
  let offered;
  const isOffered = () => (offered = offered || engineIsOffered(release));

  return {
    name: "The Pulumi engine",
    takes: "3 to 5 minutes if it must be built, once for all checkouts",
    done: async () => linksTo(link, bin) && stampSays(proof, fingerprint(bin)),
    needs: async () => {
      if (await isUsable()) return { lacking: [], megabytes: 0 };
      return { lacking: (await isOffered()) ? [] : lackingGo(env), megabytes: 3500, folder: dirname(folder) };
    },
    run: async (work) => {
      const lock = await takeLock(`${folder}.lock`, (holder) =>
        work.say(`waiting for process ${holder.pid}, which builds the same engine`),
      );
      try {
        // Who had the lock before may have made it.
        if (!(await isWhole(folder, env))) await fill(lock, work);
      } finally {
        lock.release();
      }
      mkdirSync(dirname(link), { recursive: true });
      rmSync(link, { recursive: true, force: true });
      symlinkSync(bin, link);
      writeWhole(proof, fingerprint(bin));
    },
  };

  /**
   * @param {import("./lock").Lock} lock
   * @param {import("./steps").Work} work
   */
  async function fill(lock, work) {
    const temporary = `${folder}.tmp`;
    rmSync(temporary, { recursive: true, force: true });
    const into = join(temporary, "bin");
    mkdirSync(into, { recursive: true });
    /** @param {number} pid */
    const worker = (pid) => {
      work.worker(pid);
      lock.worker(pid);
    };
    const downloaded = (await isOffered()) && (await downloadEngine(release, into, env, { ...work, worker }));
    if (!downloaded) {
      const lacking = lackingGo(env);
      if (lacking.length > 0) throw new Problem(lacking.join("\n"));
      await buildEngine(root, into, env, { ...work, worker });
    }
    writeWhole(join(temporary, SIZES), JSON.stringify(sizes(into)));
    if (!(await isWhole(temporary, env)))
      throw new Problem(`The Pulumi engine that was made does not run: ${join(into, "pulumi")} version`);
    // Not before: another checkout may be at work with it.
    rmSync(folder, { recursive: true, force: true });
    renameSync(temporary, folder);
  }
}

/**
 * The user's cache folder for engines.
 * @param {NodeJS.ProcessEnv} env
 */
function engineCache(env) {
  return join(userCache(env), "engine");
}

/**
 * Whether an engine's folder holds all that was put there, and `pulumi` runs. A folder gets its name when it is complete, but a full disk
 * or a cleaner can take away from it later.
 * @param {string} folder
 * @param {NodeJS.ProcessEnv} env
 */
async function isWhole(folder, env) {
  const bin = join(folder, "bin");
  if (!existsSync(bin) || !stampSays(join(folder, SIZES), JSON.stringify(sizes(bin)))) return false;
  // Even `pulumi version` writes a log, in the user's home unless told otherwise.
  const home = mkdtempSync(join(tmpdir(), "pulumi-azureml-engine-"));
  try {
    // The user's own PULUMI_OPTION_… are flags of every command, and may fail this one.
    const others = Object.entries(env).filter(([name]) => !name.startsWith("PULUMI_"));
    const quiet = {
      ...Object.fromEntries(others),
      PULUMI_HOME: home,
      PULUMI_SKIP_UPDATE_CHECK: "true",
    };
    const { code, output } = await capture(join(bin, "pulumi"), ["version"], { env: quiet });
    return code === 0 && output.trim().split("\n").includes(ENGINE_VERSION);
  } catch {
    return false;
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

/**
 * @param {string} bin
 * @returns {[name: string, bytes: number][]}
 */
function sizes(bin) {
  const names = readdirSync(bin).sort();
  return names.map((name) => [name, statSync(join(bin, name)).size]);
}

/**
 * Name, size and time of each of the engine's files: as long as they are the same, it need not be run to know that it runs.
 * @param {string} bin
 */
function fingerprint(bin) {
  if (!existsSync(bin)) return "nothing";
  return JSON.stringify([
    bin,
    ...sizes(bin).map(([name, size]) => [name, size, statSync(join(bin, name)).mtimeMs]),
  ]);
}

/**
 * @param {string} link
 * @param {string} target
 */
function linksTo(link, target) {
  return (
    lstatSync(link, { throwIfNoEntry: false })?.isSymbolicLink() === true &&
    readlinkSync(link) === target &&
    existsSync(target)
  );
}

module.exports = { engine, engineCache };
