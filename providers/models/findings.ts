/** What files are fit for as a model of their kind, one sentence each. */
export interface ModelFindings {
  /** Why it is no such model, or can't be served at all. */
  readonly errors: readonly string[];
  /** What will fail, or can't be checked, once it is deployed. */
  readonly warnings: readonly string[];
}
