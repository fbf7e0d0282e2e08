import { randomUUID } from "node:crypto";
import { TENANT_ID } from "../../cloud";
import { noteDeleted } from "../../identity/deleted-principals";
import type { JsonObject } from "../../json";
import { ArmError } from "../errors";
import { objectAt, stringAt } from "../objects";
import { lastName } from "../path";
import type { Made, PutRequest, ResourceType } from "../resource-type";
import { locationAndTags, mergedPatch, nameRule, requiredString } from "./envelope";

const TYPE = "Microsoft.ManagedIdentity/userAssignedIdentities";
const API_VERSIONS = ["2023-01-31", "2024-11-30", "2025-05-31-preview"] as const;

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
    erase: async (arm, { body }) => {
      const principalId = stringAt(objectAt(body, "properties"), "principalId");
      if (principalId !== undefined) await noteDeleted(arm.store, principalId);
    },
  },
  {
    type: `${TYPE}/federatedIdentityCredentials`,
    apiVersions: API_VERSIONS,
    systemData: true,
    checkName: nameRule(
      /^[A-Za-z0-9][A-Za-z0-9_-]{2,119}$/,
      "BadRequest",
      (name) =>
        `The federated identity credential's name '${name}' is not valid: 3 to 120 letters, digits, '-' and '_', a letter or digit first.`,
    ),
    make: makeFederatedCredential,
  },
];

/** Most that an identity can have. */
const MOST_CREDENTIALS = 20;

function makeFederatedCredential({ arm, body, id }: PutRequest): Made {
  const wanted = objectAt(body, "properties");
  const { audiences } = wanted;
  if (!Array.isArray(audiences) || audiences.length !== 1)
    throw new ArmError(400, "BadRequest", "A federated identity credential has exactly one audience.");
  const issuer = limited(wanted, "issuer");
  const subject = limited(wanted, "subject");
  if (!/^https:\/\/[^/?#\s*]+[^?#\s*]*$/i.test(issuer)) {
    throw new ArmError(
      400,
      "BadRequest",
      `The issuer '${issuer}' is not valid: an https address without spaces, query or wildcards.`,
    );
  }
  const collection = id.slice(0, id.lastIndexOf("/") + 1);
  const others = arm.store.list(collection).filter((each) => each.id.toLowerCase() !== id.toLowerCase());
  const same = others.find((each) => {
    const properties = objectAt(each.body, "properties");
    return properties["issuer"] === issuer && properties["subject"] === subject;
  });
  if (same !== undefined) {
    throw new ArmError(
      409,
      "Conflict",
      `Issuer and subject combination already exists for this Managed Identity: '${lastName(same.id)}' has them.`,
    );
  }
  if (others.length >= MOST_CREDENTIALS) {
    throw new ArmError(
      400,
      "BadRequest",
      `Too many Federated Identity Credentials are configured on this Managed Identity: at most ${MOST_CREDENTIALS}.`,
    );
  }
  return { body: { properties: { issuer, subject, audiences } } };
}

/** A string of at most 600 characters, as each of a federated credential's is. */
function limited(properties: JsonObject, name: string): string {
  const value = requiredString(properties, name, `properties.${name}`);
  if (value.length <= 600) return value;
  throw new ArmError(
    400,
    "BadRequest",
    `properties.${name} has ${value.length} characters; at most 600 are allowed.`,
  );
}
