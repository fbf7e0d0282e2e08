import { mlflowServer } from "../mlflow-server-rule";
import { armId, flag, listOf, objectOf, oneOf, optional, rule, tags, text, type Rules } from "../rules";
import type { Acceptance } from "./acceptance";
import { digestRule } from "./expected-digest";
import { localPlace } from "./local-place";
import type { ModelVersionInputs } from "./types";

/** The component has looked at it. */
const given = rule(() => true, "anything");

export const modelVersionRules: Rules<ModelVersionInputs> = {
  path: optional(localPlace),
  source: optional(text("the address of a model")),
  sourceServer: optional(mlflowServer),
  workspaceId: optional(armId("Microsoft.MachineLearningServices/workspaces")),
  registryId: optional(armId("Microsoft.MachineLearningServices/registries")),
  server: optional(mlflowServer),
  name: text(
    "1 to 255 letters, digits, dots, dashes and underscores, a letter or digit first",
    /^[a-zA-Z0-9][a-zA-Z0-9._-]{0,254}$/,
  ),
  type: optional(oneOf("custom_model", "triton_model")),
  fix: optional(flag()),
  accept: optional(objectOf<Acceptance>({ runMetrics: listOf(given), endpointId: optional(given) })),
  expectedDigest: optional(digestRule),
  description: optional(text("text", /^/)),
  tags: optional(tags),
  aliases: optional(listOf(text("a name"))),
  onDelete: oneOf("retain", "delete"),
  digest: optional(text("what this provider puts here")),
  address: optional(text("what this provider puts here")),
};
