import { spawn } from "node:child_process";
import { constants } from "node:os";
import { ProviderError } from "../../providers/clients/errors";
import { readEvents, type Refreshed } from "../../providers/drift/events";

/** Milliseconds between two lines of progress. */
const PROGRESS = 10_000;
/** Of the engine's own words, where it ended without an event: as many characters of their end. */
const TAIL = 2_000;
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

export interface RefreshOptions {
  /** The selected one by default. */
  readonly stack?: string;
  /** The program's folder; this process's by default. */
  readonly cwd?: string;
  /** The stack's file, where it is not beside the others. */
  readonly configFile?: string;
}

/**
 * Runs `pulumi refresh --preview-only` of one stack: everything is read, nothing is changed, neither in Azure nor in the state.
 *
 * @throws ProviderError where the engine isn't there, or did not come to its end
 */
export async function refreshInPreview(
  { stack, cwd, configFile }: RefreshOptions,
  say: (line: string) => void,
): Promise<Refreshed> {
  const args = ["refresh", "--preview-only", "--json", "--non-interactive"];
  const place = [
    ...(stack === undefined ? [] : ["--stack", stack]),
    ...(configFile === undefined ? [] : ["--config-file", configFile]),
  ];
  const child = spawn("pulumi", [...args, ...place], {
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      ...process.env,
      PULUMI_ENABLE_STREAMING_JSON_PREVIEW: "true",
      PULUMI_SKIP_UPDATE_CHECK: "true",
    },
    ...(cwd === undefined ? {} : { cwd }),
  });
  const stop = (signal: NodeJS.Signals): boolean => child.kill(signal);
  for (const signal of SIGNALS) process.once(signal, stop);
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => out.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => err.push(chunk));
  const name = stack ?? "the selected stack";
  say(`${name}: what is there is read`);
  const began = Date.now();
  const progress = setInterval(
    () => say(`${name}: reading since ${Math.round((Date.now() - began) / 1000)} s`),
    PROGRESS,
  );
  try {
    const exitCode = await new Promise<number>((resolve, reject) => {
      child.once("error", (error: NodeJS.ErrnoException) => reject(startFailure(error, cwd)));
      child.once("close", (code, signal) => resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)));
    });
    const refreshed = readEvents(text(out));
    if (exitCode !== 0 || !refreshed.ended || refreshed.errors.length > 0)
      throw new ProviderError({
        what: `\`pulumi refresh --preview-only\` ended with ${exitCode}: ${reasonOf(refreshed, text(err))}`,
        where: name,
        tryThis: "the same by `pulumi` itself, in the program's folder and with its sign-in",
      });
    return refreshed;
  } finally {
    clearInterval(progress);
    for (const signal of SIGNALS) process.off(signal, stop);
  }
}

function text(chunks: readonly Buffer[]): string {
  return Buffer.concat(chunks).toString("utf8");
}

function reasonOf({ errors }: Refreshed, said: string): string {
  return errors.length > 0 ? errors.join("; ") : said.trim().slice(-TAIL) || "without a word";
}

function startFailure(error: NodeJS.ErrnoException, cwd: string | undefined): Error {
  if (error.code !== "ENOENT") return error;
  return new ProviderError({
    what:
      cwd === undefined
        ? "`pulumi` is not on PATH"
        : `\`pulumi\` is not on PATH, or there is no folder ${cwd}`,
    tryThis: "https://www.pulumi.com/docs/install/, or --from with the events of a refresh",
  });
}
