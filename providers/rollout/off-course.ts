import type { Arm } from "../clients/arm";
import { resourceParts } from "../clients/arm-id";
import { present } from "../inputs";
import { writable } from "../online-endpoint/merge";
import type { LiveEndpoint } from "../online-endpoint/types";
import { driftOf, mapText, type Glimpse } from "./drift";
import { journalIn } from "./journal";
import { quickly } from "../generations/quickly";
import { readEndpoint } from "../online-endpoint/write";
import { same } from "./traffic";
import type { RolloutSpec, Traffic } from "./types";

/**
 * Says whether the endpoint is elsewhere than the state knows: somebody moved the traffic by hand, or an `up` to another generation was killed,
 * which a program that is reverted since would else never give up. Says what becomes of it, too. An endpoint that can't be reached stops no preview.
 *
 * @param known the map that the state has: one that was adopted is no news any more
 */
export async function isOffCourse(
  arm: Arm,
  endpointId: string,
  spec: RolloutSpec,
  known: Traffic,
  say: (line: string) => void,
): Promise<boolean> {
  const { name } = resourceParts(endpointId);
  try {
    const live = await quickly(readEndpoint(arm, endpointId));
    if (live === undefined) return false;
    const glimpse = glimpseOf(live);
    const { moving } = glimpse.journal ?? {};
    if (moving !== undefined && moving.generation !== spec.generation) {
      say(`${name}: ${moving.generation} was left on its way; \`up\` puts back ${mapText(moving.saved)}`);
      return true;
    }
    const drift = driftOf(spec, glimpse);
    const adopts = spec.onDrift === "adopt";
    if (drift === undefined || (adopts && same(known, glimpse.traffic))) return false;
    const becomes = adopts ? "it is left so" : `\`up\` puts back ${mapText(drift.traffic)}`;
    say(`${name}: the traffic was moved by hand to ${mapText(glimpse.traffic)}; ${becomes}`);
    return true;
  } catch (error) {
    say(`${name}: whether its traffic is where it should be can't be seen: ${(error as Error).message}`);
    return false;
  }
}

export function glimpseOf(live: LiveEndpoint): Glimpse {
  const { traffic = {}, mirrorTraffic: mirror = {} } = writable(live).properties;
  return present({ traffic, mirror, journal: journalIn(live.tags) });
}
