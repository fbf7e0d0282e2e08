import pLimit from "p-limit";
import { reasonOf, unknown, type Finding } from "./finding";

/** Seconds that one check may take. */
const SECONDS = 20;
const AT_A_TIME = 6;

/** One subject, which is found out by itself. */
export interface Check {
  readonly name: string;
  find(): Promise<readonly Finding[]>;
}

export interface ExamineOptions {
  /** Of each check; 20 by default. */
  readonly seconds?: number;
  /** One line of progress. */
  readonly say: (line: string) => void;
}

/** Makes the checks side by side. One that fails, or has not ended in its time, is a finding of its own and hides no other. */
export async function examine(
  checks: readonly Check[],
  { seconds = SECONDS, say }: ExamineOptions,
): Promise<Finding[]> {
  const limit = pLimit(AT_A_TIME);
  let ended = 0;
  const found = await Promise.all(
    checks.map(({ name, find }) =>
      limit(async () => {
        const findings = await inTime(name, find, seconds);
        say(`${++ended} of ${checks.length}: ${name}`);
        return findings;
      }),
    ),
  );
  return found.flat();
}

async function inTime(name: string, find: Check["find"], seconds: number): Promise<readonly Finding[]> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<readonly Finding[]>((resolve) => {
    timer = setTimeout(
      () => resolve([unknown(name, `nothing has come of it within ${seconds} s`, "the same command again")]),
      seconds * 1000,
    );
  });
  try {
    return await Promise.race([find(), late]);
  } catch (error) {
    return [unknown(name, reasonOf(error))];
  } finally {
    clearTimeout(timer);
  }
}
