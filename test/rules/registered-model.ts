import { RegisteredModel, type RegisteredModelArgs } from "../../components";
import { registeredModelConstraints, registeredModelRules } from "../../components/registered-model-args";
import { WORKSPACE_ID } from "../helpers/pulumi-mocks";
import type { RuleCases } from "../helpers/rule-cases";

const right: RegisteredModelArgs = { workspaceId: WORKSPACE_ID, modelName: "churn" };

export const registeredModel: RuleCases<RegisteredModelArgs> = {
  component: "RegisteredModel",
  declare: (name, args) => new RegisteredModel(name, args),
  rules: registeredModelRules,
  constraints: registeredModelConstraints,
  cases: [
    { rule: "modelName", right, wrong: { modelName: "team/churn" }, path: "modelName" },
    { rule: "tags", right, wrong: { tags: { "a*b": "x" } }, path: "tags" },
    { rule: "registered-model-one-place", right, wrong: { workspaceId: undefined }, path: "workspaceId" },
  ],
};
