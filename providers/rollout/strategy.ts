import type { Step } from "./types";

/** How a new generation gets its traffic. */
export type Strategy =
  | { readonly kind: "allAtOnce" }
  | { readonly kind: "canary"; readonly percent: number; readonly bakeSeconds: number }
  | { readonly kind: "linear"; readonly percent: number; readonly bakeSeconds: number }
  | {
      readonly kind: "shadowThenCanary";
      readonly mirrorPercent: number;
      readonly mirrorSeconds: number;
      readonly percent: number;
      readonly bakeSeconds: number;
    }
  | { readonly kind: "steps"; readonly steps: readonly Step[] };

/** The steps of a strategy; the last gives all of the traffic and is held for the watch. */
export function stepsOf(strategy: Strategy, watchSeconds: number): readonly Step[] {
  return [...before(strategy), { weight: 100, bakeSeconds: watchSeconds }];
}

function before(strategy: Strategy): readonly Step[] {
  switch (strategy.kind) {
    case "allAtOnce":
      return [];
    case "canary":
      return [{ weight: strategy.percent, bakeSeconds: strategy.bakeSeconds }];
    case "linear": {
      const { percent, bakeSeconds } = strategy;
      const count = Math.ceil(100 / percent) - 1;
      return Array.from({ length: count }, (_, index) => ({ weight: percent * (index + 1), bakeSeconds }));
    }
    case "shadowThenCanary":
      return [
        { weight: 0, mirror: strategy.mirrorPercent, bakeSeconds: strategy.mirrorSeconds },
        { weight: strategy.percent, bakeSeconds: strategy.bakeSeconds },
      ];
    case "steps":
      return strategy.steps.filter(({ weight }) => weight < 100);
  }
}
