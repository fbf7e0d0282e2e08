import type { Command, Option } from "commander";

/** One command of a shell, as its words; quotes are gone, and what a substitution gives is `$`. */
export type Words = readonly string[];

/** The commands that Markdown has in its blocks of `sh`, and inline those of npm, npx and Pulumi; without what is assigned before them. */
export function commandsIn(markdown: string): Words[] {
  const blocks = [...markdown.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, text = ""]) => text);
  const prose = markdown.replace(/^```[\s\S]*?^```$/gm, "");
  const inline = [...prose.matchAll(/`((?:npx pulumi-azureml|npm (?:run|test)|pulumi) [a-z-][^`]*)`/g)].map(
    ([, text = ""]) => text.replaceAll(/\s+/g, " "),
  );
  return [...blocks.flatMap((block) => block.replaceAll("\\\n", " ").split("\n")), ...inline].flatMap(
    simpleCommands,
  );
}

/** Why a command line would be refused as unknown: a command, an option, a choice, or how many arguments. `…` stands for any more. */
export function commandProblem(program: Command, words: Words): string | undefined {
  const rest = [...words];
  let command = program;
  for (let next; (next = command.commands.find((each) => each.name() === rest[0])); rest.shift())
    command = next;
  const named = command.name();
  if (command.commands.length > 0 && rest[0] !== undefined && !/^(-|…$)/.test(rest[0]))
    return `${named} has no command ${rest[0]}`;
  const given = rest.length;
  let positional = 0;
  for (let word; (word = rest.shift()) !== undefined;) {
    if (word === "…") return undefined;
    if (!word.startsWith("-")) {
      positional += 1;
      // What it runs has options of its own.
      if (command.registeredArguments[0]?.name() === "command") return undefined;
      continue;
    }
    const problem = takeOption(command, word, rest);
    if (problem !== undefined) return problem;
  }
  const least = command.registeredArguments.filter((each) => each.required).length;
  const most = command.registeredArguments.some((each) => each.variadic)
    ? Infinity
    : command.registeredArguments.length;
  // Prose may name a command without all that it takes.
  if (given > 0 && positional < least) return `${named} takes at least ${least} arguments, not ${positional}`;
  return positional > most ? `${named} takes at most ${most} arguments, not ${positional}` : undefined;
}

function takeOption(command: Command, word: string, rest: string[]): string | undefined {
  const [name = "", value] = word.split("=", 2);
  if (name === "--help") return undefined;
  const option = command.options.find(({ long, short }) => long === name || short === name);
  if (option === undefined) return `${command.name()} has no option ${name}`;
  if (!option.required) return undefined;
  const values = value === undefined ? valuesOf(option, rest) : [value];
  if (values.length === 0) return `${name} takes a value`;
  const { argChoices } = option;
  const other = argChoices && values.find((each) => !argChoices.includes(each));
  return other === undefined ? undefined : `${name} is none of its choices: ${other}`;
}

function valuesOf(option: Option, rest: string[]): string[] {
  const end = rest.findIndex((word) => word.startsWith("-"));
  const free = end < 0 ? rest.length : end;
  return rest.splice(0, option.variadic ? free : Math.min(free, 1));
}

function simpleCommands(line: string): Words[] {
  const found: Words[] = [];
  let text = line.replace(/(^|\s)#.*$/, "");
  for (let inner; (inner = /\$\(([^()]*)\)/.exec(text));) {
    found.push(...simpleCommands(inner[1] ?? ""));
    text = text.replace(inner[0], () => "$");
  }
  let words: string[] = [];
  const end = (): void => {
    while (/^[A-Za-z_]\w*=/.test(words[0] ?? "")) words.shift();
    if (words.length > 0) found.push(words);
    words = [];
  };
  let redirected = false;
  for (const [, word, operator] of text.matchAll(
    /((?:"(?:\\.|[^"\\])*"|'[^']*'|[^\s"'|&;<>])+)|(&&|\|\|?|;|>>?|<)/g,
  )) {
    if (operator !== undefined) {
      redirected = /[<>]/.test(operator);
      if (!redirected) end();
    } else {
      if (!redirected) words.push((word ?? "").replaceAll(/["']/g, ""));
      redirected = false;
    }
  }
  end();
  return found;
}
