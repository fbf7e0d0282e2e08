import { ArmError } from "../errors";
import { RESOURCE_GROUPS } from "../lookup";
import type { ResourceType } from "../resource-type";
import { RESOURCE_MANAGER_VERSIONS } from "../subscriptions";
import { locationAndTags, mergedPatch, nameRule } from "./envelope";
import { normalLocation } from "../locations";

/** Microsoft.Resources: resource groups. */
export const resourcesTypes: readonly ResourceType[] = [
  {
    type: RESOURCE_GROUPS,
    apiVersions: RESOURCE_MANAGER_VERSIONS,
    scope: "subscription",
    checkName: nameRule(
      /^(?!.*\.$)[-\w.()]{1,90}$/,
      "InvalidResourceGroup",
      (name) =>
        `The provided resource group name '${name}' has these invalid characters or is too long: allowed are 1 to 90 letters, digits, '_', '-', '(', ')' and '.', the last not a '.'.`,
    ),
    make: ({ body, existing, name }) => {
      if (typeof body["location"] !== "string") {
        throw new ArmError(400, "LocationRequired", "The location property is required for this definition.");
      }
      const made = locationAndTags(body);
      const before = existing?.body["location"];
      if (before !== undefined && normalLocation(String(before)) !== made["location"]) {
        throw new ArmError(
          409,
          "InvalidResourceGroupLocation",
          `Invalid resource group location '${String(body["location"])}'. The Resource group '${name}' already exists in location '${String(before)}'.`,
        );
      }
      return { body: { ...made, properties: { provisioningState: "Succeeded" } } };
    },
    amend: (request) => mergedPatch(request, ["tags"]),
    longRunning: {
      status: "operationresults",
      result: "operationresults",
      delete: { created: 202, updated: 202, headers: ["Location"] },
    },
  },
];
