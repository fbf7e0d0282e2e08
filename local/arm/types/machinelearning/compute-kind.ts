import type { JsonObject } from "../../../json";
import { badArgument } from "../../errors";
import { objectAt, stringAt } from "../../objects";
import type { Arm } from "../../resource-type";
import { locationOfSubnet } from "../network/virtual-networks";

/** What the types of computes have different from one another. */
export interface ComputeKind {
  /** As `computeType` says it. */
  readonly computeType: string;
  /** Something that was there before: a deletion leaves it there. */
  readonly attached: boolean;
  /** Unique among all computes of a region, not only in the workspace. */
  readonly uniqueInRegion: boolean;
  readonly name: { readonly pattern: RegExp; readonly says: string };
  /** User-assigned identities at most. */
  readonly mostIdentities: number;
  /** `properties.properties` as GET shows it. @throws ArmError (400) for what the type refuses */
  readonly make: (request: KindRequest) => JsonObject;
  /** Start, stop and restart: `properties.properties` afterwards. */
  readonly power?: (inner: JsonObject, action: PowerAction, now: string) => JsonObject;
}

export type PowerAction = "Start" | "Stop" | "Restart";

export interface KindRequest {
  readonly arm: Arm;
  /** The whole of `properties`. */
  readonly wanted: JsonObject;
  /** `properties.properties` as the client wrote it. */
  readonly inner: JsonObject;
  /** `properties` of what is there. */
  readonly before: JsonObject | undefined;
  readonly workspace: JsonObject;
  readonly region: string;
  readonly name: string;
  readonly now: string;
  /** Object id of who asks. */
  readonly creator: string;
}

/** What is 3 to 24 characters long, as Azure says for its own machines. */
export const MACHINE_NAME = {
  pattern: /^(?=.{3,24}$)[a-zA-Z]([a-zA-Z0-9]|-(?=[a-zA-Z0-9-]*[a-zA-Z]))*[a-zA-Z0-9]$/,
  says: "3 to 24 letters, digits and dashes, a letter first and one after a dash, no dash last",
};

/** @throws ArmError (400) where what is given differs from what is there */
export function checkFixed(
  before: JsonObject | undefined,
  wanted: JsonObject,
  properties: readonly string[],
): void {
  if (before === undefined) return;
  for (const property of properties) {
    const given = wanted[property];
    if (given === undefined || given === null) continue;
    if (same(before[property], given)) continue;
    throw badArgument(
      `'${property}' of a compute cannot be changed; delete it and make another.`,
      `properties.properties.${property}`,
    );
  }
}

function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one ?? null).toLowerCase() === JSON.stringify(other).toLowerCase();
}

/** @throws ArmError (400) for machines that Azure could not reach, or in a network that is not theirs to choose */
export function checkNetwork({ arm, inner, workspace, region }: KindRequest): void {
  const managed = !["", "Disabled"].includes(isolationOf(workspace));
  const hasSubnet = inner["subnet"] !== undefined && inner["subnet"] !== null;
  if (hasSubnet && managed)
    throw badArgument(
      "The workspace has a managed network: its computes can't be in a virtual network of yours.",
      "properties.properties.subnet",
    );
  if (inner["enableNodePublicIp"] === false && !hasSubnet && !managed)
    throw badArgument(
      "Without public IP a compute needs a subnet, or a workspace with a managed network.",
      "properties.properties.enableNodePublicIp",
    );
  if (!hasSubnet) return;
  const id = stringAt(objectAt(inner, "subnet"), "id") ?? "";
  const at = locationOfSubnet(arm, id);
  if (at === undefined || at !== region)
    throw badArgument(
      at === undefined
        ? `The subnet '${id}' was not found.`
        : `The subnet '${id}' is in ${at}, the compute in ${region}; both must be in the same region.`,
      "properties.properties.subnet",
    );
}

function isolationOf(workspace: JsonObject): string {
  const network = workspace["managedNetwork"];
  const mode =
    typeof network === "object" && network !== null && !Array.isArray(network)
      ? network["isolationMode"]
      : "";
  return typeof mode === "string" ? mode : "";
}
