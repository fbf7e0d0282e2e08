/** Shorter than this no pause is, however fast the local Azure's time runs. */
const LEAST = 250;

/**
 * Looks again and again, never twice at once.
 *
 * @param every milliseconds of the local Azure's time from one look to the next
 * @param speed how many times faster than the machine's that time runs
 * @returns ends it, when the look that is under way is over
 */
export function repeat(look: () => Promise<void>, every: number, speed: number): () => Promise<void> {
  let under = Promise.resolve();
  let idle = true;
  const timer = setInterval(
    () => {
      if (!idle) return;
      idle = false;
      under = look().finally(() => (idle = true));
    },
    Math.max(LEAST, every / speed),
  );
  return async () => {
    clearInterval(timer);
    await under;
  };
}
