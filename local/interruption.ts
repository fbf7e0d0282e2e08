import { constants } from "node:os";

/** Ctrl-C reaches the child too, which ends in its own orderly way: this process waits for that instead of ending at once. */
export async function withoutInterruption<T>(work: () => Promise<T>): Promise<T> {
  const wait = (): void => undefined;
  process.on("SIGINT", wait);
  try {
    return await work();
  } finally {
    process.off("SIGINT", wait);
  }
}

/**
 * What a shell makes of how a command ended: a child that a signal ended has no exit code, and this process must not end with 0 for it.
 * Ctrl-C ends the engine so as long as it has not yet set up its own orderly way.
 */
export function exitCodeOf(ended: { readonly exitCode?: number; readonly signal?: string }): number {
  return ended.exitCode ?? 128 + (constants.signals[ended.signal as NodeJS.Signals] ?? 0);
}
