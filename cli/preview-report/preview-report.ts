import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { arm } from "../../providers/clients/arm";
import { ProviderError } from "../../providers/clients/errors";
import { say } from "../../providers/inputs";
import { assess, gravest } from "../../providers/preview/assess";
import { endpointEffects, newVersions } from "../../providers/preview/effects";
import { readPreview, type Preview } from "../../providers/preview/engine-json";
import { joined } from "../../providers/preview/joined";
import { isAtLeast, type Level } from "../../providers/preview/risk";
import { sentenceOf } from "../../providers/preview/sentences";
import { EXIT } from "../exit-codes";
import { print } from "../print";
import { reportJson } from "../view/preview-json";
import { LIMITS, reportMarkdown } from "../view/preview-markdown";
import { askAzure, askNobody, type Asking } from "./asking";
import type { StackReport } from "./stack-report";

export interface PreviewReportOptions {
  readonly format: "markdown" | "json";
  readonly for: keyof typeof LIMITS;
  readonly failOn?: Level;
  readonly out?: string;
  /** Whether Azure may be asked for quota and expected versions. */
  readonly offline?: boolean;
}

/**
 * What previews of stacks will do, for a pull request.
 *
 * @param previews files of `pulumi preview --json` or `--event-log`, each `FILE` or `STACK=FILE`; `-` is standard input. Two files of one stack are one preview
 */
export async function previewReport(
  previews: readonly string[],
  options: PreviewReportOptions,
): Promise<number> {
  const asking = options.offline === true ? askNobody : askAzure(arm());
  const stacks: StackReport[] = [];
  for (const [stack, told] of byStack(previews))
    stacks.push(await stackReport({ ...joined(told, stack), stack }, asking));
  const text = options.format === "json" ? reportJson(stacks) : reportMarkdown(stacks, LIMITS[options.for]);
  if (options.out === undefined) print(text);
  else writeWhole(options.out, `${text}\n`);
  return endOf(stacks, options.failOn);
}

/** What the files tell, by the names of the stacks. */
function byStack(previews: readonly string[]): ReadonlyMap<string, readonly Preview[]> {
  const stacks = new Map<string, Preview[]>();
  for (const named of previews) {
    const [, name, file = named] = /^([\w.-]+)=(.+)$/s.exec(named) ?? [];
    const preview = readPreview(read(file), file);
    const stack = name ?? preview.stack;
    stacks.set(stack, [...(stacks.get(stack) ?? []), preview]);
  }
  return stacks;
}

async function stackReport(preview: Preview, asking: Asking): Promise<StackReport> {
  const changes = preview.changes.filter(({ op }) => op !== "same" && op !== "read").map(assess);
  const effects = await Promise.all(
    endpointEffects(preview).map(async (effect) => ({
      ...effect,
      sentence: sentenceOf(effect, await asking.ofEffect(effect)),
    })),
  );
  const served = effects.map(({ version }) => version?.model);
  const registered = await Promise.all(
    newVersions(preview)
      .filter(({ model }) => !served.includes(model))
      .map(async (version) => ({ version, asked: await asking.ofVersion(version) })),
  );
  return { ...preview, changes, effects, registered, risk: gravest(changes) };
}

function read(file: string): string {
  try {
    return readFileSync(file === "-" ? 0 : file, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new ProviderError({
      what: code === "ENOENT" ? "there is no such file" : `can't be read (${String(code)})`,
      where: file,
      tryThis: "`pulumi preview --json > FILE`, or - for standard input",
    });
  }
}

function writeWhole(file: string, text: string): void {
  const made = `${file}.${process.pid}.tmp`;
  writeFileSync(made, text);
  renameSync(made, file);
}

function endOf(stacks: readonly StackReport[], failOn: Level | undefined): number {
  const failed = stacks.filter(({ errors }) => errors.length > 0);
  for (const { stack } of failed) say(`${stack}: the preview failed`);
  if (failed.length > 0) return EXIT.failed;
  const risky = stacks.some(
    ({ risk }) => risk !== undefined && failOn !== undefined && isAtLeast(risk, failOn),
  );
  return risky ? EXIT.risky : EXIT.done;
}
