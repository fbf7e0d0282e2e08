import { constants, generateKeyPair, privateDecrypt, publicEncrypt } from "node:crypto";
import { promisify } from "node:util";

/** How a key encrypts, by JSON Web Algorithms' names (RFC 7518, 4.3): the digest of the padding. */
const DIGESTS = { "RSA-OAEP": "sha1", "RSA-OAEP-256": "sha256" } as const;

export type KeyAlgorithm = keyof typeof DIGESTS;

export const KEY_ALGORITHMS = Object.keys(DIGESTS) as readonly KeyAlgorithm[];

/** @returns a private RSA key as PEM, PKCS #8 */
export async function makePrivateKey(bits: number): Promise<string> {
  const { privateKey } = await promisify(generateKeyPair)("rsa", {
    modulusLength: bits,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
  return privateKey;
}

/**
 * @param value base64url, as is what is given back
 * @throws what is no ciphertext of this key, or too long for it
 */
export function crypt(
  how: "encrypt" | "decrypt",
  privateKey: string,
  algorithm: KeyAlgorithm,
  value: string,
): string {
  const work = how === "encrypt" ? publicEncrypt : privateDecrypt;
  const padding = {
    key: privateKey,
    padding: constants.RSA_PKCS1_OAEP_PADDING,
    oaepHash: DIGESTS[algorithm],
  };
  return work(padding, Buffer.from(value, "base64url")).toString("base64url");
}
