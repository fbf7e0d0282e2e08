import Fastify, { type FastifyInstance, type FastifyRequest } from "fastify";
import type { Exclusive } from "../arm/exclusive";
import { isObject, objectAt, pick, stringAt } from "../arm/objects";
import { lastName } from "../arm/path";
import type { Store, StoredResource } from "../arm/store";
import { TENANT_ID, VAULT_AUDIENCE } from "../cloud";
import { destination, parseAuthority } from "../door/hosts";
import { type AccessControl, type Principal, TokenRefused, type TokenVerifier } from "../identity/principal";
import { ROLES } from "../identity/roles";
import type { JsonObject } from "../json";
import { SECRET_NAME, secretAddress, type SecretVersion, versionsOf, withVersion } from "./secrets";
import { VaultError } from "./vault-error";

export interface VaultFrontOptions {
  readonly store: Store;
  readonly verifier: TokenVerifier;
  readonly access: AccessControl;
  /** In what ARM's own writes take their turn. */
  readonly exclusive: Exclusive;
  /** Default: the clock. */
  readonly now?: () => Date;
}

type Action = "get" | "list" | "set";

const VALUE_READERS = [
  ROLES["Key Vault Administrator"],
  ROLES["Key Vault Secrets Officer"],
  ROLES["Key Vault Secrets User"],
];
const ALLOWED: Readonly<Record<Action, { readonly action: string; readonly roles: readonly string[] }>> = {
  get: { action: "getSecret/action", roles: VALUE_READERS },
  list: { action: "readMetadata/action", roles: VALUE_READERS },
  set: {
    action: "setSecret/action",
    roles: [ROLES["Key Vault Administrator"], ROLES["Key Vault Secrets Officer"]],
  },
};

interface Params {
  readonly name: string;
  readonly version?: string;
}

/** `{vault}.vault.azure.net`: the secrets of every vault that ARM holds, by the vaults' roles or access policies. Not listening yet. */
export function createVaultFront(options: VaultFrontOptions): FastifyInstance {
  const { store, verifier, access, exclusive, now = () => new Date() } = options;
  const app = Fastify({ routerOptions: { ignoreTrailingSlash: true, maxParamLength: 200 } });

  // Azure's own client says that its GET has JSON in it.
  app.addContentTypeParser("application/json", { parseAs: "string" }, (_request, text, done) => {
    try {
      done(null, text === "" ? undefined : JSON.parse(text as string));
    } catch {
      done(new VaultError(400, "BadParameter", "The request's body is not JSON."));
    }
  });

  /** The vault, once it is clear that the caller may do this in it. */
  const open = async (request: FastifyRequest, action: Action, name?: string): Promise<StoredResource> => {
    const principal = await signedIn(verifier, request.headers.authorization);
    const vault = vaultOf(store, request);
    if (!isAllowed(access, principal, vault, action, name)) throw forbidden(principal, vault, action, name);
    if ((request.query as { "api-version"?: string })["api-version"] === undefined)
      throw new VaultError(400, "BadParameter", "api-version must be specified");
    return vault;
  };

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

async function signedIn(verifier: TokenVerifier, authorization: string | undefined): Promise<Principal> {
  try {
    return await verifier.verify(authorization, [VAULT_AUDIENCE]);
  } catch (error) {
    if (!(error instanceof TokenRefused)) throw error;
    const message =
      authorization === undefined ? "AKV10000: Request is missing a Bearer or PoP token." : error.message;
    const challenge = `Bearer authorization="https://login.microsoftonline.com/${TENANT_ID}", resource="${VAULT_AUDIENCE}"`;
    throw new VaultError(401, "Unauthorized", message, { headers: { "www-authenticate": challenge } });
  }
}

function vaultOf(store: Store, request: FastifyRequest): StoredResource {
  const target = destination(parseAuthority(request.headers.host, 443)?.hostname ?? "");
  const name = target?.part === "vault" ? target.vault : "";
  const found = store
    .list("/subscriptions/")
    .find(
      ({ id, body }) => body["type"] === "Microsoft.KeyVault/vaults" && lastName(id).toLowerCase() === name,
    );
  if (found === undefined) throw new VaultError(404, "VaultNotFound", `There is no vault '${name}'.`);
  return found;
}

function isAllowed(
  access: AccessControl,
  principal: Principal,
  { id, body }: StoredResource,
  action: Action,
  name: string | undefined,
): boolean {
  const properties = objectAt(body, "properties");
  if (properties["enableRbacAuthorization"] === true)
    return access.hasRole(
      principal,
      ALLOWED[action].roles,
      name === undefined ? id : `${id}/secrets/${name}`,
    );
  const policies = Array.isArray(properties["accessPolicies"]) ? properties["accessPolicies"] : [];
  return policies.filter(isObject).some((policy) => {
    const secrets = objectAt(policy, "permissions")["secrets"];
    const permitted = Array.isArray(secrets) ? secrets.map((each) => String(each).toLowerCase()) : [];
    return (
      stringAt(policy, "objectId")?.toLowerCase() === principal.objectId.toLowerCase() &&
      [action, "all"].some((each) => permitted.includes(each))
    );
  });
}

function forbidden(
  { clientId, objectId }: Principal,
  { id, body }: StoredResource,
  action: Action,
  name: string | undefined,
): VaultError {
  if (objectAt(body, "properties")["enableRbacAuthorization"] !== true)
    return new VaultError(
      403,
      "Forbidden",
      `The user, group or application 'appid=${clientId};oid=${objectId}' does not have secrets ${action} permission on key vault '${lastName(id)}'.`,
      { inner: "AccessDenied" },
    );
  return new VaultError(
    403,
    "Forbidden",
    "Caller is not authorized to perform action on resource.\n" +
      "If role assignments, deny assignments or role definitions were changed recently, please observe propagation time.\n" +
      `Caller: appid=${clientId};oid=${objectId}\n` +
      `Action: 'Microsoft.KeyVault/vaults/secrets/${ALLOWED[action].action}'\n` +
      `Resource: '${id.toLowerCase()}${name === undefined ? "" : `/secrets/${name}`}'`,
    { inner: "ForbiddenByRbac" },
  );
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
