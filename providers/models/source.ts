import type { AssetFile } from "../assets/files";

/** Where a model comes from, as far as its source says. */
export interface Lineage {
  /** Address that it was taken from, `runs:/4f…/model`; a folder of this machine has none. */
  readonly source?: string;
  /** The MLflow run that logged it. */
  readonly runId?: string;
  /** The Azure ML job that made it. */
  readonly jobName?: string;
  /** Commit of the code that made it. */
  readonly gitCommit?: string;
  /** Said where the code was another than the commit's. */
  readonly gitDirty?: string;
}

/** What a plan is made from: two sources with the same `digest`, or the same `address`, have the same content. */
export interface SourceIdentity {
  /** SHA-256 over paths and bytes (`digestOf`), in hexadecimal digits, where it is known without a reading of what is far away. */
  readonly digest?: string;
  /**
   * An address that stays the same as long as the content does: with an alias exchanged for its version, and a folder that can change for its
   * listing's digest. Absent where the source could not be asked in time.
   */
  readonly address?: string;
}

/** A model before it is registered. */
export interface ModelSource {
  /** Name of the folder that the files are in, `model`. */
  readonly folderName: string;
  /**
   * For the plan. What is on this machine is read; what is elsewhere is asked with one short read, which `within` ends.
   *
   * @throws ProviderError where there is no such model
   */
  identify(within: AbortSignal): Promise<SourceIdentity>;
  /**
   * The files, in the order of their paths, none of them held in memory.
   *
   * @throws ProviderError where there is no such model
   */
  files(): Promise<readonly AssetFile[]>;
  lineage(): Promise<Lineage>;
}
