/** What the program declares of a version of data, of code or of an environment. */
export interface AssetVersionInputs {
  /** ARM id of the workspace. */
  readonly workspaceId: string;
  readonly collection: "codes" | "components" | "data" | "environments";
  readonly name: string;
  /** The version's properties as ARM takes them, without description and tags, and without the address of what is uploaded. */
  readonly definition: Readonly<Record<string, unknown>>;
  /** File or folder to upload, relative to the program's own folder. */
  readonly path?: string;
  readonly description?: string;
  readonly tags?: Readonly<Record<string, string>>;
  /** What becomes of the version when the resource goes. */
  readonly onDelete: "retain" | "delete";
  /** Of definition and files; `check` puts it in. */
  readonly digest?: string;
}

/** What the state holds of a registered version; its id is the version's ARM id. */
export interface AssetVersionOutputs extends AssetVersionInputs {
  readonly digest: string;
  readonly version: string;
}
