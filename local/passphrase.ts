import { createDecipheriv, pbkdf2Sync } from "node:crypto";

const ITERATIONS = 1_000_000;
const TAG_BYTES = 16;

/**
 * Whether the passphrase is the one of a stack file's `encryptionsalt`, `v1:<salt>:v1:<nonce>:<"pulumi", encrypted>` in base 64 (Pulumi's
 * `secrets/passphrase`). Takes a third of a second.
 */
export function fitsSalt(passphrase: string, encryptionSalt: string): boolean {
  const [salt, nonce, sealed] = encryptionSalt
    .split(":")
    .filter((part) => part !== "v1")
    .map((part) => Buffer.from(part, "base64"));
  if (salt === undefined || nonce === undefined || sealed === undefined) return false;
  const key = pbkdf2Sync(passphrase, salt, ITERATIONS, 32, "sha256");
  const decipher = createDecipheriv("aes-256-gcm", key, nonce);
  decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
  try {
    decipher.update(sealed.subarray(0, -TAG_BYTES));
    decipher.final();
    return true;
  } catch {
    return false;
  }
}
