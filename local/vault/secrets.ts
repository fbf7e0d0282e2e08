import { randomUUID } from "node:crypto";
import type { StoredResource } from "../arm/store";
import { lastName } from "../arm/path";
import type { JsonObject } from "../json";

/** One version of a secret, as it is kept; only the data plane shows its value. */
export interface SecretVersion {
  /** 32 hexadecimal digits. */
  readonly version: string;
  readonly value: string;
  /** Times in seconds since 1970. */
  readonly attributes: JsonObject & { readonly enabled: boolean };
  readonly contentType?: string;
  readonly tags: JsonObject;
}

/** What a new version is made of. */
export interface NewSecret {
  readonly value: string;
  readonly attributes: JsonObject;
  readonly contentType?: string;
  readonly tags: JsonObject;
}

/** Letters, digits and dashes. */
export const SECRET_NAME = /^[a-zA-Z0-9-]{1,127}$/;

/** The versions of a secret as ARM's store holds them, the newest last. */
export function versionsOf(secret: StoredResource | undefined): readonly SecretVersion[] {
  return (secret?.internal["versions"] ?? []) as unknown as readonly SecretVersion[];
}

/** The secret with one more version: what ARM shows of it, and what it keeps. */
export function withVersion(
  vault: StoredResource,
  name: string,
  before: StoredResource | undefined,
  { value, attributes, contentType, tags }: NewSecret,
  now: Date,
): { readonly body: JsonObject; readonly internal: JsonObject } {
  const seconds = Math.floor(now.getTime() / 1000);
  const version: SecretVersion = {
    version: randomUUID().replaceAll("-", ""),
    value,
    attributes: { enabled: true, ...attributes, created: seconds, updated: seconds },
    ...(contentType === undefined ? {} : { contentType }),
    tags,
  };
  const secretUri = secretAddress(vault.id, name);
  return {
    body: {
      location: vault.body["location"],
      tags,
      properties: {
        attributes: version.attributes,
        ...(contentType === undefined ? {} : { contentType }),
        secretUri,
        secretUriWithVersion: `${secretUri}/${version.version}`,
      },
    },
    internal: { versions: [...versionsOf(before), version] as unknown as JsonObject[] },
  };
}

/** `https://kv.vault.azure.net/secrets/NAME`. */
export function secretAddress(vaultId: string, name: string): string {
  return `https://${lastName(vaultId).toLowerCase()}.vault.azure.net/secrets/${name}`;
}
