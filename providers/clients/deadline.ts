import { setTimeout as wait } from "node:timers/promises";

/** The time that an operation may take, and the clock that it waits by. */
export interface Deadline {
  /** Waits that long; false, at once, where that would pass the deadline. */
  sleep(milliseconds: number): Promise<boolean>;
  /** How long the operation may take altogether, in words. */
  readonly allowance: string;
}

/** A deadline that many minutes from now. */
export function deadlineIn(minutes: number): Deadline {
  const end = Date.now() + minutes * 60_000;
  return {
    allowance: `${minutes} minutes`,
    async sleep(milliseconds) {
      if (Date.now() + milliseconds > end) return false;
      await wait(milliseconds);
      return true;
    },
  };
}
