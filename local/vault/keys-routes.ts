import type { FastifyInstance } from "fastify";
import type { Exclusive } from "../arm/exclusive";
import { isObject, numberAt, objectAt, stringAt } from "../arm/objects";
import type { StoredResource } from "../arm/store";
import { ROLES } from "../identity/roles";
import type { JsonObject } from "../json";
import { crypt, KEY_ALGORITHMS, makePrivateKey } from "./keys";
import { openVault, type VaultAccess } from "./open-vault";
import { VaultError } from "./vault-error";

const ROLES_OF_KEYS = [ROLES["Key Vault Administrator"], ROLES["Key Vault Crypto User"]];

interface KeyParams {
  readonly name: string;
  readonly version?: string;
}

/** `POST /keys/{name}[/{version}]/encrypt` and `/decrypt`: with what only the vault has of the keys that ARM made. */
export function keyRoutes(
  app: FastifyInstance,
  options: VaultAccess & { readonly exclusive: Exclusive },
): void {
  const { store, exclusive } = options;
  for (const how of ["encrypt", "decrypt"] as const) {
    const operation = { on: "keys", permission: how, action: `${how}/action`, roles: ROLES_OF_KEYS } as const;
    for (const path of [`/keys/:name/${how}`, `/keys/:name/:version/${how}`])
      app.post<{ Params: KeyParams; Body: JsonObject }>(path, async (request) => {
        const { name, version } = request.params;
        const vault = await openVault(options, request, operation, name);
        const { alg, value } = wantedOf(request.body);
        const key = usable(store.get(`${vault.id}/keys/${name}`), name, version, how);
        const privateKey = await exclusive(async () => {
          const current = store.get(key.id) ?? key;
          const known = stringAt(current.internal, "privateKey");
          if (known !== undefined) return known;
          const made = await makePrivateKey(numberAt(propertiesOf(key), "keySize") ?? 2048);
          await store.put({ ...current, internal: { ...current.internal, privateKey: made } });
          return made;
        });
        try {
          return { kid: propertiesOf(key)["keyUriWithVersion"], value: crypt(how, privateKey, alg, value) };
        } catch {
          throw new VaultError(400, "BadParameter", `The value can't be ${how}ed by this key.`);
        }
      });
  }
}

function wantedOf(body: JsonObject): {
  readonly alg: (typeof KEY_ALGORITHMS)[number];
  readonly value: string;
} {
  const given = isObject(body) ? body : {};
  const alg = KEY_ALGORITHMS.find((known) => known === given["alg"]);
  if (alg === undefined)
    throw new VaultError(
      400,
      "BadParameter",
      `Property 'alg' has an invalid value. The local vault knows ${KEY_ALGORITHMS.join(" and ")}.`,
    );
  const value = stringAt(given, "value");
  if (value === undefined)
    throw new VaultError(400, "BadParameter", "The parameter 'value' is not specified.");
  return { alg, value };
}

function usable(
  key: StoredResource | undefined,
  name: string,
  version: string | undefined,
  how: string,
): StoredResource {
  const wanted = version === undefined ? name : `${name}/${version}`;
  const properties = key === undefined ? {} : propertiesOf(key);
  if (
    key === undefined ||
    (version !== undefined && !stringAt(properties, "keyUriWithVersion")?.endsWith(`/${version}`))
  )
    throw new VaultError(
      404,
      "KeyNotFound",
      `A key with (name/id) ${wanted} was not found in this key vault. If you recently deleted this key you may be able to recover it using the correct recovery command.`,
    );
  if (objectAt(properties, "attributes")["enabled"] === false)
    throw new VaultError(403, "Forbidden", `Operation ${how} is not allowed on a disabled key.`, {
      inner: "KeyDisabled",
    });
  const { keyOps, kty } = properties;
  if (!String(kty).startsWith("RSA") || (Array.isArray(keyOps) && !keyOps.includes(how)))
    throw new VaultError(403, "Forbidden", `Operation ${how} is not permitted on this key.`, {
      inner: "KeyOperationForbidden",
    });
  return key;
}

function propertiesOf({ body }: StoredResource): JsonObject {
  return objectAt(body, "properties");
}
