import { Experiment, type ExperimentArgs } from "../../components";
import { experimentConstraints, experimentRules } from "../../components/experiment-args";
import { WORKSPACE_ID } from "../helpers/pulumi-mocks";
import type { RuleCases } from "../helpers/rule-cases";

const right: ExperimentArgs = { workspaceId: WORKSPACE_ID, experimentName: "churn", tags: { "a/b": "x" } };

export const experiment: RuleCases<ExperimentArgs> = {
  component: "Experiment",
  declare: (name, args) => new Experiment(name, args),
  rules: experimentRules,
  constraints: experimentConstraints,
  cases: [
    { rule: "experimentName", right, wrong: { experimentName: "x".repeat(501) }, path: "experimentName" },
    { rule: "tags", right, wrong: { tags: { "../b": "x" } }, path: "tags" },
    { rule: "tags", right, wrong: { tags: { long: "x".repeat(5_001) } }, path: "tags" },
    { rule: "experiment-one-place", right, wrong: { workspaceId: undefined }, path: "workspaceId" },
    {
      rule: "experiment-one-place",
      right,
      wrong: { server: { trackingUri: "https://mlflow.test" } },
      path: "server",
    },
  ],
};
