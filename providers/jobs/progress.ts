import type { Job } from "../clients/jobs";
import type { RunHistory } from "../clients/run-history";
import { lastLines, logsOf, readLog } from "./failure";

/** Milliseconds that a look at a log may take: the next look finds more. */
const TIME = 10_000;
/** Characters of a line that are shown. */
const LENGTH = 200;

/**
 * The last line that a running job has written into its most telling log.
 *
 * @param openLog reads a log by its address
 * @returns undefined where there is none yet, or it can't be read from here
 */
export async function lastLogLine(
  history: RunHistory,
  { name }: Pick<Job, "name">,
  openLog: (url: string) => Promise<string> = async (url) => await readLog(url, TIME),
): Promise<string | undefined> {
  try {
    const [url] = logsOf([await history.details(name)]);
    return url === undefined
      ? undefined
      : lastLines(await openLog(url))
          .at(-1)
          ?.trim()
          .slice(0, LENGTH);
  } catch {
    return undefined;
  }
}
