import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { packageRoot } from "../paths";
import { reference, referenceFolder } from "./reference";

/** Writes docs/reference/, and takes out what is of no component. */
async function main(): Promise<void> {
  const pages = await reference();
  mkdirSync(referenceFolder, { recursive: true });
  for (const file of readdirSync(referenceFolder)) if (!pages.has(file)) rmSync(join(referenceFolder, file));
  for (const [file, text] of pages) writeFileSync(join(referenceFolder, file), text);
  console.log(`${pages.size} pages in ${relative(packageRoot(), referenceFolder)}`);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
