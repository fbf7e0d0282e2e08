import execa from "execa";
import { cpSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { exampleModelFolder, python } from "../../tools/paths";
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

/** As `changedExample`, with a model that answers 1 whatever it is asked, or fails whatever it is asked. */
export async function badExample(
  azure: LocalAzure,
  name: string,
  how: "answers wrongly" | "fails",
): Promise<string> {
  const folder = changedExample(azure, name);
  await execa(python, ["-c", how === "fails" ? neverFitted : alwaysOne, join(folder, "model.pkl")]);
  return folder;
}

const alwaysOne = `
import pickle, sys
from sklearn.dummy import DummyClassifier
model = DummyClassifier(strategy="constant", constant=1).fit([[0]], [1])
pickle.dump(model, open(sys.argv[1], "wb"))
`;

const neverFitted = `
import pickle, sys
from sklearn.dummy import DummyClassifier
pickle.dump(DummyClassifier(), open(sys.argv[1], "wb"))
`;
