// @ts-check
"use strict";
const { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync } = require("node:fs");
const { join } = require("node:path");
const { digestOf, stampSays, writeWhole } = require("./digest");
const { Problem } = require("./problem");
const { pythonEnvironment } = require("./python");
const { mustRun } = require("./run");

/**
 * Microsoft's models of the Machine Learning API as a table, read out of the generated client in the `azure-ai-ml` wheel. The wheel is
 * only read, never installed: it would bring forty packages.
 * @param {import("./run").Machine} machine
 * @returns {import("./steps").Step}
 */
function modelsTable({ root, env }) {
  const table = join(root, ".tools", "machine-learning-models.json");
  const stamp = join(root, ".tools", "machine-learning-models.stamp");
  const wheels = join(root, ".tools", "wheels");
  const script = join(root, "tools", "python", "models.py");
  const requirements = join(root, "tools", "python", "models-requirements.txt");
  const stampText = () => digestOf([readFileSync(script), readFileSync(requirements)]);
  return {
    name: "Microsoft's models of the Machine Learning API",
    done: async () => existsSync(table) && stampSays(stamp, stampText()),
    needs: async () => ({ lacking: [], megabytes: 20 }),
    run: async (work) => {
      const python = join(root, ".tools", "python", "bin", "python");
      const options = { cwd: root, env: pythonEnvironment(env), ...work };
      rmSync(wheels, { recursive: true, force: true });
      mkdirSync(wheels, { recursive: true });
      const download = [
        "-m",
        "pip",
        "download",
        "--no-deps",
        "--only-binary=:all:",
        "--require-hashes",
        "-r",
        requirements,
        "-d",
        wheels,
      ];
      await mustRun("pip download azure-ai-ml", python, download, options);
      const wheel = readdirSync(wheels).find((name) => name.endsWith(".whl"));
      if (!wheel) throw new Problem(`pip download left no wheel of azure-ai-ml in ${wheels}.`);
      await mustRun("tools/python/models.py", python, [script, join(wheels, wheel), `${table}.tmp`], options);
      renameSync(`${table}.tmp`, table);
      writeWhole(stamp, stampText());
    },
  };
}

module.exports = { modelsTable };
