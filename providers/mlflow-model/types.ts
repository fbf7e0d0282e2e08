/** What the program declares. */
export interface MlflowModelInputs {
  /** ARM id of the workspace. */
  readonly workspaceId: string;
  /** The registered model's name. */
  readonly name: string;
  /** Folder with the model's `MLmodel`; relative to the program's own folder. */
  readonly path: string;
  readonly description?: string;
  readonly tags?: Readonly<Record<string, string>>;
  /** What becomes of the version when the resource goes. */
  readonly onDelete: "retain" | "delete";
  /** Of the folder's content; `check` puts it in. */
  readonly digest?: string;
}

/** What the state holds of a registered version; its id is the version's ARM id. */
export interface MlflowModelOutputs extends MlflowModelInputs {
  readonly digest: string;
  /** A positive whole number. */
  readonly version: string;
  /** Where the files are: `azureml://…/datastores/workspaceblobstore/paths/…`. */
  readonly modelUri: string;
}
