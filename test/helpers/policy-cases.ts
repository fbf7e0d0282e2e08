import type { Properties } from "../../policies/plain";

/** What a rule is tried by. */
export interface PolicyCase {
  readonly rule: string;
  readonly type: string;
  readonly right: Properties;
  readonly wrong: Properties;
  /** Path of what the rule can't do without: unknown at preview, the rule says that it can't be told. */
  readonly unknown: string;
  readonly parameters?: Properties;
}
