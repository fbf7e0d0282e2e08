import { duration } from "../generations/duration";
import { keptOf } from "../generations/past";
import { UNKNOWN } from "../rules";
import type { BatchRolloutInputs } from "./inputs";
import { fileCount } from "./sample";
import type { Journal } from "./types";

/**
 * What `up` does to the default for another generation than before, a line for each thing.
 *
 * @param was what the state has
 * @param generation its name; undefined where model or configuration are not known yet
 */
export function forecastOf(
  was: BatchRolloutInputs,
  declared: BatchRolloutInputs,
  generation: string | undefined,
  { serving, moving, refused, old }: Journal,
): string[] {
  const name = generation ?? "another generation";
  const refusal = refused.find((one) => one.generation === generation && one.retry === declared.retry);
  if (refusal !== undefined)
    return [`${name} was refused before (${refusal.reason}): \`up\` fails until there is another \`retry\``];
  const givenUp =
    moving === undefined || moving.generation === generation ? [] : [`${moving.generation} is given up`];
  if (serving !== undefined && serving === generation) return [...givenUp, `${name} stays the default`];
  if (old.some((one) => one.generation === generation && one.proven))
    return [...givenUp, `${name}, which was the default before, is it again at once`];
  const proven = `proven by a job over ${sampleText(declared)}, then made the default`;
  return [
    ...givenUp,
    serving === undefined
      ? `${name} is ${proven}`
      : `${modelText(was, declared)}${name} is made beside ${serving}, ${proven}`,
    ...(serving === undefined ? [] : [`${serving} is ${keepText(declared)}`]),
  ];
}

/** Former generations that the next `up` deletes. */
export function overdue(
  { keepGenerations }: Pick<BatchRolloutInputs, "keepGenerations">,
  { old }: Journal,
  now: number,
): string[] {
  const kept = keptOf({ keepGenerations }, { old });
  return old
    .filter(({ generation, until }) => until <= now && !kept.includes(generation))
    .map(({ generation }) => generation);
}

function keepText({ keepGenerations, retireAfterSeconds }: BatchRolloutInputs): string {
  if (keepGenerations > 0) return "kept then, to go back to";
  return retireAfterSeconds === 0
    ? "deleted after that"
    : `deleted by the first \`up\` that is ${duration(retireAfterSeconds * 1000)} after that`;
}

function sampleText({ proof: { input } }: BatchRolloutInputs): string {
  const count = fileCount(input);
  if (input === UNKNOWN) return "its sample";
  return count === undefined ? input : `${count} ${count === 1 ? "file" : "files"}`;
}

function modelText(was: BatchRolloutInputs, declared: BatchRolloutInputs): string {
  const [before, after] = [was, declared].map(({ deployment }) =>
    versionText(deployment.properties.model?.assetId),
  );
  return before === undefined || after === undefined || before === after
    ? ""
    : `model ${before} → ${after}: `;
}

function versionText(id: string | undefined): string | undefined {
  return /\/versions\/([^/]+)$/.exec(id ?? "")?.[1];
}
