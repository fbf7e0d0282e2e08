import type { FastifyInstance } from "fastify";
import type { Store } from "../arm/store";
import { TENANT_ID } from "../cloud";
import { checkTenant } from "./discovery";
import { entraErrors } from "./entra-error";
import type { Principal } from "./principal";
import { deployer, principals } from "./principals";
import { isKnownResource, resourceOfScope } from "./resources";
import { sameSecret } from "./same-secret";
import type { AccessToken } from "./tokens";

export interface TokenEndpointOptions {
  readonly store: Store;
  /** The deployer's. User-assigned identities have none: they sign in at the managed-identity endpoint. */
  readonly clientSecret: string;
  readonly issueToken: (audience: string, principal: Principal) => Promise<AccessToken>;
}

type Form = Readonly<Record<string, string | undefined>>;

/** `POST /{tenant}/oauth2/v2.0/token` (scope) and `/{tenant}/oauth2/token` (resource): client credentials with a secret. */
export function tokenRoutes(app: FastifyInstance, options: TokenEndpointOptions): void {
  app.post<{ Params: { tenant: string }; Body: Form | undefined }>(
    "/:tenant/oauth2/v2.0/token",
    async (request) => {
      const form = request.body ?? {};
      const principal = authenticate(checkTenant(request.params.tenant), form, options);
      const scope = required(form, "scope");
      const resource = resourceOfScope(scope);
      if (resource === undefined) throw entraErrors.scope(scope);
      const { token, expiresIn } = await options.issueToken(known(resource), principal);
      return {
        token_type: "Bearer",
        expires_in: expiresIn,
        ext_expires_in: expiresIn,
        access_token: token,
      };
    },
  );
  app.post<{ Params: { tenant: string }; Body: Form | undefined }>(
    "/:tenant/oauth2/token",
    async (request) => {
      const form = request.body ?? {};
      const principal = authenticate(checkTenant(request.params.tenant), form, options);
      const resource = required(form, "resource");
      const { token, expiresOn, expiresIn } = await options.issueToken(known(resource), principal);
      return {
        token_type: "Bearer",
        expires_in: String(expiresIn),
        ext_expires_in: String(expiresIn),
        expires_on: String(expiresOn),
        not_before: String(expiresOn - expiresIn),
        resource,
        access_token: token,
      };
    },
  );
}

function authenticate(tenant: string, form: Form, options: TokenEndpointOptions): Principal {
  const grantType = required(form, "grant_type");
  if (grantType !== "client_credentials") throw entraErrors.grantType(grantType);
  const clientId = required(form, "client_id");
  if (!principals(options.store).some((principal) => principal.clientId === clientId.toLowerCase()))
    throw entraErrors.unknownApplication(clientId, tenant);
  if (form["client_assertion"] !== undefined) throw entraErrors.assertion();
  const secret = form["client_secret"];
  if (secret === undefined) throw entraErrors.noSecret();
  if (clientId.toLowerCase() !== deployer.clientId || !sameSecret(secret, options.clientSecret))
    throw entraErrors.wrongSecret(clientId);
  return deployer;
}

function required(form: Form, name: string): string {
  const value = form[name];
  if (value === undefined || value === "") throw entraErrors.missing(name);
  return value;
}

function known(resource: string): string {
  if (!isKnownResource(resource)) throw entraErrors.unknownResource(resource, TENANT_ID);
  return resource;
}
