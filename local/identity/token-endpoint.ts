import type { FastifyInstance } from "fastify";
import { decodeJwt, decodeProtectedHeader, type JWTPayload, type ProtectedHeaderParameters } from "jose";
import type { Store } from "../arm/store";
import { TENANT_ID } from "../cloud";
import { applications, secretHash, type Application } from "./applications";
import { checkCertificateAssertion } from "./certificate-assertion";
import { checkTenant } from "./discovery";
import { ASSERTION_TYPE, entraErrors } from "./entra-error";
import { checkFederatedToken } from "./federated-token";
import type { IssuerKeys } from "./issuer-keys";
import type { Principal } from "./principal";
import { deployer, principals, type KnownPrincipal } from "./principals";
import { isKnownResource, namedResource, resourceOfScope } from "./resources";
import { sameSecret } from "./same-secret";
import type { AccessToken } from "./tokens";

export interface TokenEndpointOptions {
  readonly store: Store;
  /** The deployer's. User-assigned identities have none: they sign in by federated tokens, or at the managed-identity endpoint. */
  readonly clientSecret: string;
  /** Of issuers of federated tokens. */
  readonly issuerKeys: IssuerKeys;
  readonly issueToken: (audience: string, principal: Principal) => Promise<AccessToken>;
}

type Form = Readonly<Record<string, string | undefined>>;

/**
 * `POST /{tenant}/oauth2/v2.0/token` (scope) and `/{tenant}/oauth2/token` (resource): client credentials with a secret,
 * an assertion that a certificate signed, or a federated token.
 */
export function tokenRoutes(app: FastifyInstance, options: TokenEndpointOptions): void {
  app.post<{ Params: { tenant: string }; Body: Form | undefined }>(
    "/:tenant/oauth2/v2.0/token",
    async (request) => {
      const form = request.body ?? {};
      const principal = await authenticate(checkTenant(request.params.tenant), form, options);
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
      const principal = await authenticate(checkTenant(request.params.tenant), form, options);
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

async function authenticate(tenant: string, form: Form, options: TokenEndpointOptions): Promise<Principal> {
  const grantType = required(form, "grant_type");
  if (grantType !== "client_credentials") throw entraErrors.grantType(grantType);
  const clientId = required(form, "client_id").toLowerCase();
  const { store } = options;
  const known = principals(store).find((principal) => principal.clientId === clientId);
  if (known === undefined) throw entraErrors.unknownApplication(clientId, tenant);
  const { objectId, tenantId } = known;
  const principal = { objectId, clientId, tenantId };
  if (form["client_assertion"] !== undefined) {
    await checkAssertion(known, form, options);
    return principal;
  }
  const secret = form["client_secret"];
  if (secret === undefined) throw entraErrors.noSecret();
  if (!isSecretOf(clientId, secret, options)) throw entraErrors.wrongSecret(clientId);
  return principal;
}

function isSecretOf(
  clientId: string,
  secret: string,
  { store, clientSecret }: TokenEndpointOptions,
): boolean {
  if (clientId === deployer.clientId) return sameSecret(secret, clientSecret);
  const hash = applicationOf(store, clientId)?.secretHash;
  return hash !== undefined && sameSecret(secretHash(secret), hash);
}

async function checkAssertion(
  known: KnownPrincipal,
  form: Form,
  options: TokenEndpointOptions,
): Promise<void> {
  const type = required(form, "client_assertion_type");
  if (type !== ASSERTION_TYPE) throw entraErrors.assertionType(type);
  const token = required(form, "client_assertion");
  const { header, claims } = readAssertion(token);
  const { store, issuerKeys } = options;
  if (known.resourceId !== undefined)
    return await checkFederatedToken(store, issuerKeys, known.resourceId, token, claims);
  const application = applicationOf(store, known.clientId);
  if (application === undefined) throw entraErrors.assertionSignature("The key was not found.");
  await checkCertificateAssertion(application, token, header, claims);
}

function readAssertion(token: string): { header: ProtectedHeaderParameters; claims: JWTPayload } {
  try {
    return { header: decodeProtectedHeader(token), claims: decodeJwt(token) };
  } catch {
    throw entraErrors.assertionMalformed();
  }
}

function applicationOf(store: Store, clientId: string): Application | undefined {
  return applications(store).find((application) => application.clientId === clientId);
}

function required(form: Form, name: string): string {
  const value = form[name];
  if (value === undefined || value === "") throw entraErrors.missing(name);
  return value;
}

function known(asked: string): string {
  const resource = namedResource(asked);
  if (!isKnownResource(resource)) throw entraErrors.unknownResource(resource, TENANT_ID);
  return resource;
}
