import { createHash } from "node:crypto";
import { join } from "node:path";
import execa from "execa";
import { packageRoot, python } from "../../tools/paths";
import { uniform } from "../random";
import { bestTrial } from "./plan";
import { encoded, gridPoint, gridSize, type Point } from "./sample";
import type { SweepSpec, Trial } from "./sweep";

/** Trials of which Bayesian sampling learns before it chooses, for each hyperparameter; what comes before is random. */
const LEARNED_FIRST = 2;
/** Points among which it chooses. */
const CANDIDATES = 500;

/** Where a sweep's trials are in its search space. */
export interface Points {
  /** How many there are. */
  readonly most: number;
  /** The next one's, after those that were begun. */
  next(trials: readonly Trial[]): Promise<Point>;
}

export function pointsOf({ id, searchSpace, sampling, goal, maxTrials }: SweepSpec): Points {
  const dimensions = Object.keys(searchSpace).length;
  const seed = (sampling.kind === "Random" ? sampling.seed : undefined) ?? seedOf(id);
  const random = (...numbers: readonly number[]): Point =>
    Array.from({ length: dimensions }, (_, dimension) => uniform(seed, ...numbers, dimension));
  if (sampling.kind === "Grid")
    return {
      most: gridSize(searchSpace),
      next: (trials) => Promise.resolve(gridPoint(searchSpace, trials.length)),
    };
  if (sampling.kind === "Bayesian")
    return {
      most: Infinity,
      next: async (trials) => {
        const { tried, scores } = learned(goal, trials);
        if (tried.length < LEARNED_FIRST * dimensions) return random(trials.length);
        const candidates = Array.from({ length: CANDIDATES }, (_, index) => random(trials.length, index));
        const asked = {
          tried: tried.map((point) => encoded(searchSpace, point)),
          scores,
          candidates: candidates.map((point) => encoded(searchSpace, point)),
        };
        const chosen = await answer<number>("suggest_point.py", asked);
        return candidates[chosen] ?? random(trials.length);
      },
    };
  if (sampling.rule === "Random")
    return { most: Infinity, next: (trials) => Promise.resolve(random(trials.length)) };
  let sequence: Promise<readonly Point[]> | undefined;
  return {
    most: Infinity,
    next: async (trials) => {
      sequence ??= answer<Point[]>("sobol_points.py", { dimensions, count: maxTrials, seed: seed >>> 0 });
      return (await sequence)[trials.length] ?? random(trials.length);
    },
  };
}

/** What was tried, and how well each did: more is better. */
function learned(
  goal: SweepSpec["goal"],
  trials: readonly Trial[],
): { readonly tried: Point[]; readonly scores: number[] } {
  const through = trials.filter(({ ended }) => ended !== undefined);
  const known = through.flatMap((trial) => {
    const best = bestTrial(goal, [trial]);
    return best === undefined ? [] : [{ point: trial.point, score: best.score }];
  });
  const sign = goal === "Maximize" ? 1 : -1;
  return { tried: known.map(({ point }) => point), scores: known.map(({ score }) => sign * score) };
}

function seedOf(id: string): number {
  return createHash("sha256").update(id.toLowerCase()).digest().readInt32BE();
}

async function answer<T>(script: string, question: object): Promise<T> {
  const file = join(packageRoot(), "local", "sweep-jobs", script);
  const { stdout } = await execa(python, [file], { input: JSON.stringify(question) });
  return JSON.parse(stdout) as T;
}
