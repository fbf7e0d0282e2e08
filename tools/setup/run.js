// @ts-check
"use strict";
const { spawn, spawnSync } = require("node:child_process");
const { Problem, causeOf } = require("./problem");
const { signalGroup } = require("./processes");

const KEPT_OUTPUT = 64 * 1024;
const SHOWN_LINES = 15;
const GRACE_MS = 3_000;

/**
 * @typedef {{ root: string, env: NodeJS.ProcessEnv }} Machine the checkout, and the environment to look for tools in
 * @typedef {{ code: number, output: string }} Ended
 * @typedef {{ cwd?: string, env?: NodeJS.ProcessEnv, say?: (line: string) => void, worker?: (pid: number) => void }} RunOptions
 */

/** Process groups that end when this process is told to. @type {Set<number>} */
const groups = new Set();

/**
 * Runs a command in a process group of its own and collects the end of what it says.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {RunOptions} [options]
 * @returns {Promise<Ended>}
 */
function capture(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: options.env,
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    const { pid } = child;
    if (pid !== undefined) {
      groups.add(pid);
      if (options.worker) options.worker(pid);
    }
    let output = "";
    /** @param {Buffer} chunk */
    const hear = (chunk) => {
      output = (output + chunk.toString()).slice(-KEPT_OUTPUT);
      if (options.say) options.say(lastLine(chunk.toString()));
    };
    child.stdout.on("data", hear);
    child.stderr.on("data", hear);
    child.on("error", reject);
    child.on("close", (code, signal) => {
      if (pid !== undefined) groups.delete(pid);
      resolve({ code: code === null ? 1 : code, output: signal ? `${output}\nended by ${signal}` : output });
    });
  });
}

/**
 * Runs a command that must succeed; the error says the cause where the output gives it away, and the end of the output.
 * @param {string} what as in "`what` failed"
 * @param {string} command
 * @param {readonly string[]} args
 * @param {RunOptions} [options]
 */
async function mustRun(what, command, args, options) {
  const { code, output } = await capture(command, args, options);
  if (code === 0) return output;
  const end = output
    .trim()
    .split("\n")
    .slice(-SHOWN_LINES)
    .map((line) => `  ${line}`)
    .join("\n");
  throw new Problem(
    [`${what} failed (exit code ${code}). ${causeOf(output) || "The end of what it said:"}`, end].join("\n"),
  );
}

/**
 * What a quick command prints on stdout; undefined when it can't be run or fails. (A version manager's shim is on PATH and fails.)
 * @param {string} command
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} env
 * @returns {string | undefined}
 */
function answer(command, args, env) {
  const { status, stdout } = spawnSync(command, args, {
    env,
    cwd: "/",
    encoding: "utf8",
    timeout: 20_000,
    stdio: ["ignore", "pipe", "ignore"],
  });
  return status === 0 ? stdout.trim() : undefined;
}

/**
 * Runs a command in front of the user, with this terminal as its own, and gives its exit code.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd: string, env: NodeJS.ProcessEnv }} options
 * @returns {Promise<number>}
 */
function inFront(command, args, options) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { ...options, stdio: "inherit" });
    /** @param {NodeJS.Signals} signal */
    const pass = (signal) => {
      // A terminal has sent Ctrl-C to the child too, and a second one means "at once" to many programs.
      if (signal !== "SIGINT" || !process.stdin.isTTY) child.kill(signal);
    };
    inCharge = pass;
    child.on("error", reject);
    child.on("close", (code, signal) => {
      inCharge = undefined;
      resolve(code === null ? exitCodeOf(signal || "SIGTERM") : code);
    });
  });
}

/** @type {((signal: NodeJS.Signals) => void) | undefined} */
let inCharge;
let ending = false;

/** Ctrl-C, SIGTERM and SIGHUP end every child first, then this process: with 130 after Ctrl-C. */
function endChildrenOnSignals() {
  for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"])) {
    process.on(signal, () => {
      if (inCharge) return inCharge(signal);
      if (ending) return;
      ending = true;
      endChildren();
      const deadline = Date.now() + GRACE_MS;
      setInterval(() => {
        if (groups.size > 0 && Date.now() < deadline) return;
        groups.forEach((group) => signalGroup(group, "SIGKILL"));
        process.stderr.write("\nStopped. The same command goes on where this one ended.\n");
        process.exit(exitCodeOf(signal));
      }, 20);
    });
  }
}

/** Asks every child that `capture` started to end. */
function endChildren() {
  groups.forEach((group) => signalGroup(group, "SIGTERM"));
}

/** Whether a signal is ending this process: errors that come of it are not worth a word. */
function isEnding() {
  return ending;
}

/** @param {NodeJS.Signals} signal */
function exitCodeOf(signal) {
  return 128 + require("node:os").constants.signals[signal];
}

/** @param {string} text */
function lastLine(text) {
  return (
    text
      .trim()
      .split(/[\r\n]+/)
      .pop() || ""
  );
}

module.exports = { capture, mustRun, answer, inFront, endChildren, endChildrenOnSignals, isEnding };
