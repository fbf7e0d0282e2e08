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
 * The Python side of the local Azure and of the examples, in `.tools/python`.
 * @param {import("./run").Machine} machine
 */
function pythonSide(machine) {
  return environment(machine, {
    name: "Python packages",
    takes: "1 to 2 minutes",
    megabytes: 1500,
    folder: "python",
    lock: "requirements.lock",
  });
}

/**
 * The newest clients, which tests hold the local Azure against, in `.tools/python-clients`: MLflow 3 can't stand beside MLflow 2.
 * @param {import("./run").Machine} machine
 */
function pythonClients(machine) {
  return environment(machine, {
    name: "Clients that the tests try",
    takes: "1 to 2 minutes",
    megabytes: 1700,
    folder: "python-clients",
    lock: "clients-requirements.lock",
  });
}

/**
 * A virtual environment below `.tools`. Such a folder can't be moved, so it is built in place: the stamp in it is written last, and names
 * the place; without the stamp it is built anew.
 * @param {import("./run").Machine} machine
 * @param {{ name: string, takes: string, megabytes: number, folder: string, lock: string }} what `lock` names every package, in tools/python
 * @returns {import("./steps").Step}
 */
function environment({ root, env }, { name, takes, megabytes, ...what }) {
  const folder = join(root, ".tools", what.folder);
  const python = join(folder, "bin", "python");
  const lock = join(root, "tools", "python", what.lock);
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
    name,
    takes,
    done: async () => existsSync(python) && stampSays(stamp, stampText()),
    needs: async () => {
      const choice = chosen();
      return { lacking: "problem" in choice ? [choice.problem] : [], megabytes };
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

module.exports = { pythonSide, pythonClients, choosePython, pythonEnvironment, PROBE };
