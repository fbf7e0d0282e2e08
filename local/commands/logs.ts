import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join, relative, sep } from "node:path";
import type { StatePaths } from "../state";
import { UserError } from "../user-error";

const tailLines = 200;

/** Prints the end of each part's log, or of those whose name holds `part`. */
export function logs(paths: StatePaths, part = ""): number {
  for (const file of chosenLogs(paths, part)) {
    const lines = readFileSync(join(paths.folder, file), "utf8").trimEnd().split("\n").slice(-tailLines);
    process.stdout.write(`==> ${relative(process.cwd(), join(paths.folder, file))}\n${lines.join("\n")}\n\n`);
  }
  return 0;
}

/** Paths in the state folder, sorted. @throws UserError when there is none */
export function chosenLogs(paths: StatePaths, part: string): string[] {
  const files = existsSync(paths.folder)
    ? readdirSync(paths.folder, { recursive: true, encoding: "utf8" }).filter(isLog).sort()
    : [];
  if (files.length === 0) throw new UserError("There are no logs: the local Azure has not run yet.");
  const chosen = files.filter((file) => file.includes(part));
  if (chosen.length === 0)
    throw new UserError(`There is no log with "${part}" in its name. There are: ${files.join(", ")}.`);
  return chosen;
}

/** The parts' own logs (`scoring/ID/log.txt` for each deployment); the engine's are packed, and nothing to read. */
function isLog(file: string): boolean {
  return (
    (file.endsWith(".log") && !file.startsWith(`pulumi${sep}`)) ||
    /^scoring[\\/][^\\/]+[\\/]log\.txt$/.test(file)
  );
}
