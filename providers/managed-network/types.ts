export interface ManagedNetworkInputs {
  /** ARM id. */
  readonly workspaceId: string;
}
