/** What kind of thing diverged. */
export type FindingKind =
  "alias" | "auth" | "autoscale" | "changed" | "deleted" | "network" | "scale" | "tag" | "traffic";

/** One thing that is otherwise than the stack's program left it. */
export interface Finding {
  readonly kind: FindingKind;
  readonly urn: string;
  /** Type token of the resource. */
  readonly type: string;
  /** What diverged and how, without a full stop: ``endpoint `credit`: green has 30 % by hand, declared 10 %``. */
  readonly sentence: string;
}
