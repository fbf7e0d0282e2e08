import type { JsonObject } from "../../json";
import { ArmError } from "../errors";
import { normalLocation } from "../locations";
import { merged, objectAt, omit, stringAt } from "../objects";
import type { Made, PatchRequest } from "../resource-type";
import type { StoredResource } from "../store";

/** `location` and `tags` of a tracked resource. */
export function locationAndTags(body: JsonObject): JsonObject {
  return { location: normalLocation(stringAt(body, "location") ?? ""), tags: objectAt(body, "tags") };
}

/** The stored body, without what every write adds anew. */
export function kept(body: JsonObject): JsonObject {
  return omit(body, ["id", "name", "type", "systemData"]);
}

/** PATCH of a resource whose `tags` are replaced and whose other members are merged. */
export function mergedPatch({ existing, body }: PatchRequest, members: readonly string[]): Made {
  const result = kept(existing.body);
  for (const member of members) {
    const change = body[member];
    if (change === undefined) continue;
    if (member === "tags") result["tags"] = change;
    else result[member] = merged(objectAt(result, member), objectAt(body, member));
  }
  return { body: result };
}

/** @throws ArmError (400) unless the body has a string there. */
export function requiredString(object: JsonObject, key: string, path: string, code = "BadRequest"): string {
  const value = stringAt(object, key);
  if (value !== undefined && value !== "") return value;
  throw new ArmError(400, code, `The property '${path}' is required.`, { target: path });
}

/** @throws ArmError (400) for a name that the pattern does not match. */
export function nameRule(
  pattern: RegExp,
  code: string,
  says: (name: string) => string,
): (name: string) => void {
  return (name) => {
    if (!pattern.test(name)) throw new ArmError(400, code, says(name));
  };
}

/** Whether the resource was there before, and what its creation sets going is done. */
export function isMade(previous: StoredResource | undefined): previous is StoredResource {
  return objectAt(previous?.body ?? {}, "properties")["provisioningState"] === "Succeeded";
}
