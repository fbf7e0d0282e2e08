// @ts-check
"use strict";
const { existsSync, mkdirSync, readFileSync, readdirSync, rmSync } = require("node:fs");
const { join } = require("node:path");
const { digestOf, stampSays, writeWhole } = require("./digest");
const { pythonEnvironment } = require("./python");
const { mustRun } = require("./run");

/**
 * Microsoft's models of Azure's APIs as a table, read out of the generated clients in the wheels of `models-requirements.txt`. The wheels
 * are only read, never installed: `azure-ai-ml` alone would bring forty packages.
 * @param {import("./run").Machine} machine
 * @returns {import("./steps").Step}
 */
function modelsTable({ root, env }) {
  const table = join(root, ".tools", "api-models.json");
  const stamp = join(root, ".tools", "api-models.stamp");
  const wheels = join(root, ".tools", "wheels");
  const scripts = join(root, "tools", "python");
  const requirements = join(scripts, "models-requirements.txt");
  const sources = () => readdirSync(scripts).filter((name) => /^models.*\.(py|txt)$/.test(name));
  const stampText = () =>
    digestOf(
      sources()
        .sort()
        .map((name) => readFileSync(join(scripts, name))),
    );
  return {
    name: "Microsoft's models of Azure's APIs",
    done: async () => existsSync(table) && stampSays(stamp, stampText()),
    needs: async () => ({ lacking: [], megabytes: 30 }),
    run: async (work) => {
      const python = join(root, ".tools", "python", "bin", "python");
      const options = {
        cwd: root,
        env: { ...pythonEnvironment(env), PYTHONDONTWRITEBYTECODE: "1" },
        ...work,
      };
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
      await mustRun("pip download of Microsoft's clients", python, download, options);
      await mustRun("tools/python/models.py", python, [join(scripts, "models.py"), wheels, table], options);
      writeWhole(stamp, stampText());
    },
  };
}

module.exports = { modelsTable };
