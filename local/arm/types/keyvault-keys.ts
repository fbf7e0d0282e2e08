import { randomUUID } from "node:crypto";
import { resourceNotFound } from "../errors";
import { parentId, resourceGroupOf } from "../ids";
import { numberAt, objectAt, pick, stringAt } from "../objects";
import { lastName } from "../path";
import type { Made, PutRequest, ResourceType } from "../resource-type";
import { nameRule } from "./envelope";

const RSA = ["encrypt", "decrypt", "sign", "verify", "wrapKey", "unwrapKey"];

/** A PUT makes a key where there is none, and changes none that there is. */
function makeKey({ arm, body, existing, id, name }: PutRequest): Made {
  const vault = arm.store.get(parentId(id));
  if (vault === undefined)
    throw resourceNotFound("Microsoft.KeyVault/vaults", lastName(parentId(id)), resourceGroupOf(id));
  if (existing !== undefined) {
    return { body: pick(existing.body, ["location", "tags", "properties"]) };
  }
  const wanted = objectAt(body, "properties");
  const kty = stringAt(wanted, "kty") ?? "RSA";
  const keyUri = `${String(objectAt(vault.body, "properties")["vaultUri"])}keys/${name}`;
  const now = Math.floor(arm.now().getTime() / 1000);
  return {
    body: {
      location: vault.body["location"] ?? arm.region,
      tags: objectAt(body, "tags"),
      properties: {
        attributes: {
          enabled: true,
          exportable: false,
          ...pick(objectAt(wanted, "attributes"), ["enabled", "exp", "nbf", "exportable"]),
          created: now,
          updated: now,
          recoveryLevel: "Recoverable+Purgeable",
        },
        kty,
        keyOps: wanted["keyOps"] ?? RSA,
        ...(kty.startsWith("RSA")
          ? { keySize: numberAt(wanted, "keySize") ?? 2048 }
          : { curveName: stringAt(wanted, "curveName") ?? "P-256" }),
        ...pick(wanted, ["rotationPolicy", "release_policy"]),
        keyUri,
        keyUriWithVersion: `${keyUri}/${randomUUID().replaceAll("-", "")}`,
      },
    },
  };
}

/** Keys of a vault by way of ARM, which never has what is secret of them: that is the vault's. */
export const vaultKeys: ResourceType = {
  type: "Microsoft.KeyVault/vaults/keys",
  apiVersions: ["2023-02-01", "2023-07-01", "2024-11-01", "2026-02-01"],
  createdStatus: 200,
  checkName: nameRule(
    /^[a-zA-Z0-9-]{1,127}$/,
    "BadRequest",
    (name) => `The key name '${name}' is invalid: 1 to 127 letters, digits and dashes.`,
  ),
  make: makeKey,
};
