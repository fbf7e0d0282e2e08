/** An outbound rule's `properties`, as ARM takes them. */
export type RuleProperties = Readonly<Record<string, unknown>>;

export interface ManagedNetworkInputs {
  /** ARM id. */
  readonly workspaceId: string;
  /** The declared outbound rules, by name. */
  readonly rules: Readonly<Record<string, RuleProperties>>;
  /** What the workspace was last declared with: another text, and the rules are looked at again. */
  readonly workspace: string;
}

export interface ManagedNetworkOutputs extends ManagedNetworkInputs {
  /** Names of rules that were declared once and are not any more. */
  readonly removed: readonly string[];
}
