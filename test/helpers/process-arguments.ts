import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { leaksIn, type Planted } from "./leaks";

const EACH_MS = 50;

/** Looks at the arguments of every process of the machine while the work goes on; gives the leaks in them, each once. */
export async function leaksInArgumentsDuring(
  planted: Planted,
  work: () => Promise<unknown>,
): Promise<string[]> {
  const found = new Set<string>();
  let working = true;
  const looking = (async () => {
    while (working) {
      for (const line of argumentLines()) for (const leak of leaksIn(line, planted)) found.add(leak);
      await sleep(EACH_MS);
    }
  })();
  try {
    await work();
  } finally {
    working = false;
    await looking;
  }
  return [...found];
}

function argumentLines(): string[] {
  if (!existsSync("/proc/self/cmdline")) return [execFileSync("ps", ["-Aww", "-o", "args="]).toString()];
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        return [readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ")];
      } catch {
        // Ended meanwhile.
        return [];
      }
    });
}
