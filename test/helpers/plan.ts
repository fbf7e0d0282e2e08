import type { JsonObject } from "../../local/json";
import type { Stack } from "./local-azure";

/** What a preview is about to do to a resource. */
export interface Change {
  readonly op: string;
  readonly type: string;
  readonly name: string;
}

/** A resource as the state holds it. */
export interface Exported {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  /** URN; empty for none. */
  readonly parent: string;
  readonly custom: boolean;
  /** Empty for components. */
  readonly id: string;
  readonly outputs: JsonObject;
}

/** The steps of a preview that are more than keeping what is. */
export async function changes(stack: Pick<Stack, "succeeds">): Promise<Change[]> {
  const { steps } = JSON.parse(await stack.succeeds("preview", "--json")) as {
    steps: { op: string; urn: string }[];
  };
  return steps.filter(({ op }) => op !== "same").map(({ op, urn }) => ({ op, ...partsOf(urn) }));
}

/** The resources of the state. */
export async function exported(stack: Stack): Promise<Exported[]> {
  const { deployment } = JSON.parse(await stack.succeeds("stack", "export")) as {
    deployment: { resources?: (Partial<Exported> & { urn: string })[] };
  };
  return (deployment.resources ?? []).map(({ urn, parent = "", custom = false, id = "", outputs = {} }) => ({
    urn,
    ...partsOf(urn),
    parent,
    custom,
    id,
    outputs,
  }));
}

function partsOf(urn: string): { type: string; name: string } {
  const [, , types = "", name = ""] = urn.split("::");
  return { type: types.slice(types.lastIndexOf("$") + 1), name };
}
