export { ActionGroup, type ActionGroupArgs, type Webhook, type WebhookSignIn } from "./action-group";
export { InvalidArgs } from "./args";
export { Autoscale } from "./autoscale";
export type {
  AutoscaleArgs,
  Instances,
  InstancesRule,
  InstancesScale,
  InstancesSchedule,
} from "./autoscale-args";
export { Budget, type BudgetArgs, type BudgetNotification } from "./budget";
export type { ComputeIdentity } from "./compute";
export { ComputeCluster } from "./compute-cluster";
export type { ComputeClusterArgs } from "./compute-cluster-args";
export { ComputeInstance } from "./compute-instance";
export type {
  AssignedUser,
  ComputeInstanceArgs,
  InstanceRecurrence,
  InstanceSchedule,
  SetupScript,
} from "./compute-instance-args";
export type {
  DnsZones,
  FqdnRule,
  Isolation,
  ManagedApprovedOnly,
  ManagedOutbound,
  OutboundRule,
  PrivateEndpointRule,
  PrivateEndpoints,
  PrivateIsolation,
  PublicIsolation,
  ServiceTagRule,
} from "./isolation";
export { KubernetesCompute } from "./kubernetes-compute";
export type {
  InstanceLimits,
  InstanceResources,
  InstanceType,
  KubernetesComputeArgs,
} from "./kubernetes-compute-args";
export { Connection } from "./connection";
export type { ConnectionArgs, ConnectionAuth } from "./connection-args";
export { CustomModel, type CustomModelArgs } from "./custom-model";
export { DataAsset } from "./data-asset";
export type { DataAssetArgs } from "./data-asset-args";
export { Datastore } from "./datastore";
export type { BlobStorage, DataLakeGen2Storage, DatastoreArgs, FileStorage } from "./datastore-args";
export { Environment } from "./environment";
export type { BuildContext, EnvironmentArgs } from "./environment-args";
export {
  EndpointAlerts,
  type AlertTiming,
  type CapacityAlert,
  type EndpointAlertsArgs,
  type ErrorsAlert,
  type LatencyAlert,
} from "./endpoint-alerts";
export { Experiment } from "./experiment";
export type { ExperimentArgs } from "./experiment-args";
export { MlflowModel, type MlflowModelArgs } from "./mlflow-model";
export type { MlflowPlaceArgs, MlflowServerArgs, MlflowSignIn } from "./mlflow-server-args";
export type { ModelVersionArgs } from "./model-version-args";
export { MlflowStack } from "./mlflow-stack";
export type {
  MlflowStackArgs,
  StackActionGroup,
  StackAlerts,
  StackBudget,
  StackCluster,
  StackComputeInstance,
  StackConnection,
  StackDataAsset,
  StackDatastore,
  StackDeployment,
  StackEndpoint,
  StackEnvironment,
  StackKubernetesCompute,
  StackModel,
  StackWorkspace,
} from "./mlflow-stack-args";
export { OnlineDeployment, type OnlineDeploymentArgs } from "./online-deployment";
export { OnlineEndpoint, type OnlineEndpointArgs, type TrafficShare } from "./online-endpoint";
export { RollingDeployment } from "./rolling-deployment";
export type {
  AllAtOnce,
  Canary,
  ExplicitSteps,
  Linear,
  RollingDeploymentArgs,
  RolloutStep,
  ShadowThenCanary,
  SmokeRequest,
} from "./rolling-deployment-args";
export { RegisteredModel } from "./registered-model";
export type { RegisteredModelArgs } from "./registered-model-args";
export type { RolloutNotify } from "./rollout-notify-args";
export type {
  RolloutCheck,
  RolloutGate,
  RolloutGates,
  RolloutReplay,
  RunMetricGate,
} from "./rollout-gates-args";
export { Registry } from "./registry";
export type { RegistryArgs } from "./registry-args";
export type { Tags } from "./tags";
export { Workspace } from "./workspace";
export type { DataContributor, OnDelete, WorkspaceArgs } from "./workspace-args";
