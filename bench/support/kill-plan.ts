import { uniform } from "../../local/random";

/** Where a rollout is, as its journal and its deployments say. */
export const PHASES = ["deploying", "mirrored", "weighted", "watched", "retiring"] as const;
export type Phase = (typeof PHASES)[number];
export const VICTIMS = ["pulumi", "provider", "local Azure"] as const;
export type Victim = (typeof VICTIMS)[number];

export interface Kill {
  readonly phase: Phase;
  readonly victim: Victim;
  /** How long after the phase was seen first, in milliseconds. */
  readonly after: number;
}

/** The longest that a kill waits in its phase, in milliseconds. */
export const LONGEST = 1_000;

/**
 * The kills of one rollout, one in each of its phases, in their order. Every three rollouts hit each phase with each victim once; which victim
 * comes first, and at which moment, the seed says.
 */
export function killsOf(seed: number, round: number): Kill[] {
  const block = Math.floor(round / VICTIMS.length);
  const offset = Math.floor(uniform(seed, block) * VICTIMS.length);
  return PHASES.map((phase, index) => {
    const victim = VICTIMS[(round + index + offset) % VICTIMS.length] ?? "pulumi";
    return { phase, victim, after: Math.floor(uniform(seed, round, index, 1) * LONGEST) };
  });
}

/** The part of the journal that tells the phase. */
export interface JournalView {
  readonly moving?: { readonly step: number };
  readonly old: readonly unknown[];
}

/** @param steps how many steps there are before all of the traffic, mirroring first */
export function phaseOf(journal: JournalView | undefined, steps: number): Phase | undefined {
  if (journal === undefined) return undefined;
  const { moving, old } = journal;
  if (moving === undefined) return old.length > 0 ? "retiring" : undefined;
  if (moving.step < 0) return "deploying";
  if (moving.step === 0) return "mirrored";
  return moving.step < steps ? "weighted" : "watched";
}
