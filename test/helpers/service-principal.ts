import "reflect-metadata";
import * as x509 from "@peculiar/x509";
import { createHash, webcrypto, X509Certificate } from "node:crypto";
import { importPKCS8, SignJWT, type JWTPayload } from "jose";
import { TENANT_ID } from "../../local/cloud";
import type { ApplicationReport } from "../../local/identity/applications";

import { askAdmin, findRunning } from "../../local/running";
import type { StatePaths } from "../../local/state";

/** Another service principal of a running local Azure than who runs `up`; its secret is in the answer. */
export async function addServicePrincipal(
  paths: StatePaths,
  name: string,
  certificate?: string,
): Promise<ApplicationReport> {
  const run = findRunning(paths);
  if (run === undefined) throw new Error("the local Azure is not running");
  return await askAdmin(paths, run, "service-principals", { name, ...(certificate && { certificate }) });
}

export interface TestCertificate {
  /** PEM. */
  readonly certificate: string;
  /** PEM, PKCS #8. */
  readonly privateKey: string;
}

/** A self-signed RSA certificate. @param days that it is good for, counted from now; negative for one that ran out */
export async function makeCertificate(days = 1): Promise<TestCertificate> {
  x509.cryptoProvider.set(webcrypto);
  const algorithm = {
    name: "RSASSA-PKCS1-v1_5",
    hash: "SHA-256",
    publicExponent: new Uint8Array([1, 0, 1]),
    modulusLength: 2048,
  };
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: "CN=test",
    notBefore: new Date(Date.now() - 100 * 86_400_000),
    notAfter: new Date(Date.now() + days * 86_400_000),
    signingAlgorithm: algorithm,
    keys,
  });
  const key = await webcrypto.subtle.exportKey("pkcs8", keys.privateKey);
  return {
    certificate: certificate.toString("pem"),
    privateKey: x509.PemConverter.encode(key, "PRIVATE KEY"),
  };
}

/** What an application's certificate says to the token endpoint, good for five minutes. @param claims over what it has by itself */
export async function certificateAssertion(
  { certificate, privateKey }: TestCertificate,
  clientId: string,
  claims: JWTPayload = {},
  { alg, by }: { readonly alg: "RS256" | "PS256"; readonly by: "x5t" | "x5t#S256" } = {
    alg: "RS256",
    by: "x5t",
  },
): Promise<string> {
  const thumbprint = createHash(by === "x5t" ? "sha1" : "sha256")
    .update(new X509Certificate(certificate).raw)
    .digest("base64url");
  const now = Math.floor(Date.now() / 1000);
  const own = {
    iss: clientId,
    sub: clientId,
    aud: `https://login.microsoftonline.com/${TENANT_ID}/oauth2/v2.0/token`,
    nbf: now,
    exp: now + 300,
  };
  return await new SignJWT({ ...own, ...claims })
    .setProtectedHeader({ alg, typ: "JWT", [by]: thumbprint })
    .sign(await importPKCS8(privateKey, alg));
}
