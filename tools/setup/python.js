// @ts-check
"use strict";
const { existsSync, readFileSync } = require("node:fs");
const { rm } = require("node:fs/promises");
const { join } = require("node:path");
const { digestOf, stampSays, writeWhole } = require("./digest");
const { Problem } = require("./problem");
const { answer, mustRun } = require("./run");
const { compareVersions, parseVersion, versionText } = require("./version");

/** MLflow 2.22 asks for pyarrow 19 at most, which has wheels for these. */
const OLDEST = /** @type {const} */ ([3, 11, 0]);
const TOO_NEW = /** @type {const} */ ([3, 14, 0]);
const WANTED = "Python 3.11, 3.12 or 3.13 with its venv module is needed";
const HOW =
  "install it (https://www.python.org/downloads; Debian: apt install python3 python3-venv) or name one: PYTHON=/path/to/python3.12";
const CANDIDATES = ["python3.13", "python3.12", "python3.11", "python3"];

const PROBE =
  "import sys; print(sys.version.split()[0])\ntry:\n import venv, ensurepip; print('venv')\nexcept ImportError: pass";

/** @typedef {{ command: string, answer: string | undefined }} Candidate what a Python said to the probe; undefined when it did not run */

/**
 * The first Python that will do, or what to tell when there is none.
 * @param {readonly Candidate[]} candidates
 * @returns {{ command: string } | { problem: string }}
 */
function choosePython(candidates) {
  const told = candidates.map((candidate) => ({ command: candidate.command, ...judge(candidate.answer) }));
  const good = told.find(({ objection }) => objection === undefined);
  if (good) return { command: good.command };
  const found = told
    .flatMap(({ command, objection }) => (objection ? [`${command} ${objection}`] : []))
    .join(", ");
  return { problem: `${WANTED} (found: ${found || "none"}): ${HOW}.` };
}

/** @param {string | undefined} said */
function judge(said) {
  const version = said === undefined ? undefined : parseVersion(said);
  if (said === undefined || !version) return { objection: "" };
  if (compareVersions(version, OLDEST) < 0) return { objection: `is ${versionText(version)}, too old` };
  if (compareVersions(version, TOO_NEW) >= 0)
    return { objection: `is ${versionText(version)}, too new: MLflow 2.22 has no pyarrow for it` };
  return { objection: said.includes("venv") ? undefined : `${versionText(version)} has no venv` };
}

/**
 * The environment for Python tools: what points Python at somebody else's packages is left out.
 * @param {NodeJS.ProcessEnv} env
 */
function pythonEnvironment(env) {
  const own = { ...env, PIP_DISABLE_PIP_VERSION_CHECK: "1", PIP_NO_INPUT: "1", PYTHONNOUSERSITE: "1" };
  return Object.fromEntries(
    Object.entries(own).filter(
      ([name]) => !["PYTHONHOME", "PYTHONPATH", "PIP_USER", "PIP_TARGET"].includes(name),
    ),
  );
}

/**
 * The Python side, a virtual environment of its own in `.tools/python`. Such a folder can't be moved, so it is built in place: the stamp
 * in it is written last, and names the place; without the stamp it is built anew.
 * @param {import("./run").Machine} machine
 * @returns {import("./steps").Step}
 */
function pythonSide({ root, env }) {
  const folder = join(root, ".tools", "python");
  const python = join(folder, "bin", "python");
  const lock = join(root, "tools", "python", "requirements.lock");
  const stamp = join(folder, ".complete");
  const stampText = () => digestOf([folder, readFileSync(lock)]);
  const chosen = () =>
    choosePython(
      (env["PYTHON"] ? [env["PYTHON"]] : CANDIDATES).map((command) => ({
        command,
        answer: answer(command, ["-c", PROBE], env),
      })),
    );
  return {
    name: "Python packages",
    takes: "1 to 2 minutes",
    done: async () => existsSync(python) && stampSays(stamp, stampText()),
    needs: async () => {
      const choice = chosen();
      return { lacking: "problem" in choice ? [choice.problem] : [], megabytes: 1500 };
    },
    run: async (work) => {
      const choice = chosen();
      if ("problem" in choice) throw new Problem(choice.problem);
      // Tens of thousands of files: asynchronously, so that Ctrl-C is heard meanwhile.
      await rm(folder, { recursive: true, force: true });
      const options = { cwd: root, env: pythonEnvironment(env), ...work };
      await mustRun("python -m venv", choice.command, ["-m", "venv", folder], options);
      // The lock names every package: nothing is left to resolve.
      await mustRun(
        "pip install",
        python,
        ["-m", "pip", "install", "--no-deps", "--only-binary=:all:", "--progress-bar=off", "-r", lock],
        options,
      );
      writeWhole(stamp, stampText());
    },
  };
}

module.exports = { pythonSide, choosePython, pythonEnvironment, PROBE };
