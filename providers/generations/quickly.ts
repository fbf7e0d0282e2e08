import { setTimeout as wait } from "node:timers/promises";

/** Milliseconds that a preview looks at what is live. */
const READ_TIME = 5_000;

/** A read for a preview that has no time. @throws Error where it takes longer; what the read throws */
export async function quickly<T>(read: Promise<T>): Promise<T> {
  const timer = new AbortController();
  const late = wait(READ_TIME, undefined, { signal: timer.signal }).then(() => {
    throw new Error(`no answer in ${READ_TIME / 1000} s`);
  });
  late.catch(() => undefined);
  try {
    return await Promise.race([read, late]);
  } finally {
    timer.abort();
  }
}
