import { SECRET_NAME, versionsOf, withVersion } from "../../vault/secrets";
import { resourceNotFound } from "../errors";
import { parentId, resourceGroupOf } from "../ids";
import { merged, objectAt, pick, stringAt } from "../objects";
import { lastName } from "../path";
import type { Made, PutRequest, ResourceType } from "../resource-type";
import { nameRule, requiredString } from "./envelope";

const TYPE = "Microsoft.KeyVault/vaults/secrets";

/** Every PUT is a new version; without a value, of the last one's. */
function makeSecret({ arm, body, existing, id, name }: PutRequest): Made {
  const vault = arm.store.get(parentId(id));
  if (vault === undefined)
    throw resourceNotFound("Microsoft.KeyVault/vaults", lastName(parentId(id)), resourceGroupOf(id));
  const wanted = objectAt(body, "properties");
  const value =
    stringAt(wanted, "value") ??
    versionsOf(existing).at(-1)?.value ??
    requiredString(wanted, "value", "properties.value");
  const contentType = stringAt(wanted, "contentType");
  return withVersion(
    vault,
    name,
    existing,
    {
      value,
      attributes: pick(objectAt(wanted, "attributes"), ["enabled", "exp", "nbf"]),
      ...(contentType === undefined ? {} : { contentType }),
      tags: objectAt(body, "tags"),
    },
    arm.now(),
  );
}

/** Secrets of a vault by way of ARM: written, never read. The vault's own address is where values are had (local/vault/front.ts). */
export const vaultSecrets: ResourceType = {
  type: TYPE,
  apiVersions: ["2023-02-01", "2023-07-01", "2024-11-01", "2026-02-01"],
  checkName: nameRule(
    SECRET_NAME,
    "BadRequest",
    (name) => `The secret name '${name}' is invalid: 1 to 127 letters, digits and dashes.`,
  ),
  make: makeSecret,
  amend: ({ body, ...request }) =>
    makeSecret({ ...request, sent: body, body: merged(request.existing.body, body) }),
};
