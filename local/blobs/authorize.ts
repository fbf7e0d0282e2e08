import type { IncomingHttpHeaders } from "node:http";
import type { StoredResource } from "../arm/store";
import { STORAGE_AUDIENCE, TENANT_ID } from "../cloud";
import { TokenRefused, type AccessControl, type Principal, type TokenVerifier } from "../identity/principal";
import { ROLES } from "../identity/roles";
import { sameSecret } from "../identity/same-secret";
import type { AccountKeys } from "./account-keys";
import type { BlobPath } from "./blob-path";
import { verifySas } from "./sas";
import { sharedKeySignature } from "./shared-key";
import { StorageError } from "./storage-error";

export interface BlobRequest {
  readonly method: string;
  /** Path and query as sent. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly account: string;
  /** The account as ARM holds it. */
  readonly resource: StoredResource;
  readonly path: BlobPath;
  readonly query: URLSearchParams;
}

/** What a request may do, as Azurite's account SAS says it; Azurite then checks the operation against it. */
export interface Grant {
  /** Permission letters of an account SAS; empty for a caller who is known but may do nothing here. */
  readonly permissions: string;
  /** Resource types: service, container, object. */
  readonly resourceTypes: string;
  /** Who asks; undefined for keys and shared access signatures. */
  readonly principal: Principal | undefined;
  /** Whether the grant reaches the whole account, not one container only. */
  readonly wholeAccount: boolean;
}

export interface Authorizer {
  /** @throws StorageError */
  authorize(request: BlobRequest): Promise<Grant>;
}

const everything = "rwdxylacuptfi";
const accountPermissions = new Set(everything);
const readers = [ROLES["Storage Blob Data Reader"]];
const writers = [ROLES["Storage Blob Data Contributor"], ROLES["Storage Blob Data Owner"]];

export function createAuthorizer(options: {
  readonly verifier: TokenVerifier;
  readonly access: AccessControl;
  readonly keys: AccountKeys;
}): Authorizer {
  const { verifier, access, keys } = options;

  async function byToken(request: BlobRequest): Promise<Grant> {
    const principal = await verifier
      .verify(request.headers.authorization, audiences(request.account))
      .catch((error: unknown) => {
        throw error instanceof TokenRefused ? unauthenticated(error.message) : error;
      });
    return {
      permissions: rolePermissions(principal, request),
      resourceTypes: "sco",
      principal,
      wholeAccount: false,
    };
  }

  function rolePermissions(principal: Principal, { resource, path }: BlobRequest): string {
    const scope =
      path.container === ""
        ? resource.id
        : `${resource.id}/blobServices/default/containers/${path.container}`;
    if (access.hasRole(principal, writers, scope)) return everything;
    return access.hasRole(principal, readers, scope) ? "rl" : "";
  }

  function bySignature(request: BlobRequest): Grant {
    const { account, path, query, resource } = request;
    const grant = verifySas(keys, account, path, query, new Date());
    if (grant.kind !== "userDelegation") refuseWithoutSharedKey(resource);
    if (grant.resourceTypes === undefined) refuseOutsideContainer(request);
    const signed = [...grant.permissions].filter((letter) => accountPermissions.has(letter)).join("");
    const permissions = grant.onBehalfOf === undefined ? signed : bounded(signed, grant.onBehalfOf, request);
    return {
      permissions,
      resourceTypes: grant.resourceTypes ?? "co",
      principal: undefined,
      wholeAccount: false,
    };
  }

  /** A user delegation SAS never allows more than who signed it may do. */
  function bounded(signed: string, objectId: string, request: BlobRequest): string {
    const principal = { objectId, clientId: "", tenantId: TENANT_ID };
    const own = rolePermissions(principal, request);
    return [...signed].filter((letter) => own.includes(letter)).join("");
  }

  function byKey(request: BlobRequest): Grant {
    const { account, headers, resource } = request;
    refuseWithoutSharedKey(resource);
    const given = headers.authorization ?? "";
    const matches = keys
      .accessKeys(account)
      .some((key) => sameSecret(given, `SharedKey ${account}:${sharedKeySignature(request, account, key)}`));
    const sent = Date.parse(String(headers["x-ms-date"] ?? headers.date));
    if (!matches || !(Math.abs(Date.now() - sent) < 15 * 60_000)) {
      throw new StorageError(
        403,
        "AuthenticationFailed",
        "Server failed to authenticate the request. Make sure the value of Authorization header is formed correctly including the signature.",
      );
    }
    return { permissions: everything, resourceTypes: "sco", principal: undefined, wholeAccount: true };
  }

  return {
    authorize: async (request) => {
      const { authorization } = request.headers;
      if (authorization?.startsWith("Bearer ")) return await byToken(request);
      if (authorization?.startsWith("SharedKey ")) return byKey(request);
      if (authorization !== undefined)
        throw unauthenticated(
          "Authentication scheme is not supported by the local Azure: Bearer and SharedKey are.",
        );
      if (request.query.has("sig")) return bySignature(request);
      throw anonymous(request);
    },
  };
}

export function permissionMismatch(): StorageError {
  return new StorageError(
    403,
    "AuthorizationPermissionMismatch",
    "This request is not authorized to perform this operation using this permission.",
  );
}

function audiences(account: string): string[] {
  const own = `https://${account}.blob.core.windows.net`;
  return [STORAGE_AUDIENCE, `${STORAGE_AUDIENCE}/`, own, `${own}/`];
}

function unauthenticated(detail: string, code = "InvalidAuthenticationInfo"): StorageError {
  return new StorageError(
    401,
    code,
    `Server failed to authenticate the request. Please refer to the information in the www-authenticate header. ${detail}`.trim(),
    {
      "www-authenticate": `Bearer authorization_uri=https://login.microsoftonline.com/${TENANT_ID}/oauth2/authorize resource_id=${STORAGE_AUDIENCE}`,
    },
  );
}

/** New clients are told how to sign in; to old ones and browsers, Azure says that the account has nothing public. */
function anonymous({ headers }: BlobRequest): StorageError {
  return headers["x-ms-version"] === undefined
    ? new StorageError(
        409,
        "PublicAccessNotPermitted",
        "Public access is not permitted on this storage account.",
      )
    : unauthenticated("", "NoAuthenticationInformation");
}

function refuseWithoutSharedKey({ body }: StoredResource): void {
  const { allowSharedKeyAccess } = Object(body["properties"]) as Record<string, unknown>;
  if (allowSharedKeyAccess !== false) return;
  throw new StorageError(
    403,
    "KeyBasedAuthenticationNotPermitted",
    "Key based authentication is not permitted on this storage account.",
  );
}

/** A signature of a container or blob reaches blobs and their list, never the container itself. */
function refuseOutsideContainer({ method, path, query }: BlobRequest): void {
  if (path.blob !== "") return;
  if (method === "GET" && query.get("restype") === "container" && query.get("comp") === "list") return;
  throw permissionMismatch();
}
