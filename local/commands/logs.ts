import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join, relative } from "node:path";
import type { StatePaths } from "../state";
import { UserError } from "../user-error";

const tailLines = 200;

/** Prints the end of each part's log, or of those whose name holds `part`. */
export function logs(paths: StatePaths, part = ""): number {
  const files = !existsSync(paths.folder)
    ? []
    : readdirSync(paths.folder, { recursive: true, encoding: "utf8" }).filter((file) =>
        file.endsWith(".log"),
      );
  const chosen = files.filter((file) => file.includes(part)).sort();
  if (chosen.length === 0) {
    throw new UserError(
      files.length === 0
        ? "There are no logs: the local Azure has not run yet."
        : `No log is called so. There are: ${files.join(", ")}`,
    );
  }
  for (const file of chosen) {
    const lines = readFileSync(join(paths.folder, file), "utf8").trimEnd().split("\n").slice(-tailLines);
    process.stdout.write(`==> ${relative(process.cwd(), join(paths.folder, file))}\n${lines.join("\n")}\n\n`);
  }
  return 0;
}
