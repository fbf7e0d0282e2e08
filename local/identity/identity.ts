import fastify, { type FastifyInstance } from "fastify";
import type { Store } from "../arm/store";
import type { Secrets, StatePaths } from "../state";
import { createAccessControl } from "./access";
import { isDeleted } from "./deleted-principals";
import { discoveryRoutes } from "./discovery";
import { EntraError, entraErrorBody } from "./entra-error";
import { identityHeader } from "./identity-header";
import { createIssuerKeys } from "./issuer-keys";
import { managedIdentityRoutes } from "./managed-identity";
import type { AccessControl, Principal, TokenVerifier } from "./principal";
import { openSigningKey } from "./signing-key";
import { tokenRoutes } from "./token-endpoint";
import { createVerifier, signToken, type AccessToken } from "./tokens";

export interface IdentityOptions {
  readonly store: Store;
  readonly secrets: Pick<Secrets, "clientSecret" | "adminSecret">;
  readonly paths: Pick<StatePaths, "tokenKey" | "authorityCertificate">;
  /** Whose place something on this machine takes: host name → `http://127.0.0.1:PORT`. Nobody's by default. */
  readonly standIns?: ReadonlyMap<string, string>;
  /** Milliseconds until a role assignment has effect. At once by default. */
  readonly roleDelay?: number;
  /** Seconds that a token is good for from now on. Entra's hour by default. */
  readonly lifetime?: () => number;
}

export interface Identity {
  /** Serves login.microsoftonline.com and login.windows.net. */
  readonly app: FastifyInstance;
  readonly verifier: TokenVerifier;
  readonly access: AccessControl;
  /** Adds the managed-identity endpoint, `/msi/token`, to the plain HTTP listener. */
  readonly addManagedIdentity: (http: FastifyInstance) => void;
  /** A token without asking the endpoint, for what the local Azure starts itself. */
  issueToken(audience: string, principal: Principal): Promise<AccessToken>;
  close(): Promise<void>;
}

/** Entra ID for one tenant: tokens, what checks them, and role assignments. */
export async function createIdentity(options: IdentityOptions): Promise<Identity> {
  const { store, secrets, paths } = options;
  const key = await openSigningKey(paths.tokenKey);
  const issueToken = (audience: string, principal: Principal): Promise<AccessToken> =>
    signToken(key, audience, principal, options.lifetime?.());

  const app = fastify({ routerOptions: { caseSensitive: false } });
  app.addContentTypeParser(
    "application/x-www-form-urlencoded",
    { parseAs: "string" },
    (_request, body, done) => {
      done(null, Object.fromEntries(new URLSearchParams(body as string)));
    },
  );
  app.setErrorHandler(async (error, _request, reply) => {
    if (error instanceof EntraError) return await reply.code(error.status).send(entraErrorBody(error));
    throw error;
  });
  discoveryRoutes(app, key);
  const issuerKeys = createIssuerKeys({
    authorityCertificate: paths.authorityCertificate,
    standIns: options.standIns ?? new Map(),
  });
  tokenRoutes(app, { store, clientSecret: secrets.clientSecret, issuerKeys, issueToken });

  return {
    app,
    verifier: createVerifier(key, (objectId) => isDeleted(store, objectId)),
    access: createAccessControl(store, options.roleDelay),
    addManagedIdentity: (http) => {
      managedIdentityRoutes(http, { store, header: identityHeader(secrets), issueToken });
    },
    issueToken,
    close: async () => await app.close(),
  };
}
