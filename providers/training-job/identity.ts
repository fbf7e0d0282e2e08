import { createHash } from "node:crypto";
import { digestOf } from "../assets/files";
import { localFiles } from "../jobs/input";
import { generationName } from "../generations/generation";
import { isLiteral } from "./body";
import type { CommandInputs, JobInputs, TrainingFiles, TrainingInputs, TrainingLiteral } from "./types";

/** What decides what a run learns; all else is where, how fast and under which words. */
export const DECISIVE = [
  "workspaceId",
  "command",
  "codeId",
  "environmentId",
  "environmentVariables",
  "inputsDigest",
  "rerun",
] as const satisfies readonly (keyof CommandInputs)[];

/** A job's name: the same for what decides a run, so that a command finds the job of one that was killed. */
export function runName<Inputs extends JobInputs>(
  inputs: Inputs,
  decisive: readonly (keyof Inputs & string)[],
): string {
  return generationName(
    inputs.prefix,
    Object.fromEntries(decisive.map((key) => [key, inputs[key] ?? undefined])),
  );
}

/**
 * What the inputs are, in hexadecimal digits: of files here their content, of an address the address, of a value the value.
 *
 * @throws ProviderError where files are not there
 */
export async function digestOfInputs(inputs: TrainingInputs = {}): Promise<string> {
  const names = Object.keys(inputs).sort();
  const all = await Promise.all(names.map(async (name) => [name, await identityOf(inputs[name] ?? "")]));
  return createHash("sha256").update(JSON.stringify(all)).digest("hex");
}

async function identityOf(value: TrainingLiteral | TrainingFiles): Promise<string> {
  if (isLiteral(value)) return `literal ${value}`;
  const { type, uri, path } = value;
  return `${type} ${path === undefined ? uri : digestOf(await localFiles(path))}`;
}
