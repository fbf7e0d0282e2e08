import { readFileSync } from "node:fs";
import { present, say } from "../../providers/inputs";
import { driftIn } from "../../providers/drift/drift";
import { readEvents, type Refreshed } from "../../providers/drift/events";
import { ProviderError } from "../../providers/clients/errors";
import { EXIT } from "../exit-codes";
import { print } from "../print";
import { driftLines, driftMarkdown, type StackDrift } from "../view/drift";
import { refreshInPreview, type RefreshOptions } from "./refresh";

export interface DriftOptions {
  /** The selected one by default. */
  readonly stack?: readonly string[];
  /** The program's folder. */
  readonly cwd?: string;
  /** The stack's file, where it is not beside the others. */
  readonly configFile?: string;
  /** Files with the events of refreshes, instead of running them. */
  readonly from?: readonly string[];
  readonly json?: boolean;
  readonly markdown?: boolean;
}

/** Of the JSON; another one where a field changes its meaning or goes. */
const VERSION = 1;

/** What somebody else changed of the stacks' resources, a sentence each. */
export async function drift(options: DriftOptions): Promise<number> {
  const { stack, from, json, markdown } = options;
  const where = present({ cwd: options.cwd, configFile: options.configFile }) as RefreshOptions;
  const seen: StackDrift[] = [];
  for (const file of from ?? []) seen.push(driftOf(eventsIn(file), file));
  if (from === undefined)
    for (const name of stack ?? [undefined]) {
      const place = { ...where, ...(name === undefined ? {} : { stack: name }) };
      seen.push(driftOf(await refreshInPreview(place, say), name ?? "the selected stack"));
    }
  const drifted = seen.some(({ findings }) => findings.length > 0);
  if (json === true) print(JSON.stringify({ version: VERSION, drifted, stacks: seen }, undefined, 2));
  else print(...(markdown === true ? driftMarkdown(seen) : driftLines(seen)));
  return drifted ? EXIT.drifted : EXIT.done;
}

/** @param otherwise what the stack is called where its events name none */
function driftOf({ resources }: Refreshed, otherwise: string): StackDrift {
  const [, named] = /^urn:pulumi:([^:]+)::/.exec(resources[0]?.urn ?? "") ?? [];
  return { stack: named ?? otherwise, findings: driftIn(resources) };
}

function eventsIn(file: string): Refreshed {
  const events = readEvents(readFileSync(file, "utf8"));
  if (events.ended && events.errors.length === 0) return events;
  throw new ProviderError({
    what:
      events.errors.length > 0
        ? `the refresh failed: ${events.errors.join("; ")}`
        : "these are not the events of a refresh that came to its end",
    where: file,
    tryThis:
      "`PULUMI_ENABLE_STREAMING_JSON_PREVIEW=true pulumi refresh --preview-only --json --non-interactive > FILE`",
  });
}
