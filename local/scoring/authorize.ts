import { createHash, timingSafeEqual } from "node:crypto";
import type { StoredResource } from "../arm/store";
import { SCORING_AUDIENCES } from "../cloud";
import { TokenRefused, type AccessControl, type TokenVerifier } from "../identity/principal";
import type { JsonObject } from "../json";
import { isEndpointToken } from "./endpoint-token";

/** Roles with `onlineEndpoints/score/action`: Owner, Contributor, AzureML Data Scientist. */
const SCORING_ROLES = [
  "8e3af657-a8ff-443c-a75c-2fe8c4bcb635",
  "b24988ac-6180-42a0-ab88-20f7382dd24c",
  "f6c7c914-8db3-469d-8ca1-694a8f32e121",
];

const digest = (text: string): Buffer => createHash("sha256").update(text).digest();

/** Whether the given key is one of the endpoint's, in a time that does not tell how much of it was right. */
export function isKey(given: string, keys: readonly (string | undefined)[]): boolean {
  const wanted = digest(given);
  let found = false;
  for (const key of keys) found = (key !== undefined && timingSafeEqual(wanted, digest(key))) || found;
  return found;
}

/** The token of an `Authorization: Bearer …` header. */
export function bearer(authorization: string | undefined): string | undefined {
  return /^Bearer\s+(\S+)\s*$/i.exec(authorization ?? "")?.[1];
}

/**
 * Checks a scoring request against the endpoint's `authMode`: a key of `internal.keys`, an Entra token for {@link SCORING_AUDIENCES}
 * whose principal may score, or a token that the endpoint itself gave out.
 * @returns the reason for a 401; undefined when the request may score
 */
export async function refusal(
  endpoint: StoredResource,
  authorization: string | undefined,
  verifier: TokenVerifier,
  access: AccessControl | undefined,
): Promise<string | undefined> {
  const token = bearer(authorization);
  if (token === undefined) return "key_auth_bad_header_forbidden";
  const keys = (endpoint.internal["keys"] ?? {}) as { primaryKey?: string; secondaryKey?: string };
  switch ((endpoint.body["properties"] as JsonObject)["authMode"]) {
    case "AADToken":
      return await entraRefusal(endpoint.id, authorization, verifier, access);
    case "AMLToken":
      return keys.primaryKey !== undefined && (await isEndpointToken(token, endpoint.id, keys.primaryKey))
        ? undefined
        : "token_auth_access_denied";
    default:
      return isKey(token, [keys.primaryKey, keys.secondaryKey]) ? undefined : "key_auth_access_denied";
  }
}

async function entraRefusal(
  endpointId: string,
  authorization: string | undefined,
  verifier: TokenVerifier,
  access: AccessControl | undefined,
): Promise<string | undefined> {
  try {
    const principal = await verifier.verify(authorization, SCORING_AUDIENCES);
    return access?.hasRole(principal, SCORING_ROLES, endpointId) === false
      ? "The principal may not score: it lacks Microsoft.MachineLearningServices/workspaces/onlineEndpoints/score/action."
      : undefined;
  } catch (error) {
    if (error instanceof TokenRefused) return error.message;
    throw error;
  }
}
