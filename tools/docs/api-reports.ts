import { Extractor, ExtractorConfig, type IConfigFile } from "@microsoft/api-extractor";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The entries of the package whose types its users see: each a folder of `dist`. */
const ENTRIES = ["components", "policies"] as const;

/**
 * Every name and type that the package's users can see, as text: `npm run api` keeps it in `docs/api`, so that a change of it is seen in a review.
 *
 * @param folder the package with its declarations, packed and installed or `npm run api`'s
 * @returns the text of each entry's file, by the file's name
 */
export function apiReports(folder: string): ReadonlyMap<string, string> {
  const temporary = mkdtempSync(join(tmpdir(), "pulumi-azureml-api-"));
  try {
    return new Map(ENTRIES.map((entry) => [`${entry}.api.md`, report(folder, entry, temporary)]));
  } finally {
    rmSync(temporary, { recursive: true });
  }
}

function report(folder: string, entry: string, temporary: string): string {
  const reportFolder = join(temporary, "reports");
  mkdirSync(reportFolder, { recursive: true });
  const config = ExtractorConfig.prepare({
    configObject: configOf(folder, entry, reportFolder, temporary),
    configObjectFullPath: undefined,
    packageJsonFullPath: join(folder, "package.json"),
  });
  const errors: string[] = [];
  const { succeeded } = Extractor.invoke(config, {
    localBuild: true,
    messageCallback: (message) => {
      message.handled = true;
      if (message.category === "Compiler") errors.push(message.text);
    },
  });
  if (!succeeded || errors.length > 0)
    throw new Error(`The declarations of ${entry} can't be read: ${errors.slice(0, 5).join("; ")}`);
  return readFileSync(join(reportFolder, `${entry}.api.md`), "utf8");
}

function configOf(folder: string, entry: string, reportFolder: string, temporary: string): IConfigFile {
  const declarations = join(folder, "dist", entry, "index.d.ts");
  const quiet = { default: { logLevel: "none" as const } };
  return {
    projectFolder: folder,
    mainEntryPointFilePath: declarations,
    newlineKind: "lf",
    compiler: {
      overrideTsconfig: {
        compilerOptions: { module: "node16", target: "es2022", strict: true, skipLibCheck: true },
        files: [declarations],
      },
    },
    apiReport: {
      enabled: true,
      // Types that no one can name are a part of those that one can.
      includeForgottenExports: true,
      reportFileName: `${entry}.api.md`,
      reportFolder,
      reportTempFolder: join(temporary, "temp"),
    },
    docModel: { enabled: false },
    dtsRollup: { enabled: false },
    tsdocMetadata: { enabled: false },
    messages: {
      compilerMessageReporting: { default: { logLevel: "error" } },
      extractorMessageReporting: quiet,
      tsdocMessageReporting: quiet,
    },
  } as IConfigFile;
}
