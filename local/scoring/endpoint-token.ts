import { jwtVerify, SignJWT } from "jose";

/** How long a token of an endpoint with `authMode` AMLToken is good for, in seconds. */
export const ENDPOINT_TOKEN_SECONDS = 3600;

const secret = (primaryKey: string): Uint8Array => new TextEncoder().encode(primaryKey);

/** What `POST …/onlineEndpoints/X/token` hands out. Signed with the endpoint's primary key: a new key ends it. */
export async function issueEndpointToken(
  endpointId: string,
  primaryKey: string,
  now = new Date(),
): Promise<string> {
  const issuedAt = Math.floor(now.getTime() / 1000);
  return await new SignJWT({})
    .setProtectedHeader({ alg: "HS256", typ: "JWT" })
    .setSubject(endpointId.toLowerCase())
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + ENDPOINT_TOKEN_SECONDS)
    .sign(secret(primaryKey));
}

export async function isEndpointToken(
  token: string,
  endpointId: string,
  primaryKey: string,
): Promise<boolean> {
  try {
    await jwtVerify(token, secret(primaryKey), { subject: endpointId.toLowerCase(), algorithms: ["HS256"] });
    return true;
  } catch {
    return false;
  }
}
