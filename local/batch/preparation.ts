import { existsSync } from "node:fs";
import pLimit from "p-limit";
import { blobsAt, downloadBlob, fileFor } from "../blobs/transfer";
import { told, type JobBlobs } from "../jobs/blob-place";
import { JobFailed } from "../jobs/job-failed";
import type { BatchJobSpec } from "./job";
import type { JobFolder } from "./job-folder";

const AT_ONCE = 8;

/**
 * The input's files by their paths, in order, as they were when the job first looked. What is nested in folders is left out for a
 * model that is scored without a script.
 */
export async function inputFiles(
  spec: BatchJobSpec,
  folder: JobFolder,
  blobs: JobBlobs,
): Promise<readonly string[]> {
  const known = folder.files;
  if (known !== undefined) return known;
  const { input } = spec;
  const found = await blobsAt(blobs.containerClient(input.account, input.container), input.prefix);
  const one = input.kind === "uri_file";
  const paths = found.filter(({ name }) => (name === input.prefix) === one).map(({ path }) => path);
  const nested = spec.code === undefined ? paths.filter((path) => path.includes("/")) : [];
  if (nested.length > 0)
    folder.log.write(
      `${nested.length} files in nested folders are left out, as Azure ML does for an MLflow model without a scoring script`,
    );
  const files = paths.filter((path) => !nested.includes(path)).sort();
  if (files.length === 0)
    throw new JobFailed(
      "UserError",
      `The input has no files to score: ${paths.length === 0 ? "nothing" : "only nested folders"} at ${told(input)}.`,
    );
  await refuseOldOutput(spec, blobs);
  folder.saveFiles(files);
  return files;
}

/** Where the job finds its files: each is fetched once, few at a time, in their order. */
export function fetchInput(
  { input }: BatchJobSpec,
  folder: JobFolder,
  blobs: JobBlobs,
  files: readonly string[],
): { readonly file: (path: string) => Promise<string>; readonly stop: () => void } {
  const container = blobs.containerClient(input.account, input.container);
  const atOnce = pLimit(AT_ONCE);
  const fetched = new Map(
    files.map((path) => {
      const file = fileFor(folder.input, path);
      const fetching = atOnce(async () => {
        if (!existsSync(file)) await downloadBlob(container, blobName(input, path), file);
        return file;
      });
      fetching.catch(() => undefined);
      return [path, fetching] as const;
    }),
  );
  return {
    file: async (path) => await (fetched.get(path) ?? Promise.reject(new Error(`${path} is no file of it.`))),
    stop: () => atOnce.clearQueue(),
  };
}

function blobName({ kind, prefix }: BatchJobSpec["input"], path: string): string {
  if (kind === "uri_file") return prefix;
  return prefix === "" ? path : `${prefix}/${path}`;
}

/** Azure ML leaves a file of that name as it is, and the new lines are nowhere. */
async function refuseOldOutput(spec: BatchJobSpec, blobs: JobBlobs): Promise<void> {
  if (spec.outputAction !== "AppendRow") return;
  const { account, container, prefix } = spec.output;
  const name = prefix === "" ? spec.outputFileName : `${prefix}/${spec.outputFileName}`;
  if (await blobs.containerClient(account, container).getBlobClient(name).exists())
    throw new JobFailed(
      "UserError",
      `The output folder has a ${spec.outputFileName} already, and a batch job doesn't overwrite it (${told({ ...spec.output, prefix: name })}): name an empty folder.`,
    );
}
