import { readFileSync } from "node:fs";
import { join, relative } from "node:path";
import * as ts from "typescript";

/** What the compiler says of the TypeScript in Markdown files, each block a module of its own in the checkout. */
export function compileErrors(root: string, files: readonly string[]): string[] {
  const blocks = new Map(
    files.flatMap((file) =>
      blocksIn(readFileSync(file, "utf8")).map((text, index) => {
        const name = relative(root, file).replace(/\W+/g, "-");
        return [join(root, `${name}-block-${index + 1}.ts`), text] as const;
      }),
    ),
  );
  const config = ts.readConfigFile(join(root, "tsconfig.json"), (path) => readFileSync(path, "utf8"));
  const { options } = ts.parseJsonConfigFileContent(config.config, ts.sys, root);
  const host = ts.createCompilerHost({ ...options, incremental: false, tsBuildInfoFile: undefined });
  const { fileExists, readFile, getSourceFile } = host;
  host.fileExists = (path) => blocks.has(path) || fileExists(path);
  host.readFile = (path) => blocks.get(path) ?? readFile(path);
  host.getSourceFile = (path, ...others) => {
    const text = blocks.get(path);
    return text === undefined
      ? getSourceFile(path, ...others)
      : ts.createSourceFile(path, text, ts.ScriptTarget.ES2022);
  };
  const program = ts.createProgram(
    [...blocks.keys()],
    { ...options, incremental: false, tsBuildInfoFile: undefined },
    host,
  );
  return [...blocks.keys()].flatMap((path) => {
    const source = program.getSourceFile(path);
    const found = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
    return found.map(
      ({ messageText }) => `${relative(root, path)}: ${ts.flattenDiagnosticMessageText(messageText, " ")}`,
    );
  });
}

function blocksIn(markdown: string): string[] {
  return [...markdown.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map((match) => match[1] ?? "");
}
