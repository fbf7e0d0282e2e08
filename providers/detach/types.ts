export interface DetachInputs {
  /** ARM id of an attached compute. */
  readonly computeId: string;
}
