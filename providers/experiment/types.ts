import type { MlflowPlace } from "../mlflow-place";

export interface ExperimentInputs extends MlflowPlace {
  readonly name: string;
  readonly tags?: Readonly<Record<string, string>>;
  /** What becomes of the experiment, with its runs, when the resource goes. */
  readonly onDelete: "retain" | "delete";
}

/** What the state holds; the resource's id is the experiment's. */
export interface ExperimentOutputs extends ExperimentInputs {
  /** Where its runs' artifacts go, `mlflow-artifacts:/7`. */
  readonly artifactLocation: string;
}
