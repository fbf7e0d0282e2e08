import type * as pulumi from "@pulumi/pulumi";
import { armId, oneOf, optional, text, type Rules } from "../providers/rules";
import type { Constraint } from "./args";
import { mlflowServerRule, mlflowTags, onePlace, type MlflowPlaceArgs } from "./mlflow-server-args";
import type { Tags } from "./tags";

export interface ExperimentArgs extends MlflowPlaceArgs {
  /**
   * 1 to 500 characters; Azure ML takes fewer and says so when it is made. One that is there is taken on, one that was deleted is restored with its runs. Changed
   * on an MLflow server, it renames the experiment; Azure ML renames none: there the next one is another.
   */
  readonly experimentName: pulumi.Input<string>;
  /** Keys of at most 250, values of at most 5,000 characters. Tags that others add stay. */
  readonly tags?: Tags;
  /** `retain` (the default): the experiment and its runs outlive the stack. `delete`: MLflow hides both, and can restore them. */
  readonly onDelete?: pulumi.Input<"retain" | "delete">;
}

const VALIDATION = "MLflow, utils/validation.py";

export const experimentRules: Rules<ExperimentArgs> = {
  workspaceId: optional(armId("Microsoft.MachineLearningServices/workspaces")),
  server: optional(mlflowServerRule),
  experimentName: text("1 to 500 characters", /^[\s\S]{1,500}$/u, `${VALIDATION}, _validate_experiment_name`),
  tags: optional(mlflowTags(5_000, `${VALIDATION}, _validate_experiment_tag`)),
  onDelete: optional(oneOf("retain", "delete")),
};

export const experimentConstraints: readonly Constraint<ExperimentArgs>[] = [
  onePlace("experiment-one-place"),
];
