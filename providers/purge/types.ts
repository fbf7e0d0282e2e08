export interface PurgeInputs {
  /** ARM id of a Machine Learning or Log Analytics workspace, or of a Key Vault among the deleted ones. */
  readonly targetId: string;
  /** What deleting this resource does: nothing, or remove the target for good. */
  readonly onDelete: "softDelete" | "purge";
}
