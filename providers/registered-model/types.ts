import type { MlflowPlace } from "../mlflow-place";

export interface RegisteredModelInputs extends MlflowPlace {
  readonly name: string;
  readonly description?: string;
  readonly tags?: Readonly<Record<string, string>>;
  /** What becomes of the model, with all of its versions, when the resource goes. */
  readonly onDelete: "retain" | "delete";
}
