import { existsSync, mkdirSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { copyIn, copyPlace, uploadTo, type JobBlobs } from "../jobs/blob-place";
import type { ArtifactFolder } from "./artifact-upload";
import type { Bindings } from "./bindings";
import type { CommandJobSpec, JobOutput } from "./job";
import type { JobFolder } from "./job-folder";

const OWN = ["outputs", "logs"];

/** Copies the job's code and inputs here. @returns the folder that the command runs in @throws JobFailed for files that aren't there */
export async function fetchFiles(spec: CommandJobSpec, folder: JobFolder, blobs: JobBlobs): Promise<string> {
  for (const [name, input] of Object.entries(spec.inputs)) {
    if (input.kind === "files")
      await copyPlace(blobs, input.place, folder.input(name), `The input '${name}'`);
  }
  const empty = join(folder.code, "empty");
  if (spec.code === undefined) mkdirSync(empty, { recursive: true });
  const code = spec.code === undefined ? empty : await copyPlace(blobs, spec.code, folder.code, "The code");
  for (const own of OWN) mkdirSync(join(code, own), { recursive: true });
  return code;
}

/** What the command finds in the place of each binding. */
export function bindingsOf({ inputs, outputs }: CommandJobSpec, folder: JobFolder): Bindings {
  return {
    inputs: Object.fromEntries(
      Object.entries(inputs).map(([name, input]) => [
        name,
        input.kind === "text" ? input.text : copyIn(folder.input(name), input.place),
      ]),
    ),
    outputs: Object.fromEntries(
      Object.entries(outputs).map(([name, output]) => [
        name,
        output.direct ? output.uri : outputPath(folder, name, output),
      ]),
    ),
  };
}

/** Makes the folders that the command writes its outputs into; a file's own is its folder. */
export function makeOutputs({ outputs }: CommandJobSpec, folder: JobFolder): void {
  for (const [name, output] of Object.entries(outputs)) {
    const path = outputPath(folder, name, output);
    mkdirSync(output.type === "uri_file" ? dirname(path) : path, { recursive: true });
  }
}

/** Puts what the command left where it belongs: outputs, and the run's own `outputs` and `logs`. */
export async function uploadOutputs(
  spec: CommandJobSpec,
  folder: JobFolder,
  blobs: JobBlobs,
  workingFolder: string,
): Promise<void> {
  for (const [name, output] of Object.entries(spec.outputs)) {
    const path = outputPath(folder, name, output);
    if (output.direct || !existsSync(path)) continue;
    if (statSync(path).isDirectory()) await uploadTo(blobs, output.place, path);
    else await uploadFile(blobs, output, path);
  }
  for (const { folder: own, place } of ownFolders(spec, workingFolder))
    if (existsSync(own)) await uploadTo(blobs, place, own);
}

/** The folders in which what a command writes becomes artifacts of its run. */
export function ownFolders(
  { artifacts }: Pick<CommandJobSpec, "artifacts">,
  workingFolder: string,
): ArtifactFolder[] {
  return OWN.map((name) => ({
    folder: join(workingFolder, name),
    place: { ...artifacts, prefix: `${artifacts.prefix}/${name}` },
  }));
}

function outputPath(folder: JobFolder, name: string, { type, place }: JobOutput): string {
  return type === "uri_file"
    ? join(folder.outputs, name, basename(place.prefix))
    : join(folder.outputs, name);
}

async function uploadFile(blobs: JobBlobs, { place }: JobOutput, file: string): Promise<void> {
  const container = blobs.containerClient(place.account, place.container);
  await container.createIfNotExists();
  await container.getBlockBlobClient(place.prefix).uploadFile(file);
}
