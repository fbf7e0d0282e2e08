/** Files that are scored by one call. */
export interface MiniBatch {
  readonly index: number;
  readonly files: readonly string[];
}

/** A mini-batch with how often it was tried in vain. */
export interface Attempt extends MiniBatch {
  /** It raised, or took too long. */
  readonly failures: number;
  /** The process that had it ended. */
  readonly deaths: number;
}

/** How a mini-batch ended, for good. */
export interface Outcome {
  readonly index: number;
  /** Files. */
  readonly succeeded: number;
  readonly failed: number;
  /** Lines of the output. */
  readonly rows: number;
}

/** A process may be killed from outside: that often it is not held against the mini-batch. */
const DEATHS_FORGIVEN = 2;

/** Mini-batches of `size` files, in the files' order. */
export function splitFiles(files: readonly string[], size: number): MiniBatch[] {
  const count = Math.ceil(files.length / size);
  return Array.from({ length: count }, (_, index) => ({
    index,
    files: files.slice(index * size, (index + 1) * size),
  }));
}

/** The mini-batches of a job: each is taken until it has its one outcome. */
export class MiniBatchQueue {
  private readonly waiting: Attempt[];
  private readonly ended = new Map<number, Outcome>();
  private underWay = 0;

  /** @param outcomes of those that ended before a restart */
  constructor(
    private readonly miniBatches: readonly MiniBatch[],
    outcomes: readonly Outcome[],
    private readonly maxRetries: number,
  ) {
    for (const outcome of outcomes) this.ended.set(outcome.index, outcome);
    this.waiting = miniBatches
      .filter(({ index }) => !this.ended.has(index))
      .map((miniBatch) => ({ ...miniBatch, failures: 0, deaths: 0 }));
  }

  /** The next one to try; undefined while there is none. */
  take(): Attempt | undefined {
    const attempt = this.waiting.shift();
    if (attempt !== undefined) this.underWay += 1;
    return attempt;
  }

  end({ index }: Attempt, how: Omit<Outcome, "index">): Outcome {
    const outcome = { index, ...how };
    this.underWay -= 1;
    this.ended.set(index, outcome);
    return outcome;
  }

  /** It comes next again, unless it was tried often enough. @returns how it ended, if it did */
  giveBack(attempt: Attempt, why: "failed" | "died"): Outcome | undefined {
    const failures = attempt.failures + (why === "failed" ? 1 : 0);
    const deaths = attempt.deaths + (why === "died" ? 1 : 0);
    if (failures > this.maxRetries || deaths > Math.max(this.maxRetries, DEATHS_FORGIVEN))
      return this.end(attempt, { succeeded: 0, failed: attempt.files.length, rows: 0 });
    this.underWay -= 1;
    this.waiting.unshift({ ...attempt, failures, deaths });
    return undefined;
  }

  /** Those that wait, in order. */
  get left(): readonly MiniBatch[] {
    return this.waiting;
  }

  /** Whether each has its outcome. */
  get finished(): boolean {
    return this.waiting.length === 0 && this.underWay === 0;
  }

  get counts(): {
    readonly total: number;
    readonly succeeded: number;
    readonly failed: number;
    rows: number;
  } {
    const sum = (of: (outcome: Outcome) => number): number =>
      [...this.ended.values()].reduce((total, outcome) => total + of(outcome), 0);
    return {
      total: this.miniBatches.reduce((total, { files }) => total + files.length, 0),
      succeeded: sum(({ succeeded }) => succeeded),
      failed: sum(({ failed }) => failed),
      rows: sum(({ rows }) => rows),
    };
  }
}
