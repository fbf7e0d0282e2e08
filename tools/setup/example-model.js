// @ts-check
"use strict";
const { existsSync } = require("node:fs");
const { join } = require("node:path");
const { pythonEnvironment } = require("./python");
const { mustRun } = require("./run");

/**
 * The MLflow model that the local stack serves, trained once by `examples/breast-cancer/train.py`.
 * @param {import("./run").Machine} machine
 * @returns {import("./steps").Step}
 */
function exampleModel({ root, env }) {
  const folder = join(root, "examples", "breast-cancer");
  return {
    name: "Training the example model",
    done: async () => existsSync(join(folder, "model", "MLmodel")),
    needs: async () => ({ lacking: [], megabytes: 20 }),
    run: async (work) => {
      // The user's tracking server and run have nothing to do with it.
      const own = Object.entries(pythonEnvironment(env)).filter(([name]) => !name.startsWith("MLFLOW_"));
      const python = join(root, ".tools", "python", "bin", "python");
      await mustRun("examples/breast-cancer/train.py", python, [join(folder, "train.py")], {
        cwd: root,
        env: Object.fromEntries(own),
        ...work,
      });
    },
  };
}

module.exports = { exampleModel };
