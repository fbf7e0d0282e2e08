import { duration } from "../generations/duration";
import type { Gate } from "./gates";
import type { RolloutInputs } from "./provider";
import type { Journal } from "./types";
import { stepText } from "./words";

type Declared = Pick<
  RolloutInputs,
  | "steps"
  | "runMetrics"
  | "smokeRequests"
  | "gates"
  | "check"
  | "retry"
  | "keepGenerations"
  | "retireAfterSeconds"
>;

/**
 * What `up` does to the traffic for another generation than before, a line for each thing.
 *
 * @param generation its name; undefined where model or configuration are not known yet
 */
export function forecastOf(declared: Declared, generation: string | undefined, journal: Journal): string[] {
  const { serving, moving, refused, old } = journal;
  const name = generation ?? "another generation";
  const refusal = refused.find((one) => one.generation === generation && one.retry === declared.retry);
  if (refusal !== undefined)
    return [`${name} was refused before (${refusal.reason}): \`up\` fails until there is another \`retry\``];
  const givenUp =
    moving === undefined || moving.generation === generation
      ? []
      : [`${moving.generation} is given up, and the traffic goes back to where it was before it`];
  if (serving === undefined) return [...givenUp, `${name} ${smokeText(declared)}gets all of the traffic`];
  if (serving === generation) return [...givenUp, `${serving} serves on`];
  const proven = old.some((one) => one.generation === generation && one.proven);
  return [
    ...givenUp,
    proven
      ? `${name}, which served before, ${smokeText(declared)}gets all of the traffic at once`
      : `${name} is made beside ${serving}${runText(declared)}, ${smokeText(declared)}gets ${stepsText(declared)}`,
    ...(proven ? [] : judgementLines(declared, serving)),
    declared.keepGenerations > 0
      ? `${serving} is kept then, to go back to`
      : `${serving} is deleted ${duration(declared.retireAfterSeconds * 1000)} after that`,
  ];
}

function runText({ runMetrics = [] }: Declared): string {
  const metrics = runMetrics.map(({ metric }) => metric).join(", ");
  return metrics === "" ? "" : ` if its run passes for ${metrics}`;
}

function smokeText({ smokeRequests: { length } }: Declared): string {
  return length === 0 ? "" : `answers ${length} smoke request${length === 1 ? "" : "s"} without traffic, `;
}

function stepsText({ steps }: Declared): string {
  const watch = steps.at(-1)?.bakeSeconds ?? 0;
  const all =
    watch === 0 ? "all of the traffic" : `all of the traffic, watched for ${duration(watch * 1000)}`;
  return [...steps.slice(0, -1).map(stepText), all].join(", then ");
}

function judgementLines({ gates, check }: Declared, serving: string): string[] {
  const judges = [
    ...gates.map((gate) => gateText(gate, serving)),
    ...(check === undefined ? [] : ["its check"]),
  ];
  return judges.length === 0
    ? []
    : [`each of these has to pass ${judges.join(", ")}; what doesn't is rolled back`];
}

function gateText({ metric, max, maxRatio }: Gate, serving: string): string {
  const limits = [
    ...(max === undefined ? [] : [String(max)]),
    ...(maxRatio === undefined ? [] : [`${maxRatio} × that of ${serving}`]),
  ];
  return `${metric} at most ${limits.join(" and ")}`;
}
