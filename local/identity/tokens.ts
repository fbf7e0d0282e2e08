import { randomUUID } from "node:crypto";
import { errors, jwtVerify, SignJWT, type JWSHeaderParameters, type KeyLike } from "jose";
import { TENANT_ID } from "../cloud";
import { TokenRefused, type Principal, type TokenVerifier } from "./principal";
import type { SigningKey } from "./signing-key";

/** Seconds that a token is good for, as Entra's default for applications. */
export const tokenLifetime = 3600;

/** Entra signs tokens for Azure's own services in its first version, whichever endpoint was asked. */
export const issuer = `https://sts.windows.net/${TENANT_ID}/`;

export interface AccessToken {
  /** RS256 JWT. */
  readonly token: string;
  /** Seconds since 1970. */
  readonly expiresOn: number;
  /** Seconds from now to then. */
  readonly expiresIn: number;
}

/**
 * Signs an app-only access token of the tenant.
 *
 * @param lifetime seconds that it is good for
 */
export async function signToken(
  key: SigningKey,
  audience: string,
  principal: Principal,
  lifetime = tokenLifetime,
): Promise<AccessToken> {
  const now = Math.floor(Date.now() / 1000);
  const expiresOn = now + lifetime;
  const token = await new SignJWT({
    appid: principal.clientId,
    appidacr: "1",
    idp: issuer,
    idtyp: "app",
    oid: principal.objectId,
    sub: principal.objectId,
    tid: principal.tenantId,
    uti: randomUUID(),
    ver: "1.0",
  })
    .setProtectedHeader({ alg: "RS256", typ: "JWT", kid: key.id, x5t: key.id })
    .setIssuer(issuer)
    .setAudience(audience)
    .setIssuedAt(now)
    .setNotBefore(now)
    .setExpirationTime(expiresOn)
    .sign(key.privateKey);
  return { token, expiresOn, expiresIn: lifetime };
}

/** @param isGone whether the principal with this object id was deleted since */
export function createVerifier(key: SigningKey, isGone: (objectId: string) => boolean): TokenVerifier {
  return {
    async verify(authorization, audiences) {
      const token = /^Bearer +([^\s]+)$/i.exec(authorization ?? "")?.[1];
      if (token === undefined) {
        throw new TokenRefused(
          "AuthenticationFailed",
          "Authentication failed. The 'Authorization' header is missing or is not a bearer token.",
        );
      }
      const claims = await signedClaims(key, token, audiences);
      const { oid, appid, tid } = claims;
      if (tid !== TENANT_ID) {
        throw new TokenRefused(
          "InvalidAuthenticationTokenTenant",
          `The access token is from the wrong tenant '${String(tid)}'. It must match the tenant '${TENANT_ID}' associated with this subscription.`,
        );
      }
      if (isGone(String(oid))) {
        throw new TokenRefused(
          "InvalidAuthenticationToken",
          `The access token is of a principal that the tenant no longer has: '${String(oid)}'.`,
        );
      }
      return { objectId: String(oid), clientId: String(appid), tenantId: tid };
    },
  };
}

async function signedClaims(
  key: SigningKey,
  token: string,
  audiences: readonly string[],
): Promise<Record<string, unknown>> {
  try {
    const named = ({ kid }: JWSHeaderParameters): KeyLike => {
      if (kid !== key.id) throw new errors.JWKSNoMatchingKey();
      return key.publicKey;
    };
    const { payload } = await jwtVerify(token, named, {
      algorithms: ["RS256"],
      issuer,
      audience: [...audiences],
      requiredClaims: ["exp", "nbf", "oid", "appid", "tid"],
    });
    return payload;
  } catch (error) {
    throw refusal(error);
  }
}

function refusal(error: unknown): Error {
  if (error instanceof errors.JWTExpired) {
    return new TokenRefused(
      "ExpiredAuthenticationToken",
      `The access token expiry UTC time '${new Date((error.payload.exp ?? 0) * 1000).toISOString()}' is earlier than current UTC time.`,
    );
  }
  if (error instanceof errors.JWTClaimValidationFailed && error.claim === "aud") {
    return new TokenRefused(
      "InvalidAuthenticationToken",
      `The access token has been obtained for wrong audience or resource '${String(error.payload.aud)}'.`,
    );
  }
  if (error instanceof errors.JWTClaimValidationFailed && error.claim === "iss") {
    return new TokenRefused(
      "InvalidAuthenticationTokenTenant",
      `The access token is from the wrong issuer '${String(error.payload.iss)}'. It must match the tenant '${issuer}' associated with this subscription.`,
    );
  }
  if (error instanceof errors.JWTClaimValidationFailed && error.claim === "nbf") {
    return new TokenRefused("InvalidAuthenticationToken", "The access token is not yet valid.");
  }
  if (error instanceof errors.JOSEError)
    return new TokenRefused("InvalidAuthenticationToken", "The access token is invalid.");
  return error as Error;
}
