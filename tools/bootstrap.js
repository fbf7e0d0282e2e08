// @ts-check
"use strict";
/*
 * The first thing that runs on a machine: sets up what the command needs and is not there yet, then runs the command. It and `tools/setup`
 * stand on nothing but Node itself.
 */
const oldNode = Number(process.versions.node.split(".")[0]) < 16;
if (oldNode) {
  console.error(
    "Node 20.19 or newer is needed (found: " +
      process.versions.node +
      "): install it from https://nodejs.org.",
  );
  process.exit(1);
}

const { join } = require("node:path");
const { Problem, describe } = require("./setup/problem");
const { endChildrenOnSignals, inFront, isEnding } = require("./setup/run");
const { setUp } = require("./setup/steps");

const machine = { root: join(__dirname, ".."), env: process.env };

/**
 * What each command needs, and does. `code` is what types and lint need; `python` adds Python and Microsoft's models, for unit tests; `local` the engine and the example's model;
 * `clients` adds the newest Azure and MLflow clients, which are tried against all that.
 * @type {Record<string, { needs: (args: string[]) => import("./commands/layers").Extent, run: (args: string[]) => Promise<number> }>}
 */
const commands = {
  local: {
    needs: ([first]) =>
      ["status", "down", "logs", "--help", "-h"].includes(String(first)) ? "code" : "local",
    run: (args) =>
      inFront(process.execPath, [join(machine.root, "dist", "local", "main.js"), ...args], {
        cwd: process.cwd(),
        env: machine.env,
      }),
  },
  check: { needs: () => "python", run: () => require("./commands/check").check(machine) },
  test: {
    needs: (args) => require("./commands/layers").needsOf(args),
    run: (args) => require("./commands/test").test(machine, args),
  },
  bench: { needs: () => "clients", run: (args) => require("./commands/bench").bench(machine, args) },
  docs: { needs: () => "code", run: () => require("./commands/docs").docs(machine) },
  api: { needs: () => "code", run: () => require("./commands/api").api(machine) },
  build: { needs: () => "code", run: async () => 0 },
  setup: { needs: () => "local", run: async () => 0 },
};

/**
 * @param {string[]} words
 * @returns {Promise<number>} the exit code
 */
async function main([name = "", ...args]) {
  const command = Object.prototype.hasOwnProperty.call(commands, name) ? commands[name] : undefined;
  if (!command)
    throw new Problem(`usage: node tools/bootstrap.js ${Object.keys(commands).join("|")} [arguments]`);
  await setUp(machine, steps(command.needs(args)));
  await require("./build").build(machine.root);
  return command.run(args);
}

/** @param {import("./commands/layers").Extent} extent */
function steps(extent) {
  const code = [require("./setup/packages").packages(machine)];
  const python = require("./setup/python").pythonSide(machine);
  const models = require("./setup/models").modelsTable(machine);
  if (extent === "code") return [code];
  if (extent === "python") return [code, [python, models]];
  const local = [
    code,
    [python, models, require("./setup/example-model").exampleModel(machine)],
    [require("./setup/engine").engine(machine)],
  ];
  return extent === "local" ? local : [...local, [require("./setup/python").pythonClients(machine)]];
}

endChildrenOnSignals();
main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error) => {
    if (isEnding()) return;
    console.error(describe(error));
    process.exitCode = 1;
  },
);
