import { expect } from "chai";
import { Command } from "commander";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { program as cli } from "../../cli/main";
import { program as local } from "../../local/main";
import { LAYERS } from "../../tools/commands/layers";
import { commandProblem, commandsIn, type Words } from "../../tools/docs/commands";
import { packageRoot } from "../../tools/paths";
import { documentedCommands } from "../helpers/documented-commands";

/** Why a command of the documentation would not run; what is none of this package's is left alone. */
function problemOf([program, first, ...rest]: Words): string | undefined {
  if (program === "npx" && first === "pulumi-azureml") return commandProblem(cli, rest);
  if (program !== "npm") return undefined;
  if (first === "test") return ofTests(rest);
  if (first !== "run") return undefined;
  const [script = "", ...others] = rest;
  const { scripts } = JSON.parse(readFileSync(join(packageRoot(), "package.json"), "utf8")) as {
    scripts: Record<string, string>;
  };
  if (scripts[script] === undefined) return `package.json has no script ${script}`;
  const given = others.includes("--") ? others.slice(others.indexOf("--") + 1) : [];
  if (script === "local") return commandProblem(local, given);
  if (script === "bench" && given[0] !== undefined)
    return existsSync(join(packageRoot(), "bench", `${given[0]}.ts`)) ? undefined : `no bench ${given[0]}`;
  return undefined;
}

function ofTests([, ...names]: Words): string | undefined {
  const unknown = names.find(
    (name) => !LAYERS.some((layer) => layer.name === name) && !existsSync(join(packageRoot(), name)),
  );
  return unknown === undefined ? undefined : `npm test knows no ${unknown}`;
}

describe("the commands in the documentation", () => {
  it("are ones that this package has, with options that they take", () => {
    const commands = documentedCommands();
    const ours = commands.filter(({ words }) => words[0] === "npx" && words[1] === "pulumi-azureml");
    expect(ours.length).to.be.greaterThan(15);
    const problems = commands.flatMap(({ page, words }) => {
      const problem = problemOf(words);
      return problem === undefined ? [] : [`${page}: ${words.join(" ")}: ${problem}`];
    });
    expect(problems).to.deep.equal([]);
  });

  it("tell every command that this package has", () => {
    const told = documentedCommands().map(({ words }) => words.slice(2).join(" "));
    const names = cli.commands.flatMap((command) =>
      command.commands.length === 0
        ? [command.name()]
        : command.commands.map((each) => `${command.name()} ${each.name()}`),
    );
    expect(names.filter((name) => !told.some((line) => line.startsWith(name)))).to.deep.equal([]);
  });
});

describe("commands of a page", () => {
  const found = (text: string): Words[] => commandsIn(`\`\`\`sh\n${text}\n\`\`\`\n`);

  it("are read through quotes, substitutions, assignments, redirections and comments", () => {
    expect(found('A="b c" one "two three" # four\nfive > six && seven | eight "$(nine ten)"')).to.deep.equal([
      ["one", "two three"],
      ["nine", "ten"],
      ["five"],
      ["seven"],
      ["eight", "$"],
    ]);
  });

  it("are none in blocks of other languages, and in prose those of npm, npx and Pulumi alone", () => {
    expect(commandsIn("```ts\npulumi();\n```\n`pulumi up -s\ndev`, `python x.py`")).to.deep.equal([
      ["pulumi", "up", "-s", "dev"],
    ]);
  });
});

describe("a command line", () => {
  const program = new Command("tool");
  program.command("show").argument("<what>").option("--json").option("--as <form>").option("--of <names...>");
  program.command("run").argument("<command...>");
  const problem = (line: string): string | undefined => commandProblem(program, line.split(" "));

  it("is taken as the program takes it", () => {
    for (const line of [
      "show it --json",
      "show --as=text it",
      "show it --of a b --json",
      "run x --json",
      "show",
      "…",
    ])
      expect(problem(line), line).to.equal(undefined);
  });

  for (const [line, said] of [
    ["hide it", "tool has no command hide"],
    ["show it --xml", "show has no option --xml"],
    ["show it --as", "--as takes a value"],
    ["show it now", "show takes at most 1 arguments, not 2"],
    ["show --json", "show takes at least 1 arguments, not 0"],
  ] as const)
    it(`is told where it is not: ${line}`, () => expect(problem(line)).to.equal(said));
});
