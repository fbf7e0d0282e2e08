import { createLocalJWKSet, jwtVerify, type JWTPayload } from "jose";
import { objectAt, stringAt } from "../arm/objects";
import type { Store } from "../arm/store";
import { assertionRefusal, CLOCK_TOLERANCE } from "./assertion-refusal";
import { entraErrors } from "./entra-error";
import type { IssuerKeys } from "./issuer-keys";

interface Federated {
  readonly issuer: string;
  readonly subject: string;
  readonly audiences: readonly string[];
}

/**
 * Whether somebody else's token signs in as a user-assigned identity: issuer, audience and subject must be those of one of its federated
 * credentials, letter for letter, and the issuer's published keys must have signed it.
 *
 * @param identityId ARM id of the identity
 * @throws EntraError
 */
export async function checkFederatedToken(
  store: Store,
  keys: IssuerKeys,
  identityId: string,
  token: string,
  claims: JWTPayload,
): Promise<void> {
  const audiences = [claims.aud ?? []].flat();
  const { iss: issuer = "", sub: subject = "" } = claims;
  const ofIssuer = federatedCredentials(store, identityId).filter((each) => each.issuer === issuer);
  if (ofIssuer.length === 0) throw entraErrors.noFederatedIssuer(issuer);
  const ofSubject = ofIssuer.filter((each) => each.subject === subject);
  if (ofSubject.length === 0) throw entraErrors.noFederatedSubject(subject);
  if (!ofSubject.some((each) => each.audiences.some((audience) => audiences.includes(audience))))
    throw entraErrors.noFederatedAudience(audiences.join(", "));
  try {
    await jwtVerify(token, createLocalJWKSet(await keys.of(issuer)), {
      algorithms: ["RS256"],
      issuer,
      subject,
      requiredClaims: ["exp"],
      clockTolerance: CLOCK_TOLERANCE,
    });
  } catch (error) {
    throw assertionRefusal(error, claims);
  }
}

function federatedCredentials(store: Store, identityId: string): Federated[] {
  return store.list(`${identityId}/federatedIdentityCredentials/`).map(({ body }) => {
    const properties = objectAt(body, "properties");
    const { audiences } = properties;
    return {
      issuer: stringAt(properties, "issuer") ?? "",
      subject: stringAt(properties, "subject") ?? "",
      audiences: Array.isArray(audiences) ? audiences.map(String) : [],
    };
  });
}
