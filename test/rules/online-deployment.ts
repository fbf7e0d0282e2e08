import { OnlineDeployment, type OnlineDeploymentArgs } from "../../components";
import { onlineDeploymentConstraints, onlineDeploymentRules } from "../../components/online-deployment";
import { ENDPOINT_ID, WORKSPACE_ID } from "../helpers/pulumi-mocks";
import type { RuleCases } from "../helpers/rule-cases";
import { scoringCodeCases } from "../helpers/scoring-code-cases";

export const onlineDeployment: RuleCases<OnlineDeploymentArgs> = {
  component: "OnlineDeployment",
  declare: (name, args) => new OnlineDeployment(name, args),
  rules: onlineDeploymentRules,
  constraints: onlineDeploymentConstraints,
  cases: scoringCodeCases<OnlineDeploymentArgs>({
    endpointId: ENDPOINT_ID,
    location: "westeurope",
    model: `${WORKSPACE_ID}/models/churn/versions/7`,
    instanceType: "Standard_DS3_v2",
  }),
};
