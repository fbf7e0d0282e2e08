import type { Arm } from "../clients/arm";
import { resourceParts } from "../clients/arm-id";
import { UNKNOWN } from "../rules";
import { forecastOf } from "./forecast";
import { journalIn, NO_JOURNAL } from "./journal";
import type { RolloutInputs, RolloutOutputs } from "./provider";
import { quickly } from "../generations/quickly";
import { readEndpoint } from "../online-endpoint/write";
import type { Journal } from "./types";

/** Says what `up` will do to the traffic, where it makes another generation than the state has. */
export async function sayForecast(
  arm: Arm,
  was: RolloutOutputs,
  declared: RolloutInputs,
  say: (line: string) => void,
): Promise<void> {
  const { endpointId, generation = UNKNOWN } = declared;
  if (generation === was.generation || endpointId !== was.endpointId) return;
  const name = generation === UNKNOWN ? undefined : generation;
  const journal = await journalOf(arm, was);
  for (const line of forecastOf(declared, name, journal)) say(`${resourceParts(endpointId).name}: ${line}`);
}

/** An endpoint that can't be reached is taken to be as the state has it. */
async function journalOf(arm: Arm, { endpointId, generation }: RolloutOutputs): Promise<Journal> {
  try {
    return journalIn((await quickly(readEndpoint(arm, endpointId)))?.tags) ?? NO_JOURNAL;
  } catch {
    return generation === undefined ? NO_JOURNAL : { ...NO_JOURNAL, serving: generation };
  }
}
