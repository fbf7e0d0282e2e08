import { mkdirSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { packageRoot } from "../paths";
import { apiReports } from "./api-reports";

/** Writes docs/api/ of the declarations in dist/. */
const folder = join(packageRoot(), "docs", "api");
mkdirSync(folder, { recursive: true });
const reports = apiReports(packageRoot());
for (const [file, text] of reports) writeFileSync(join(folder, file), text);
console.log(`${[...reports.keys()].join(", ")} in ${relative(packageRoot(), folder)}`);
