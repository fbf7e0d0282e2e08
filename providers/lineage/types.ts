/**
 * `verified`: the service has it, as said. `recorded`: somebody wrote it down, and no service could be asked. `missing`: nobody wrote it
 * down. `broken`: the service says otherwise.
 */
export type Proof = "verified" | "recorded" | "missing" | "broken";

/** A link of the chain from an endpoint's traffic to the data that its model learned from. */
export interface Link {
  readonly what: "deployment" | "model" | "digest" | "run" | "commit" | "data";
  /** Name, version, digest or id; empty where it is missing. */
  readonly value: string;
  readonly proof: Proof;
  /** What was asked, and what it said. */
  readonly how: string;
}

/** What answers some of the requests. */
export interface Served {
  readonly deployment: string;
  /** Percent. */
  readonly traffic: number;
  readonly links: readonly Link[];
}
