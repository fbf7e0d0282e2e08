import { OnlineDeployment, type OnlineDeploymentArgs } from "../../components";
import { onlineDeploymentRules } from "../../components/online-deployment";
import type { ArgumentCases } from "../helpers/argument-cases";
import { assetFixture } from "../helpers/asset-fixtures";
import { ENDPOINT_ID, WORKSPACE_ID } from "../helpers/pulumi-mocks";

export const onlineDeployment: ArgumentCases<OnlineDeploymentArgs> = {
  component: "OnlineDeployment",
  rules: onlineDeploymentRules,
  declare: (name, args) => new OnlineDeployment(name, args),
  cases: [
    {
      endpointId: ENDPOINT_ID,
      location: "westeurope",
      model: `${WORKSPACE_ID}/models/churn/versions/7`,
      instanceType: "Standard_DS3_v2",
      instances: 3,
      requestTimeoutSeconds: 60,
      concurrentRequestsPerInstance: 4,
      environmentVariables: { LOG_LEVEL: "warning" },
      egressPublicNetworkAccess: false,
      description: "The second generation",
      code: { path: assetFixture("scoring"), scoringScript: "nested/main.py" },
      environment: `${WORKSPACE_ID}/environments/plain/versions/3`,
      tags: { team: "risk" },
    },
    {
      endpointId: ENDPOINT_ID,
      location: "westeurope",
      model: `${WORKSPACE_ID}/models/plain/versions/1`,
      instanceType: "Standard_DS3_v2",
      code: { path: assetFixture("scoring"), scoringScript: "score.py" },
      environment: `${WORKSPACE_ID}/environments/plain/versions/3`,
    },
    {
      endpointId: ENDPOINT_ID,
      location: "westeurope",
      model: `${WORKSPACE_ID}/models/plain/versions/1`,
      instanceType: "Standard_DS3_v2",
      code: { path: assetFixture("other-scoring"), scoringScript: "score.py" },
      environment: "azureml://registries/azureml/environments/sklearn-1.5/versions/35",
    },
  ],
};
