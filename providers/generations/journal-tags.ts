/** Azure's limit for a tag's value. */
const TAG_LENGTH = 256;
const PREFIX = "pulumi-azureml.rollout.";

type Tags = Readonly<Record<string, string>>;

/** The tags with the journal in them, and without what was there of an older one. */
export function withJournal(tags: Tags, journal: object | undefined): Tags {
  const others = Object.fromEntries(Object.entries(tags).filter(([key]) => !key.startsWith(PREFIX)));
  const parts = (journal && JSON.stringify(journal))?.match(new RegExp(`[^]{1,${TAG_LENGTH}}`, "g")) ?? [];
  return { ...others, ...Object.fromEntries(parts.map((part, index) => [`${PREFIX}${index}`, part])) };
}

/**
 * The journal that `withJournal` put there; undefined where there is none.
 *
 * @throws SyntaxError where somebody else wrote into it
 */
export function parsedJournal(tags: Tags = {}): unknown {
  const parts: string[] = [];
  for (let part = tags[`${PREFIX}0`]; part !== undefined; part = tags[`${PREFIX}${parts.length}`])
    parts.push(part);
  return parts.length === 0 ? undefined : JSON.parse(parts.join(""));
}
