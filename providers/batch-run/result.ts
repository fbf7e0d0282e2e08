import { filesAt, linesOf, type ScoredFile, type Stores } from "../jobs/score";
import type { Job } from "../clients/jobs";
import { present } from "../inputs";
import { filesOf } from "../jobs/input";
import type { BatchRunFiles, BatchRunResult, SubmittedRun } from "./types";

/** What the predictions in one file tell. */
export interface Predictions {
  readonly rows: number;
  /** Files that have a row at least; undefined where rows do not say what file they are of. */
  readonly succeeded?: number;
}

/**
 * What a job that has completed left in its folder.
 *
 * @throws ProviderError where the output can't be read
 */
export async function resultOf(
  stores: Stores,
  workspaceId: string,
  { jobInput, jobOutputUri, predictions }: SubmittedRun,
  { status }: Pick<Job, "status">,
): Promise<BatchRunResult> {
  if (status !== "Completed") return { status, outputUris: [], files: {} };
  const output = await filesAt(stores, workspaceId, jobOutputUri);
  const appended = output.find(({ path }) => path === predictions?.name);
  const told = appended && (await countPredictions(linesOf(appended), predictions?.named === true));
  // An address that jobs may read is not always one that who runs this command may list.
  const input = await filesOf(stores, workspaceId, jobInput).catch((): readonly ScoredFile[] => []);
  return present({
    status,
    outputUris: output.map(({ path }) => `${jobOutputUri}${path}`),
    files: fileCounts(input.length === 0 ? undefined : input.length, told?.succeeded),
    rows: told?.rows,
  });
}

/** @param total undefined where the input can't be listed */
export function fileCounts(total: number | undefined, succeeded: number | undefined): BatchRunFiles {
  return present({
    total,
    succeeded,
    failed: total === undefined || succeeded === undefined ? undefined : Math.max(0, total - succeeded),
  });
}

/** @param named whether each row ends in the name of its file, as where a model's own flavor scores */
export async function countPredictions(lines: AsyncIterable<string>, named: boolean): Promise<Predictions> {
  const files = new Set<string>();
  let [rows, record] = [0, ""];
  for await (const line of lines) {
    record = record === "" ? line : `${record}\n${line}`;
    // What is quoted may have ends of lines in it.
    if (named && !isWhole(record)) continue;
    rows += 1;
    if (named) files.add(lastField(record));
    record = "";
  }
  return { rows, ...(named ? { succeeded: files.size } : {}) };
}

function isWhole(record: string): boolean {
  return ((record.match(/"/g)?.length ?? 0) & 1) === 0;
}

function lastField(record: string): string {
  const [, quoted, plain] = /(?:^|,)(?:"((?:[^"]|"")*)"|([^,"]*))$/.exec(record) ?? [];
  return quoted ?? plain ?? record;
}
