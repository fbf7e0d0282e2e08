/** What a scoring script runs in, out of an environment's version. */
export interface Environment {
  /** ARM id of the version. */
  readonly id: string;
  /** A Docker image's address. */
  readonly image: string | undefined;
  /** The text of a conda file. */
  readonly condaFile: string | undefined;
  /** A Docker context is built instead. */
  readonly build: boolean;
}
