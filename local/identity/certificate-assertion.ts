import { createHash, X509Certificate } from "node:crypto";
import { jwtVerify, type JWTPayload, type ProtectedHeaderParameters } from "jose";
import { TENANT_ID } from "../cloud";
import type { Application } from "./applications";
import { assertionRefusal, CLOCK_TOLERANCE } from "./assertion-refusal";
import { entraErrors } from "./entra-error";

/**
 * Whether the application's own certificate signed the assertion: named by its thumbprint (`x5t`, SHA-1, or `x5t#S256`), for this
 * tenant's token endpoint, by the application about itself.
 *
 * @throws EntraError
 */
export async function checkCertificateAssertion(
  application: Application,
  token: string,
  header: ProtectedHeaderParameters,
  claims: JWTPayload,
): Promise<void> {
  if (application.certificate === undefined) throw entraErrors.assertionSignature("The key was not found.");
  const certificate = new X509Certificate(application.certificate);
  if (!isNamed(header, certificate)) throw entraErrors.assertionSignature("The key was not found.");
  if (Date.parse(certificate.validTo) < Date.now())
    throw entraErrors.assertionSignature("The key used is expired.");
  if (!isForThisTenant(claims.aud)) throw entraErrors.assertionAudience();
  try {
    await jwtVerify(token, certificate.publicKey, {
      algorithms: ["RS256", "PS256"],
      issuer: application.clientId,
      subject: application.clientId,
      requiredClaims: ["exp"],
      clockTolerance: CLOCK_TOLERANCE,
    });
  } catch (error) {
    throw assertionRefusal(error, claims);
  }
}

function isNamed(header: ProtectedHeaderParameters, { raw }: X509Certificate): boolean {
  const thumbprint = (algorithm: string): string => createHash(algorithm).update(raw).digest("base64url");
  const sha256 = (header as Record<string, unknown>)["x5t#S256"];
  if (sha256 !== undefined) return sha256 === thumbprint("sha256");
  return String(header.x5t).replace(/=+$/, "") === thumbprint("sha1");
}

const PATHS = [
  `/${TENANT_ID}`,
  `/${TENANT_ID}/v2.0`,
  `/${TENANT_ID}/oauth2/token`,
  `/${TENANT_ID}/oauth2/v2.0/token`,
];

/** The token endpoint by either of its versions, or the tenant's issuer, as Entra's documents have them. */
function isForThisTenant(audience: JWTPayload["aud"]): boolean {
  if (typeof audience !== "string" || !URL.canParse(audience)) return false;
  const { protocol, hostname, pathname } = new URL(audience);
  const hosts = ["login.microsoftonline.com", "login.windows.net", "127.0.0.1", "localhost"];
  return (
    protocol === "https:" &&
    hosts.includes(hostname) &&
    PATHS.includes(pathname.toLowerCase().replace(/\/$/, ""))
  );
}
