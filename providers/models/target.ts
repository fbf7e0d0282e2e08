import type { AssetFile } from "../assets/files";
import type { Lineage } from "./source";

/** What is registered: a model of this name whose versions are of this type. */
export interface ModelKind {
  /** The registered model's name. */
  readonly name: string;
  readonly type: "mlflow_model" | "custom_model" | "triton_model";
}

/** A registered version as its registry has it. */
export interface RegisteredVersion {
  /** What the resource is known by: a version's ARM id on Azure ML, `models:/NAME/VERSION` on an MLflow server. */
  readonly id: string;
  /** A positive whole number. */
  readonly version: string;
  /** Where the files are: `azureml://…`, `mlflow-artifacts:/…`. */
  readonly modelUri: string;
  /** Of the content, as `digestOf` makes it; absent where somebody else registered the version. */
  readonly digest?: string;
  readonly description?: string;
  /** All of them, those of others too; not those that stand for aliases. */
  readonly tags: Readonly<Record<string, string>>;
  readonly aliases: readonly string[];
}

/** What is said of a version beside its content. */
export interface VersionWords {
  readonly description?: string;
  readonly tags: Readonly<Record<string, string>>;
  /** Names that lead to this version from now on, and to no other of the model. */
  readonly aliases: readonly string[];
}

/** Files in their place, each of them whole and compared with what was sent. */
export interface Uploaded {
  /** Of the content, as `digestOf` makes it. */
  readonly digest: string;
  /** What the target registers. */
  readonly modelUri: string;
  /** The MLflow run whose artifacts they are, on an MLflow server. */
  readonly runId?: string;
}

/** Where versions of one model are registered. */
export interface ModelTarget {
  /** The version that has this content, the newest should there be several. */
  find(digest: string): Promise<RegisteredVersion | undefined>;
  /** Whether this package has registered a version that a run logged. */
  hasOfRun(runId: string): Promise<boolean>;
  /** The number that a version registered now would get. */
  next(within?: AbortSignal): Promise<string>;
  /**
   * Brings the files to where the registry has them. What is there already is not sent again.
   *
   * @param key names the place: the same for the same content, so that an upload that was cut off goes on
   * @throws ProviderError where a file is not what it was said to be
   */
  upload(files: readonly AssetFile[], key: string): Promise<Uploaded>;
  /** Registers what was uploaded as the next version; a version that is there is never overwritten, whoever registers at the same time. */
  register(uploaded: Uploaded, words: VersionWords, lineage: Lineage): Promise<RegisteredVersion>;
  /** @returns undefined where it is gone */
  read(id: string): Promise<RegisteredVersion | undefined>;
  /**
   * Writes description, tags and aliases; tags and aliases that the program never declared stay.
   *
   * @param was what the program declared before
   */
  describe(id: string, was: Pick<VersionWords, "tags" | "aliases">, words: VersionWords): Promise<void>;
  /** What is not there is deleted. */
  remove(id: string): Promise<void>;
}
