import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { processStart } from "./process-identity";
import type { StatePaths } from "./state";

/** What the engine starts, each in a process group of its own: language hosts, the dynamic-provider process, plugins. */
const startedByEngine =
  /pulumi-language-|[\\/]pulumi[\\/]cmd[\\/](run|dynamic-provider)[\\/]|pulumi-resource-|[\\/]local[\\/]plugins[\\/]/;

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
}

/**
 * Ends what a killed engine of this state folder has left at work. Nothing else does: the program's process asks the dead engine again
 * and again on a whole core, in memory that grows by 10 MB a second, and a provider may finish what nobody waits for.
 */
export async function endLeftBehind(paths: StatePaths): Promise<void> {
  const own = processesWith("PULUMI_HOME", paths.pulumiHome);
  const pids = new Set(own.map(({ pid }) => pid));
  const left = own.filter(({ parent, command }) => startedByEngine.test(command) && !pids.has(parent));
  for (const { pid } of left) killGroup(pid);
  while (left.some(({ pid }) => processStart(pid) !== undefined)) await sleep(20);
}

/** This user's processes that have the variable in their environment. */
function processesWith(name: string, value: string): Process[] {
  const setting = `${name}=${value}`;
  if (!existsSync("/proc/self/environ")) {
    // The environment stands behind the command.
    return execFileSync("ps", ["-axEww", "-o", "pid=,ppid=,command="], {
      encoding: "utf8",
      maxBuffer: 64 * 1024 * 1024,
    })
      .split("\n")
      .filter((line) => `${line} `.includes(` ${setting} `))
      .map((line) => {
        const [pid, parent, ...command] = line.trim().split(/\s+/);
        return { pid: Number(pid), parent: Number(parent), command: command.join(" ") };
      });
  }
  return readdirSync("/proc")
    .filter((entry) => /^\d+$/.test(entry) && read(entry, "environ").split("\0").includes(setting))
    .map((entry) => ({
      pid: Number(entry),
      parent: Number(/^PPid:\s*(\d+)/m.exec(read(entry, "status"))?.[1] ?? 0),
      command: read(entry, "cmdline").replaceAll("\0", " "),
    }));
}

function read(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    // Ended meanwhile, or another user's.
    return "";
  }
}

function killGroup(leader: number): void {
  for (const target of [-leader, leader]) {
    try {
      process.kill(target, "SIGKILL");
    } catch {
      // Gone, or no group's leader.
    }
  }
}
