import type { Journal } from "./types";

/** Of an endpoint on which no rollout has done anything yet. */
export const NO_JOURNAL: Journal = { refused: [], old: [] };

/** Azure's limit for a tag's value. */
const TAG_LENGTH = 256;
const PREFIX = "pulumi-azureml.rollout.";

/** The deployments that a rollout made bear it. */
export const GENERATION_TAG = "pulumi-azureml.generation";

type Tags = Readonly<Record<string, string>>;

/** The tags with the journal in them, and without what was there of an older one. */
export function withJournal(tags: Tags, journal: Journal | undefined): Tags {
  const others = Object.fromEntries(Object.entries(tags).filter(([key]) => !key.startsWith(PREFIX)));
  if (journal === undefined) return others;
  const text = JSON.stringify(journal);
  const parts = text.match(new RegExp(`[^]{1,${TAG_LENGTH}}`, "g")) ?? [];
  return { ...others, ...Object.fromEntries(parts.map((part, index) => [`${PREFIX}${index}`, part])) };
}

/** @throws SyntaxError where somebody else wrote into it */
export function journalIn(tags: Tags = {}): Journal | undefined {
  const parts: string[] = [];
  for (let part = tags[`${PREFIX}0`]; part !== undefined; part = tags[`${PREFIX}${parts.length}`])
    parts.push(part);
  return parts.length === 0 ? undefined : (JSON.parse(parts.join("")) as Journal);
}
