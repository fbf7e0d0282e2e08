import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { packageRoot } from "../tools/paths";

/**
 * When the process started, in the system's own words; undefined when there is no such process. Together with the pid it names one
 * process for good: pids are used again.
 */
export const { processStart } = createRequire(__filename)(
  // Set-up's own, in plain JavaScript, which the build does not copy.
  join(packageRoot(), "tools", "setup", "processes.js"),
) as { processStart(pid: number): string | undefined };

/** What the process runs; undefined when there is no such process. */
export function processName(pid: number): string | undefined {
  try {
    if (existsSync("/proc/self/comm"))
      return processStart(pid) && readFileSync(`/proc/${pid}/comm`, "utf8").trim();
    return execFileSync("ps", ["-o", "comm=", "-p", String(pid)], { encoding: "utf8" }).trim() || undefined;
  } catch {
    return undefined;
  }
}
