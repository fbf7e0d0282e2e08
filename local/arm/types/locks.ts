import { ArmError } from "../errors";
import { LOCKS } from "../locks";
import { objectAt, pick } from "../objects";
import type { ResourceType } from "../resource-type";
import { requiredString } from "./envelope";

/** Management locks, at any scope; local/arm/locks.ts has what they prevent. */
export const locks: ResourceType = {
  type: LOCKS,
  apiVersions: ["2016-09-01", "2020-05-01"],
  scope: "any",
  systemData: true,
  make: ({ body }) => {
    const wanted = objectAt(body, "properties");
    const level = requiredString(wanted, "level", "properties.level", "InvalidLockLevel");
    if (!["CanNotDelete", "ReadOnly"].includes(level)) {
      const message = `The lock level '${level}' is invalid: it is CanNotDelete or ReadOnly.`;
      throw new ArmError(400, "InvalidLockLevel", message);
    }
    return { body: { properties: { level, ...pick(wanted, ["notes", "owners"]) } } };
  },
};
