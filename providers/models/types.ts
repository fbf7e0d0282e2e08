import type { Acceptance } from "./acceptance";
import type { PlaceInputs } from "./places";

/** What the program declares: where the files are, where the version goes, and what is said of it. */
export interface ModelVersionInputs extends PlaceInputs {
  /** The registered model's name. */
  readonly name: string;
  /** What the version is; an MLflow model unless said otherwise. */
  readonly type?: "custom_model" | "triton_model";
  /** Whether what an MLflow model lacks to be served is added to the copy that is registered. */
  readonly fix?: boolean;
  /** What the model's run must have logged for a version to be registered. */
  readonly accept?: Acceptance;
  /** The only digest that is registered. */
  readonly expectedDigest?: string;
  readonly description?: string;
  readonly tags?: Readonly<Record<string, string>>;
  /** Names that lead to this version, and to no other of the model. */
  readonly aliases?: readonly string[];
  /** What becomes of the version when the resource goes. */
  readonly onDelete: "retain" | "delete";
  /** Of the content, where a plan can know it; `check` puts it in. */
  readonly digest?: string;
  /** `SourceIdentity.address`, where there is no digest; `check` puts it in. */
  readonly address?: string;
}

/** What the state holds of a registered version; its id is the version's ARM id, on an MLflow server `models:/NAME/VERSION`. */
export interface ModelVersionOutputs extends ModelVersionInputs {
  readonly digest: string;
  /** A positive whole number. */
  readonly version: string;
  /** Where the files are: `azureml://…/datastores/workspaceblobstore/paths/…`, `mlflow-artifacts:/…`. */
  readonly modelUri: string;
  /** What a later plan compares its files with; absent where there are many. */
  readonly contents?: string;
}
