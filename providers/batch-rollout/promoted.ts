import { retire } from "../generations/past";
import type { Action, BatchRolloutSpec, Journal } from "./types";

/** The wanted generation becomes the default; the one before is kept as declared. */
export function promoted(spec: BatchRolloutSpec, journal: Journal, now: number, why: string): Action {
  const { generation } = spec;
  const { serving, refused, old } = journal;
  const others = old.filter((one) => one.generation !== generation);
  return {
    kind: "write",
    defaultDeployment: generation,
    journal: {
      serving: generation,
      refused: refused.filter((one) => one.generation !== generation),
      old:
        serving === undefined || serving === generation ? others : retire(spec, others, serving, true, now),
    },
    why,
  };
}
