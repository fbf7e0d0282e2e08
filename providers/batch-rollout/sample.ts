import { createHash } from "node:crypto";
import { readdirSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Stores } from "../jobs/score";
import { identityOf, submittedInput } from "../jobs/input";
import type { BatchInput } from "../clients/batch-jobs";
import type { Expectation, Separator } from "./expectation";
import { isLocal } from "./local-input";

/** The job that proves a generation. */
export interface Proof extends Expectation {
  /** Address of data, ARM id of a data asset's version, or a path of this machine. */
  readonly input: string;
  /** What the address leads to. */
  readonly inputType: BatchInput["kind"];
  readonly separator: Separator;
  /** The file that the lines are in; undefined where the script writes files of its own, and the job's good end is the proof. */
  readonly outputFileName?: string;
}

/** The sample as it is now, and what of the proof makes another job of it. */
export interface Sample {
  readonly digest: string;
  /** Puts the sample where jobs can read it; what is there already is not sent again. */
  place(): Promise<BatchInput>;
}

/** @throws ProviderError where there is no such file or folder */
export async function openSample(
  stores: Stores,
  workspaceId: string,
  { input, inputType, ...expectation }: Proof,
  say: (line: string) => void,
): Promise<Sample> {
  const files = isLocal(input) ? { path: input } : { uri: input, type: inputType };
  const text = JSON.stringify([await identityOf(files), expectation]);
  return {
    digest: createHash("sha256").update(text).digest("hex"),
    place: async () => await submittedInput(stores, workspaceId, files, say),
  };
}

/** How many files a path of this machine has; undefined where they are elsewhere, or can't be read. */
export function fileCount(input: string): number | undefined {
  if (!isLocal(input)) return undefined;
  try {
    const source = resolve(input);
    if (!statSync(source).isDirectory()) return 1;
    return readdirSync(source, { recursive: true, encoding: "utf8" }).filter((path) =>
      statSync(join(source, path)).isFile(),
    ).length;
  } catch {
    return undefined;
  }
}
