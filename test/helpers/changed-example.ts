import { cpSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { exampleModelFolder } from "../../tools/paths";
import type { LocalAzure } from "./local-azure";

/**
 * The example's model, changed so that it is another one with the same answers.
 *
 * @returns its folder, which goes with the local Azure's
 */
export function changedExample(azure: LocalAzure, name: string): string {
  const folder = join(azure.paths.folder, name);
  cpSync(exampleModelFolder, folder, { recursive: true });
  writeFileSync(join(folder, "notes.txt"), `${name}\n`);
  return folder;
}
