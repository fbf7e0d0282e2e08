import { Budget } from "../assets/budget";
import { type AssetFile, digestOf } from "../assets/files";
import { Reading, type SentFile } from "../assets/reading";
import { BLOCK } from "../assets/send";
import { ProviderError } from "../clients/errors";

/** MLflow's server starts with four workers unless told otherwise. */
const AT_ONCE = { requests: 8, bytes: 4 * BLOCK };

/**
 * Sends the files that are not there as they should be, several at once, and compares the list of what is there afterwards.
 *
 * @param proceed throws where no more is to be sent
 * @returns the digest of what is there now
 * @throws ProviderError where a file is not there as it was sent
 */
export async function sendMissing(
  files: readonly AssetFile[],
  proceed: () => void,
  list: () => Promise<readonly AssetFile[]>,
  send: (file: AssetFile) => Promise<SentFile>,
): Promise<string> {
  const there = new Map((await list()).map((file) => [file.path, file]));
  const budget = new Budget(AT_ONCE);
  const stopped = new AbortController();
  const bring = async (file: AssetFile): Promise<SentFile> =>
    await budget.spend(Math.min(file.length, BLOCK), async () => {
      stopped.signal.throwIfAborted();
      proceed();
      return (await sameAs(file, there.get(file.path))) ?? (await send(file));
    });
  // Nothing is on its way any more when this ends, well or not.
  const sent = await Promise.all(
    files.map(async (file) => await bring(file).catch((error: unknown) => stopped.abort(error))),
  );
  stopped.signal.throwIfAborted();
  const after = new Map((await list()).map(({ path, length }) => [path, length]));
  const lacking = files.filter(({ path, length }) => after.get(path) !== length);
  const surplus = after.size - files.length + lacking.length;
  if (lacking.length > 0 || surplus > 0)
    throw new ProviderError({
      what:
        lacking.length > 0
          ? `${lacking.length} of ${files.length} files are not there as they were sent, ${lacking[0]?.path} for instance`
          : "there are files that nobody sent",
      tryThis: "the same command again: it sends what is missing",
    });
  return digestOf(sent.filter((file) => file !== undefined));
}

/** What is read of the file that is there, where it has the right bytes; where nobody knows those, the right length. */
async function sameAs(file: AssetFile, there: AssetFile | undefined): Promise<SentFile | undefined> {
  if (there?.length !== file.length) return undefined;
  const reading = new Reading({ ...there, ...(file.sha256 === undefined ? {} : { sha256: file.sha256 }) });
  try {
    for await (const chunk of reading) void chunk;
    return reading.sent();
  } catch (error) {
    if (error instanceof ProviderError) return undefined;
    throw error;
  }
}
