/** What ARM's writes set going in the other parts of the local Azure. ARM awaits each before it says Succeeded. */
export interface Effects {
  /** A storage account came to be, or lost everything it held. */
  storageAccountCreated(account: string): Promise<void>;
  storageAccountDeleted(account: string): Promise<void>;
  /** Makes the container if it is not there. */
  containerCreated(account: string, container: string): Promise<void>;
  /** Gives the workspace (ARM id) its MLflow server; resolves when it answers. */
  workspaceCreated(workspaceId: string): Promise<void>;
  /** Ends the workspace's MLflow server and drops what it held; already when it is soft-deleted, for nothing recovers it. */
  workspaceDeleted(workspaceId: string): Promise<void>;
  /** Starts (or exchanges without a gap) the deployment's processes; rejects with what the model's log says. */
  deploy(deployment: OnlineDeploymentSpec): Promise<void>;
  undeploy(deploymentId: string): Promise<void>;
  /** The deployment's own log, newest lines last. */
  deploymentLog(deploymentId: string, tail: number): Promise<string>;
}

export interface OnlineDeploymentSpec {
  /** ARM id of the deployment. */
  readonly id: string;
  /** Where the model's files are. */
  readonly model:
    { readonly account: string; readonly container: string; readonly prefix: string } | undefined;
  /** `mlflow_model`, `custom_model` or `triton_model`. */
  readonly modelType: string;
  readonly instances: number;
  readonly environmentVariables: Readonly<Record<string, string>>;
  /** Milliseconds a scoring request may take. */
  readonly requestTimeout: number;
  readonly maxConcurrentRequestsPerInstance: number;
}
