import { readdirSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../../tools/paths";

/** What the files of a folder export, in the order of the files' names. */
export function exportsOf(folder: string): readonly unknown[] {
  const path = join(packageRoot(), folder);
  return readdirSync(path)
    .filter((file) => file.endsWith(".ts"))
    .sort()
    .flatMap((file) => {
      // eslint-disable-next-line @typescript-eslint/no-require-imports -- the files are found, not listed
      const exported: Readonly<Record<string, unknown>> = require(join(path, file));
      return Object.values(exported);
    });
}

/** What the files of a folder under `test/` export with `cases` in it. */
export function casesIn<T extends { readonly cases: readonly unknown[] }>(folder: string): readonly T[] {
  return exportsOf(join("test", folder)).filter(
    (value): value is T => typeof value === "object" && value !== null && "cases" in value,
  );
}
