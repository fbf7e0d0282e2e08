import { randomUUID } from "node:crypto";
import { TENANT_ID } from "../../cloud";
import { ArmError } from "../errors";
import { objectAt } from "../objects";
import type { ResourceType } from "../resource-type";
import { locationAndTags, mergedPatch, nameRule, requiredString } from "./envelope";

const TYPE = "Microsoft.ManagedIdentity/userAssignedIdentities";
const API_VERSIONS = ["2023-01-31", "2024-11-30"] as const;

/** Microsoft.ManagedIdentity: user-assigned identities and the credentials that federate with them. */
export const managedIdentityTypes: readonly ResourceType[] = [
  {
    type: TYPE,
    apiVersions: API_VERSIONS,
    tracked: true,
    systemData: true,
    checkName: nameRule(
      /^[A-Za-z0-9][A-Za-z0-9_-]{2,127}$/,
      "InvalidResourceName",
      (name) =>
        `The identity name '${name}' is not valid: 3 to 128 letters, digits, '-' and '_', a letter or digit first.`,
    ),
    make: ({ body, existing }) => {
      const before = objectAt(existing?.body ?? {}, "properties");
      return {
        body: {
          ...locationAndTags(body),
          properties: {
            tenantId: TENANT_ID,
            principalId: before["principalId"] ?? randomUUID(),
            clientId: before["clientId"] ?? randomUUID(),
          },
        },
      };
    },
    amend: (request) => mergedPatch(request, ["tags"]),
  },
  {
    type: `${TYPE}/federatedIdentityCredentials`,
    apiVersions: API_VERSIONS,
    systemData: true,
    make: ({ body }) => {
      const wanted = objectAt(body, "properties");
      const { audiences } = wanted;
      if (!Array.isArray(audiences) || audiences.length !== 1) {
        throw new ArmError(400, "BadRequest", "A federated identity credential has exactly one audience.");
      }
      const issuer = requiredString(wanted, "issuer", "properties.issuer");
      const subject = requiredString(wanted, "subject", "properties.subject");
      return { body: { properties: { issuer, subject, audiences } } };
    },
  },
];
