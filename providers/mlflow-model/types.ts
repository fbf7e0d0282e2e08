import type { PlaceInputs } from "../models/places";

/** What the program declares: where the files are, where the version goes, and what is said of it. */
export interface MlflowModelInputs extends PlaceInputs {
  /** The registered model's name. */
  readonly name: string;
  readonly description?: string;
  readonly tags?: Readonly<Record<string, string>>;
  /** What becomes of the version when the resource goes. */
  readonly onDelete: "retain" | "delete";
  /** Of the content, where a plan can know it; `check` puts it in. */
  readonly digest?: string;
  /** `SourceIdentity.address`, where there is no digest; `check` puts it in. */
  readonly address?: string;
}

/** What the state holds of a registered version; its id is the version's ARM id. */
export interface MlflowModelOutputs extends MlflowModelInputs {
  readonly digest: string;
  /** A positive whole number. */
  readonly version: string;
  /** Where the files are: `azureml://…/datastores/workspaceblobstore/paths/…`. */
  readonly modelUri: string;
}
