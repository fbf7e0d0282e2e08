import type { Assessed } from "../../providers/preview/assess";
import type { Asked, EndpointEffect, NewVersion } from "../../providers/preview/effects";
import type { Preview } from "../../providers/preview/engine-json";
import type { Level } from "../../providers/preview/risk";

/** What a report says of one stack. */
export interface StackReport extends Omit<Preview, "changes"> {
  /** Of all its changes; undefined where nothing is risky. */
  readonly risk: Level | undefined;
  readonly effects: readonly (EndpointEffect & { readonly sentence: string })[];
  /** Versions that no endpoint of the stack gets by a rollout. */
  readonly registered: readonly { readonly version: NewVersion; readonly asked: Asked }[];
  /** Without what stays as it is. */
  readonly changes: readonly Assessed[];
}
