import * as ml from "@pulumi/azure-native/machinelearningservices";
import * as pulumi from "@pulumi/pulumi";
import {
  CustomModel,
  Environment,
  MlflowModel,
  OnlineDeployment,
  OnlineEndpoint,
  RollingDeployment,
  Workspace,
  type OnlineEndpointArgs,
  type ScoringCode,
} from "pulumi-azureml";
import { resourceParts, workspaceParts } from "../../../../providers/clients/arm-id";

/** A model that rolls forward, or stands still; the stack's configuration says which, and how. */
const config = new pulumi.Config();
const tags = config.getObject<Record<string, string>>("tags") ?? { environment: "test" };
/** What else the endpoint is told. */
const settings = config.getObject<Partial<OnlineEndpointArgs>>("endpoint") ?? {};
const authMode = settings.authMode ?? "Key";
const location = "westeurope";

const workspace = new Workspace("ws", {
  location,
  nameSuffix: "r1",
  onDelete: "purge",
  dataContributors: { deployer: { objectId: config.require("deployer") } },
});
const registered = { workspaceId: workspace.id, modelName: "churn", path: config.require("model") };
/** How a model that is not MLflow's is scored; without it the model is MLflow's. */
const script = config.getObject<{ code?: ScoringCode; condaFile?: string }>("script");
const model =
  script === undefined ? new MlflowModel("model", registered) : new CustomModel("plain", registered);
const environment =
  script?.condaFile === undefined
    ? undefined
    : new Environment("scoring", {
        workspaceId: workspace.id,
        environmentName: "scoring",
        image: "mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04:20250601.v1",
        condaFile: script.condaFile,
      });
const endpoint = new OnlineEndpoint("churn", {
  workspaceId: workspace.id,
  location,
  endpointName: "oe-churn-r1",
  ...settings,
  authMode,
  // The workspace's, or one of its own.
  ...(config.getBoolean("workspaceIdentity") === true && workspace.identityId !== undefined
    ? { identityId: workspace.identityId }
    : {}),
  tags,
});
const deployed = {
  endpointId: endpoint.id,
  location,
  model: model.id,
  ...(script?.code === undefined ? {} : { code: script.code }),
  ...(environment === undefined ? {} : { environment: environment.id }),
  instanceType: "Standard_DS3_v2",
  // So many that copies of requests wait for a busy machine, and none is answered 429.
  concurrentRequestsPerInstance: 64,
};
const rollout = config.getObject<object>("rollout");
// An `up` holds for as long as it takes: of the accelerated clock's default hour a busy machine can spend all on one deployment.
const patient = { maxHoldSeconds: 604_800, ...rollout };
const rolling =
  rollout === undefined ? undefined : new RollingDeployment("churn-model", { ...deployed, ...patient });
if (rolling === undefined)
  endpoint.route([{ deployment: new OnlineDeployment("churn-model", deployed), percent: 100 }]);

// Azure tells the keys of an endpoint whose callers sign in with them, and of no other.
const keysOf = (id: string): pulumi.Output<string> => {
  const { resourceGroupName, workspaceName } = workspaceParts(id);
  const { name: endpointName } = resourceParts(id);
  const keys = ml.listOnlineEndpointKeysOutput({ resourceGroupName, workspaceName, endpointName });
  return keys.apply(({ primaryKey }) => primaryKey ?? "");
};

export const endpointId = endpoint.id;
export const scoringUri = endpoint.scoringUri;
export const generation = rolling?.generation;
export const phase = rolling?.phase;
export const key = pulumi.secret(authMode === "Key" ? endpoint.id.apply(keysOf) : "");
