import { createHash, timingSafeEqual } from "node:crypto";
import type { StoredResource } from "../arm/store";
import { SCORING_AUDIENCES } from "../cloud";
import { TokenRefused, type Principal, type TokenVerifier } from "../identity/principal";
import type { JsonObject } from "../json";
import { isEndpointToken } from "./endpoint-token";

/** What a principal must be allowed on an endpoint with `authMode` AADToken. */
export const SCORE_ACTION = "Microsoft.MachineLearningServices/workspaces/onlineEndpoints/score/action";

/** Whether a role of the principal has {@link SCORE_ACTION} on the endpoint. */
export type MayScore = (principal: Principal, endpointId: string) => boolean;

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
  mayScore: MayScore,
): Promise<string | undefined> {
  const token = bearer(authorization);
  if (token === undefined) return "key_auth_bad_header_forbidden";
  const keys = (endpoint.internal["keys"] ?? {}) as { primaryKey?: string; secondaryKey?: string };
  switch ((endpoint.body["properties"] as JsonObject)["authMode"]) {
    case "AADToken":
      return await entraRefusal(endpoint.id, authorization, verifier, mayScore);
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
  mayScore: MayScore,
): Promise<string | undefined> {
  try {
    const principal = await verifier.verify(authorization, SCORING_AUDIENCES);
    return mayScore(principal, endpointId)
      ? undefined
      : `The principal may not score: it lacks ${SCORE_ACTION}.`;
  } catch (error) {
    if (error instanceof TokenRefused) return error.message;
    throw error;
  }
}
