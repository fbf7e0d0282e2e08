import { join } from "node:path";
import type { OnlineDeploymentSpec } from "../arm/effects";
import { readIfThere, writeWhole } from "../files";

/** What a deployment serves, kept in its folder: ARM has only what was last asked for, which may have failed. */
export function keepServed(folder: string, spec: OnlineDeploymentSpec): void {
  writeWhole(fileIn(folder), JSON.stringify(spec), 0o600);
}

/** Undefined where it never served. */
export function servedIn(folder: string): OnlineDeploymentSpec | undefined {
  const text = readIfThere(fileIn(folder));
  return text === undefined ? undefined : (JSON.parse(text) as OnlineDeploymentSpec);
}

const fileIn = (folder: string): string => join(folder, "served.json");
