import { mkdtempSync } from "node:fs";
import { join } from "node:path";
import { readIfThere } from "../../local/files";
import { packageRoot } from "../../tools/paths";
import { startDynamicProvider, type DynamicProvider } from "./dynamic-provider";

export interface Watching {
  /** The process is killed at the `count`th line (the first by default) that matches: `sent PUT host/path`, `201 PUT host/path`. */
  readonly killAt?: { readonly line: string; readonly count?: number };
  /** How much faster its timers run. */
  readonly speed?: number;
}

/** A provider's process whose requests are seen. */
export interface WatchedProvider extends DynamicProvider {
  /** What it sent and what was answered so far, in order. */
  lines(): readonly string[];
}

/** @param folder where what it notes is kept */
export async function startWatchedProvider(
  environment: NodeJS.ProcessEnv,
  folder: string,
  { killAt, speed = 1 }: Watching = {},
): Promise<WatchedProvider> {
  const file = join(mkdtempSync(join(folder, "watched-")), "requests");
  const preload = join(packageRoot(), "test", "helpers", "watched-process.ts");
  const provider = await startDynamicProvider({
    ...environment,
    NODE_OPTIONS: `--require ts-node/register/transpile-only --require ${preload}`,
    WATCHED_FILE: file,
    WATCHED_SPEED: String(speed),
    ...(killAt === undefined
      ? {}
      : { WATCHED_KILL_AT: killAt.line, WATCHED_KILL_COUNT: String(killAt.count ?? 1) }),
  });
  return {
    ...provider,
    lines: () => (readIfThere(file) ?? "").split("\n").filter((line) => line !== ""),
  };
}
