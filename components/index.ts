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
export { BatchDeployment } from "./batch-deployment";
export type { BatchDeploymentArgs, BatchRetries, PipelineComponent } from "./batch-deployment-args";
export { BatchEndpoint, type BatchEndpointArgs } from "./batch-endpoint";
export { BatchRun } from "./batch-run";
export type { BatchInputFiles, BatchRunArgs } from "./batch-run-args";
export { Budget, type BudgetArgs, type BudgetNotification } from "./budget";
export type { ComputeIdentity } from "./compute";
export { ComputeCluster } from "./compute-cluster";
export type { ComputeClusterArgs } from "./compute-cluster-args";
export { ComputeInstance } from "./compute-instance";
export type {
  AssignedUser,
  ComputeInstanceArgs,
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
export type {
  AzureDevOpsCredential,
  FederatedCredential,
  GitHubActionsCredential,
  IssuerCredential,
  KubernetesCredential,
} from "./federated-credential-args";
export type { ModelAcceptance } from "./model-acceptance";
export { MlflowModel, type MlflowModelArgs } from "./mlflow-model";
export { MlflowProject } from "./mlflow-project";
export type { MlflowProjectArgs, ProjectParameter } from "./mlflow-project-args";
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
export { ModelMonitor } from "./model-monitor";
export type { ModelMonitorArgs, MonitorCompute } from "./model-monitor-args";
export type { FixedWindow, MonitoredData, TrailingWindow } from "./model-monitor-data";
export type {
  CategoricalDrift,
  CustomSignal,
  DataDriftSignal,
  DataQualitySignal,
  DriftThresholds,
  MonitorSignal,
  NumericalDrift,
  PredictionDriftSignal,
  QualityRates,
  QualityThresholds,
} from "./model-monitor-signals";
export { OnlineDeployment, type OnlineDeploymentArgs } from "./online-deployment";
export { OnlineEndpoint, type OnlineEndpointArgs, type TrafficShare } from "./online-endpoint";
export type { BatchProof } from "./batch-proof-args";
export { RollingBatchDeployment } from "./rolling-batch-deployment";
export type { RollingBatchDeploymentArgs } from "./rolling-batch-deployment-args";
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
export type { ScoringCode, ScoringCodeArgs } from "./scoring-code";
export { Pipeline } from "./pipeline";
export type { PipelineArgs } from "./pipeline-args";
export {
  commandStep,
  type CommandStep,
  type CommandStepArgs,
  pipelineStep,
  sweepStep,
  type NestedStep,
  type NestedStepArgs,
  type PipelineStep,
  type StepDataType,
  type StepInput,
  type StepOutput,
  type SweepStep,
  type SweepStepArgs,
} from "./pipeline-steps";
export { RegisteredModel } from "./registered-model";
export type { RegisteredModelArgs } from "./registered-model-args";
export type { RolloutNotify } from "./rollout-notify-args";
export type { RolloutCheck, RolloutGate, RolloutGates, RolloutReplay } from "./rollout-gates-args";
export type { RunMetricGate } from "./run-metric-gate";
export { Registry } from "./registry";
export type { RegistryArgs } from "./registry-args";
export { Schedule } from "./schedule";
export type { ScheduleArgs, ScheduledInput } from "./schedule-args";
export { SweepJob } from "./sweep-job";
export type {
  BanditTermination,
  BayesianSampling,
  EvaluationTiming,
  GridSampling,
  MedianStoppingTermination,
  RandomSampling,
  SweepEarlyTermination,
  SweepJobArgs,
  SweepLimits,
  SweepObjective,
  SweepSampling,
  TruncationSelectionTermination,
} from "./sweep-job-args";
export type {
  ChoiceDistribution,
  NormalDistribution,
  QuantizedNormalDistribution,
  QuantizedUniformDistribution,
  RandintDistribution,
  SweepDistribution,
  UniformDistribution,
} from "./sweep-search-space";
export type { Tags } from "./tags";
export { TrackingAccess } from "./tracking-access";
export type {
  TrackingAccessArgs,
  TrackingFederation,
  TrackingManagedIdentity,
  TrackingServicePrincipal,
} from "./tracking-access-args";
export type { TrackingLevel } from "./tracking-roles";
export type { TrackingScripts } from "./tracking-scripts";
export type { Recurrence, Trigger } from "./trigger";
export { TrainingJob } from "./training-job";
export type {
  ProcessDistribution,
  TensorFlowDistribution,
  TrainingEnvironment,
  TrainingIdentity,
  TrainingJobArgs,
  TrainingLimits,
  TrainingQueue,
  TrainingResources,
} from "./training-job-args";
export type { TrainingInput, TrainingInputFiles, TrainingJobOutput } from "./training-job-data";
export { Workspace } from "./workspace";
export type { DataContributor, OnDelete, WorkspaceArgs } from "./workspace-args";
