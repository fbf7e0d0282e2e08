import { createHash, randomUUID } from "node:crypto";
import type { Autonaming } from "../provider";
import { pathInputs } from "./table";

/** The name that a resource gets when the program gives none; `isRandom` when a second one can stand beside it. */
export interface AutoName {
  readonly input: string;
  readonly name: string;
  readonly isRandom: boolean;
}

/**
 * The last input of the path, named after the resource: with 8 random characters where the name is unique in a group or in all of
 * Azure, by a UUID for role assignments, and as it is for what lives inside another resource.
 *
 * @param seed the engine's; the same seed gives the same name, so that a preview shows what an update makes.
 */
export function autoName(
  path: string,
  resourceName: string,
  seed: Uint8Array,
  autonaming: Autonaming | undefined,
): AutoName | undefined {
  const input = pathInputs(path).at(-1);
  if (input === undefined || !path.endsWith(`{${input}}`) || autonaming?.mode === "disable") return undefined;
  const strategy = strategyOf(path, input);
  if (autonaming !== undefined && (autonaming.mode === "enforce" || strategy !== "uuid"))
    return { input, name: autonaming.proposedName, isRandom: true };
  if (strategy === "copy") return { input, name: resourceName, isRandom: false };
  const digits = randomDigits(seed, resourceName);
  if (strategy === "random") return { input, name: resourceName + digits.slice(0, 8), isRandom: true };
  const uuid = `${digits.slice(0, 8)}-${digits.slice(8, 12)}-4${digits.slice(13, 16)}-8${digits.slice(17, 20)}-${digits.slice(20, 32)}`;
  return { input, name: uuid, isRandom: true };
}

function strategyOf(path: string, input: string): "random" | "copy" | "uuid" {
  if (input === "roleAssignmentName") return "uuid";
  if (input === "endpointName") return "random";
  const [, ...providers] = path.toLowerCase().split("microsoft.");
  const own = providers.at(-1);
  return own === undefined || own.split("{").length === 2 ? "random" : "copy";
}

function randomDigits(seed: Uint8Array, name: string): string {
  return createHash("sha256")
    .update(seed.length > 0 ? seed : randomUUID())
    .update(name)
    .digest("hex");
}
