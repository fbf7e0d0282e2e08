import execa from "execa";
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { commandsIn, type Words } from "../../tools/docs/commands";
import { packageRoot } from "../../tools/paths";

const GROUPS: ReadonlySet<string> = new Set(["config", "plugin", "policy", "stack", "state"]);

/** The README, the guides and the examples' READMEs. */
export function documentedPages(): readonly string[] {
  const root = packageRoot();
  const below = (folder: string): string[] =>
    readdirSync(join(root, folder)).map((name) => join(root, folder, name));
  const guides = below("docs").filter((path) => path.endsWith(".md"));
  const examples = readdirSync(join(root, "examples"), { recursive: true, encoding: "utf8" })
    .filter((path) => /(^|\/)README\.md$/.test(path) && !path.includes("node_modules"))
    .map((path) => join(root, "examples", path));
  return [join(root, "README.md"), ...guides, ...examples];
}

/** Every command that the documentation tells, with the page that does. */
export function documentedCommands(): readonly { readonly page: string; readonly words: Words }[] {
  return documentedPages().flatMap((path) =>
    commandsIn(readFileSync(path, "utf8")).map((words) => ({ page: relative(packageRoot(), path), words })),
  );
}

/** Pulumi's commands among them, `stack output` for instance, with every option that is told of each. */
export function pulumiCommands(): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  for (const { words } of documentedCommands()) {
    const [program, first = "", second = ""] = words;
    if (program !== "pulumi" || !/^[a-z]/.test(first)) continue;
    const command = GROUPS.has(first) && /^[a-z]/.test(second) ? `${first} ${second}` : first;
    const options = found.get(command) ?? new Set();
    for (const word of words) if (word.startsWith("-")) options.add(word.split("=")[0] ?? word);
    found.set(command, options);
  }
  return found;
}

/** What the engine says of one of its commands: `--help`. An unknown one is told by its parent's page, and refused here. */
export async function helpOfPulumi(pulumi: string, command: string): Promise<string> {
  const words = command.split(" ");
  // Some flags are Pulumi's under that variable alone; a page that tells one says so.
  const { stdout } = await execa(pulumi, [...words, "--help"], { env: { PULUMI_DEBUG_COMMANDS: "true" } });
  const [, usage = ""] = /^Usage:\n +pulumi ([a-z -]*[a-z])/m.exec(stdout) ?? [];
  const [, aliases = ""] = /^Aliases:\n +(.*)$/m.exec(stdout) ?? [];
  const [name, ...parents] = [...words].reverse();
  const [own = "", ...theirs] = usage.split(" ").reverse();
  const known = theirs.length === parents.length && [own, ...aliases.split(", ")].includes(name ?? "");
  if (!known) throw new Error(`pulumi has no command ${command}`);
  return stdout;
}

/** The options that a page of Pulumi's help lists, short and long. */
export function optionsOf(help: string): readonly string[] {
  return [...help.matchAll(/^ +(?:(-\w), +)?(--[\w-]+)/gm)].flatMap(([, short, long]) => [
    ...(short === undefined ? [] : [short]),
    long ?? "",
  ]);
}
