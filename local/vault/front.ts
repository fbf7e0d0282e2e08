import Fastify, { type FastifyInstance, type FastifyRequest } from "fastify";
import type { Exclusive } from "../arm/exclusive";
import { isObject, objectAt, pick, stringAt } from "../arm/objects";
import { lastName } from "../arm/path";
import type { StoredResource } from "../arm/store";
import { ROLES } from "../identity/roles";
import type { JsonObject } from "../json";
import { keyRoutes } from "./keys-routes";
import { openVault, type VaultAccess, type VaultOperation } from "./open-vault";
import { SECRET_NAME, secretAddress, type SecretVersion, versionsOf, withVersion } from "./secrets";
import { VaultError } from "./vault-error";

export interface VaultFrontOptions extends VaultAccess {
  /** In what ARM's own writes take their turn. */
  readonly exclusive: Exclusive;
  /** Default: the clock. */
  readonly now?: () => Date;
}

const VALUE_READERS = [
  ROLES["Key Vault Administrator"],
  ROLES["Key Vault Secrets Officer"],
  ROLES["Key Vault Secrets User"],
];
const OPERATIONS = {
  get: { on: "secrets", permission: "get", action: "getSecret/action", roles: VALUE_READERS },
  list: { on: "secrets", permission: "list", action: "readMetadata/action", roles: VALUE_READERS },
  set: {
    on: "secrets",
    permission: "set",
    action: "setSecret/action",
    roles: [ROLES["Key Vault Administrator"], ROLES["Key Vault Secrets Officer"]],
  },
} as const satisfies Readonly<Record<string, VaultOperation>>;

interface Params {
  readonly name: string;
  readonly version?: string;
}

/** `{vault}.vault.azure.net`: the secrets of every vault that ARM holds, and what its keys encrypt, by the vaults' roles or access policies. Not listening yet. */
export function createVaultFront(options: VaultFrontOptions): FastifyInstance {
  const { store, exclusive, now = () => new Date() } = options;
  const app = Fastify({ routerOptions: { ignoreTrailingSlash: true, maxParamLength: 200 } });

  // Azure's own client says that its GET has JSON in it.
  app.addContentTypeParser("application/json", { parseAs: "string" }, (_request, text, done) => {
    try {
      done(null, text === "" ? undefined : JSON.parse(text as string));
    } catch {
      done(new VaultError(400, "BadParameter", "The request's body is not JSON."));
    }
  });

  const open = (request: FastifyRequest, operation: keyof typeof OPERATIONS, name?: string) =>
    openVault(options, request, OPERATIONS[operation], name);

  app.get("/secrets", async (request) => {
    const vault = await open(request, "list");
    const secrets = store.list(`${vault.id}/secrets/`);
    return {
      value: secrets.flatMap((secret) => {
        const newest = versionsOf(secret).at(-1);
        return newest === undefined ? [] : [metadata(secretAddress(vault.id, lastName(secret.id)), newest)];
      }),
      nextLink: null,
    };
  });
  app.get<{ Params: Params }>("/secrets/:name/versions", async (request) => {
    const { name } = request.params;
    const vault = await open(request, "list", name);
    const address = secretAddress(vault.id, name);
    const versions = versionsOf(store.get(`${vault.id}/secrets/${name}`));
    return {
      value: versions.map((version) => metadata(`${address}/${version.version}`, version)),
      nextLink: null,
    };
  });
  for (const path of ["/secrets/:name", "/secrets/:name/:version"])
    app.get<{ Params: Params }>(path, async (request) => {
      const { name, version: wanted = "" } = request.params;
      const vault = await open(request, "get", name);
      const versions = versionsOf(store.get(`${vault.id}/secrets/${name}`));
      const version =
        wanted === "" ? versions.at(-1) : versions.find(({ version }) => version === wanted.toLowerCase());
      if (version === undefined) throw secretNotFound(name, wanted);
      if (!version.attributes.enabled) throw secretDisabled();
      return bundle(vault, name, version);
    });
  app.put<{ Params: Params; Body: JsonObject }>("/secrets/:name", async (request) => {
    const { name } = request.params;
    const vault = await open(request, "set", name);
    if (!SECRET_NAME.test(name))
      throw new VaultError(
        400,
        "BadParameter",
        `The request URI contains an invalid name: ${name}. Names are 1 to 127 letters, digits and dashes.`,
      );
    const { body } = request;
    const value = isObject(body) ? stringAt(body, "value") : undefined;
    if (value === undefined)
      throw new VaultError(400, "BadParameter", "The parameter 'value' is not specified.");
    const contentType = stringAt(body, "contentType");
    const wanted = {
      value,
      attributes: pick(objectAt(body, "attributes"), ["enabled", "exp", "nbf"]),
      ...(contentType === undefined ? {} : { contentType }),
      tags: objectAt(body, "tags"),
    };
    const id = `${vault.id}/secrets/${name}`;
    return await exclusive(async () => {
      const before = store.get(id);
      const made = withVersion(vault, name, before, wanted, now());
      const secret = {
        id: before?.id ?? id,
        body: { id, name, type: "Microsoft.KeyVault/vaults/secrets", ...made.body },
        internal: made.internal,
      };
      await store.put(secret);
      return bundle(vault, name, versionsOf(secret).at(-1) as SecretVersion);
    });
  });

  keyRoutes(app, options);

  app.setNotFoundHandler((request) => {
    throw new VaultError(404, "NotFound", `The local vault has no ${request.method} ${request.url}.`);
  });
  app.setErrorHandler((error, _request, reply) => {
    const known =
      error instanceof VaultError ? error : new VaultError(500, "InternalServerError", String(error));
    void reply.status(known.status).headers(known.headers).send(known.body());
  });
  return app;
}

function secretNotFound(name: string, version: string): VaultError {
  return new VaultError(
    404,
    "SecretNotFound",
    `A secret with (name/id) ${version === "" ? name : `${name}/${version}`} was not found in this key vault. If you recently deleted this secret you may be able to recover it using the correct recovery command.`,
  );
}

function secretDisabled(): VaultError {
  return new VaultError(403, "Forbidden", "Operation get is not allowed on a disabled secret.", {
    inner: "SecretDisabled",
  });
}

function bundle(vault: StoredResource, name: string, version: SecretVersion): JsonObject {
  return {
    value: version.value,
    ...metadata(`${secretAddress(vault.id, name)}/${version.version}`, version),
  };
}

function metadata(id: string, { attributes, contentType, tags }: SecretVersion): JsonObject {
  return { id, attributes, ...(contentType === undefined ? {} : { contentType }), tags };
}
