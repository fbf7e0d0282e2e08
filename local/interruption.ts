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
