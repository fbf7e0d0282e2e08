import { Experiment, type ExperimentArgs } from "../../components";
import { experimentRules } from "../../components/experiment-args";
import { argumentPaths, type ArgumentCases } from "../helpers/argument-cases";
import { WORKSPACE_ID } from "../helpers/pulumi-mocks";

const OTHER_DOOR = "goes to MLflow, not to Azure Resource Manager: test/conformance/mlflow-resources.test.ts";

export const experiment: ArgumentCases<ExperimentArgs> = {
  component: "Experiment",
  rules: experimentRules,
  declare: (name, args) => new Experiment(name, args),
  cases: [
    {
      workspaceId: WORKSPACE_ID,
      experimentName: "churn",
      tags: { team: "risk" },
      onDelete: "delete",
    },
    {
      server: {
        trackingUri: "https://mlflow.test",
        auth: { kind: "Token", tokenVariable: "MLFLOW_TRACKING_TOKEN" },
      },
      experimentName: "churn",
    },
  ],
  exempt: Object.fromEntries(argumentPaths(experimentRules).map((path) => [path, OTHER_DOOR])),
};
