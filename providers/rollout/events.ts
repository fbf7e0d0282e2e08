import { isDeepStrictEqual } from "node:util";
import type { MeasuredFigures } from "./metrics";
import { same } from "./traffic";
import type { Action, Journal, Observed, Phase, Traffic } from "./types";

/** What happened to a rollout, as a person would tell it. */
export interface RolloutEvent {
  readonly kind:
    | "begun"
    | "deployed"
    | "smoked"
    | "step"
    | "measured"
    | "paused"
    | "promoted"
    | "rolledBack"
    | "givenUp"
    | "changed"
    | "deleted"
    | "ended"
    | "failed";
  /** The deployment that it is about. */
  readonly generation?: string;
  /** The one that it is or was at, from 1. */
  readonly step?: number;
  readonly why: string;
  /** The traffic that was live afterwards. */
  readonly traffic?: Traffic;
  /** What a gate was given to judge. */
  readonly figures?: MeasuredFigures;
}

/** What a write of the endpoint was for; undefined where it only kept the journal. */
export function eventOf(
  { journal: before, traffic: live }: Pick<Observed, "journal" | "traffic">,
  { traffic, journal: after, why }: Extract<Action, { kind: "write" }>,
): RolloutEvent | undefined {
  const kind = kindOf(before, after);
  if (kind === "changed" && same(live, traffic)) return undefined;
  const left = kind === "rolledBack" ? after?.refused.at(-1)?.generation : before?.serving;
  const generation = after?.moving?.generation ?? before?.moving?.generation ?? left;
  const { step = -1 } = after?.moving ?? before?.moving ?? {};
  return {
    kind,
    ...(generation === undefined ? {} : { generation }),
    ...(step < 0 ? {} : { step: step + 1 }),
    why,
    traffic,
  };
}

function kindOf(before: Journal | undefined, after: Journal | undefined): RolloutEvent["kind"] {
  const [was, is] = [before?.moving, after?.moving];
  if (is !== undefined) {
    if (is.generation !== was?.generation) return is.paused === undefined ? "begun" : "paused";
    if (is.paused !== undefined && was.paused === undefined) return "paused";
    return is.step === was.step ? "changed" : "step";
  }
  const refused = after?.refused.at(-1)?.generation;
  if (was !== undefined && after?.serving === was.generation) return "promoted";
  if (refused !== undefined && before?.serving === refused && after?.serving !== refused) return "rolledBack";
  // What is refused before it is made never was on its way.
  if (was === undefined)
    return refused === undefined || isDeepStrictEqual(before?.refused, after?.refused)
      ? "changed"
      : "rolledBack";
  return refused === was.generation ? "rolledBack" : "givenUp";
}

/** How a run ended. */
export function endOf(
  ending:
    | { readonly kind: "end"; readonly phase: Phase; readonly why?: string }
    | { readonly kind: "fail"; readonly reason: string },
): RolloutEvent {
  if (ending.kind === "fail") return { kind: "failed", why: ending.reason };
  return { kind: "ended", why: ending.why === undefined ? ending.phase : `${ending.phase}: ${ending.why}` };
}
