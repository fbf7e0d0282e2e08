import type * as pulumi from "@pulumi/pulumi";
import { armId, oneOf, optional, text, type Rules } from "../providers/rules";
import type { Constraint } from "./args";
import { mlflowServerRule, mlflowTags, onePlace, type MlflowPlaceArgs } from "./mlflow-server-args";
import type { Tags } from "./tags";

export interface RegisteredModelArgs extends MlflowPlaceArgs {
  /**
   * 1 to 256 characters without / and :, not . or .. alone; Azure ML takes letters, digits, dots, dashes and underscores. A model that is there is taken on. Changed on an
   * MLflow server, it renames the model with its versions; Azure ML renames none: there the next one is another.
   */
  readonly modelName: pulumi.Input<string>;
  /** Of the model, not of a version. */
  readonly description?: pulumi.Input<string>;
  /** Keys of at most 250, values of at most 5,000 characters (MLflow 3 takes more). Tags that others add stay. */
  readonly tags?: Tags;
  /** `retain` (the default): the model outlives the stack. `delete`: it goes with every version, whoever registered them. */
  readonly onDelete?: pulumi.Input<"retain" | "delete">;
}

const VALIDATION = "MLflow, utils/validation.py";

export const registeredModelRules: Rules<RegisteredModelArgs> = {
  workspaceId: optional(armId("Microsoft.MachineLearningServices/workspaces")),
  server: optional(mlflowServerRule),
  modelName: text(
    "1 to 256 characters without / and :, not . or .. alone",
    /^(?!\.{1,2}$)(?=.*\S)[^/:]{1,256}$/u,
    `${VALIDATION}, _validate_model_name`,
  ),
  description: optional(text("text", /^/)),
  tags: optional(mlflowTags(5_000, `${VALIDATION}, _validate_registered_model_tag`)),
  onDelete: optional(oneOf("retain", "delete")),
};

export const registeredModelConstraints: readonly Constraint<RegisteredModelArgs>[] = [
  onePlace("registered-model-one-place"),
];
