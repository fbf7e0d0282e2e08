import { calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, type JWK, type KeyLike } from "jose";
import { keepPrivate, readIfThere, writeWhole } from "../files";

/** What signs the tenant's tokens. */
export interface SigningKey {
  readonly id: string;
  readonly privateKey: KeyLike;
  readonly publicKey: KeyLike;
  /** As `discovery/keys` publishes it. */
  readonly publicJwk: JWK;
}

/** Reads the RSA key from the file; makes it, for its owner alone, when there is none: tokens outlive a restart. */
export async function openSigningKey(file: string): Promise<SigningKey> {
  const text = readIfThere(file);
  if (text !== undefined) keepPrivate(file);
  const jwk = text === undefined ? await makeKey(file) : (JSON.parse(text) as JWK);
  const id = await calculateJwkThumbprint(jwk);
  const { kty, n, e } = jwk;
  const publicJwk: JWK = { kty, n, e, kid: id, x5t: id, use: "sig", alg: "RS256" };
  return {
    id,
    privateKey: (await importJWK(jwk, "RS256")) as KeyLike,
    publicKey: (await importJWK(publicJwk, "RS256")) as KeyLike,
    publicJwk,
  };
}

async function makeKey(file: string): Promise<JWK> {
  const { privateKey } = await generateKeyPair("RS256", { modulusLength: 2048, extractable: true });
  const jwk = await exportJWK(privateKey);
  writeWhole(file, JSON.stringify(jwk), 0o600);
  return jwk;
}
