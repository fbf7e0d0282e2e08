import type { JsonObject } from "../json";
import { ArmError } from "./errors";
import { stringAt } from "./objects";
import { lastName } from "./path";

/** `West Europe` → `westeurope`. */
export function normalLocation(location: string): string {
  return location.toLowerCase().replaceAll(" ", "");
}

/** A tracked resource says where it is, and stays there. */
export function checkLocation(
  name: string,
  body: JsonObject,
  previous: JsonObject | undefined,
  resourceGroup: string,
): void {
  const location = stringAt(body, "location");
  if (location === undefined) {
    throw new ArmError(400, "LocationRequired", "The location property is required for this definition.");
  }
  if (!/^[a-z][a-z0-9]+$/.test(normalLocation(location))) {
    const message = `The provided location '${location}' is not available for resource type.`;
    throw new ArmError(400, "LocationNotAvailableForResourceType", message);
  }
  const before = previous === undefined ? undefined : stringAt(previous, "location");
  if (before === undefined || normalLocation(before) === normalLocation(location)) return;
  throw new ArmError(
    409,
    "InvalidResourceLocation",
    `The resource '${name}' already exists in location '${before}' in resource group '${lastName(resourceGroup)}'. A resource with the same name cannot be created in location '${location}'. Please select a new resource name.`,
  );
}
