import { createHash } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { extname, join } from "node:path";
import { packageRoot } from "../tools/paths";

const code = new Set([".js", ".ts", ".py"]);

/** Digest of the code that the local Azure runs: another one means that a running one is out of date. */
export function buildDigest(): string {
  const hash = createHash("sha256");
  for (const folder of [__dirname, join(packageRoot(), "local")]) {
    for (const file of readdirSync(folder, { recursive: true, encoding: "utf8" }).sort()) {
      if (code.has(extname(file)) && !file.endsWith(".d.ts"))
        hash.update(file).update(readFileSync(join(folder, file)));
    }
  }
  return hash.digest("hex").slice(0, 16);
}
