import type { FastifyInstance } from "fastify";
import { TENANT_ID } from "../cloud";
import { entraErrors } from "./entra-error";
import type { SigningKey } from "./signing-key";

interface TenantParams {
  readonly tenant: string;
}

/** Instance discovery, OpenID configuration and public keys, as MSAL and OpenID libraries ask for them. */
export function discoveryRoutes(app: FastifyInstance, key: SigningKey): void {
  app.get("/common/discovery/instance", async (request) => ({
    tenant_discovery_endpoint: `https://${request.host}/${TENANT_ID}/v2.0/.well-known/openid-configuration`,
    "api-version": "1.1",
    metadata: [
      {
        preferred_network: "login.microsoftonline.com",
        preferred_cache: "login.windows.net",
        aliases: ["login.microsoftonline.com", "login.windows.net"],
      },
    ],
  }));
  for (const version of ["", "/v2.0"]) {
    app.get<{ Params: TenantParams }>(
      `/:tenant${version}/.well-known/openid-configuration`,
      async (request) => {
        const tenant = checkTenant(request.params.tenant);
        return openIdConfiguration(`https://${request.host}`, tenant, version);
      },
    );
  }
  for (const path of ["/:tenant/discovery/keys", "/:tenant/discovery/v2.0/keys"]) {
    app.get<{ Params: TenantParams }>(path, async (request) => {
      checkTenant(request.params.tenant);
      return { keys: [key.publicJwk] };
    });
  }
}

/** @throws EntraError for a tenant that there isn't */
export function checkTenant(tenant: string): string {
  const lower = tenant.toLowerCase();
  if (lower === TENANT_ID || lower === "common" || lower === "organizations") return lower;
  throw entraErrors.unknownTenant(tenant);
}

/** Clients refuse endpoints on another host than the one that they asked: all are on `base`. */
function openIdConfiguration(base: string, tenant: string, version: string): Record<string, unknown> {
  const inIssuer = tenant === TENANT_ID ? tenant : "{tenantid}";
  return {
    issuer: version === "" ? `https://sts.windows.net/${inIssuer}/` : `${base}/${inIssuer}/v2.0`,
    authorization_endpoint: `${base}/${tenant}/oauth2${version}/authorize`,
    token_endpoint: `${base}/${tenant}/oauth2${version}/token`,
    jwks_uri: `${base}/${tenant}/discovery${version}/keys`,
    token_endpoint_auth_methods_supported: ["client_secret_post", "private_key_jwt"],
    response_modes_supported: ["query", "fragment", "form_post"],
    response_types_supported: ["code", "token"],
    subject_types_supported: ["pairwise"],
    id_token_signing_alg_values_supported: ["RS256"],
    scopes_supported: ["openid"],
    claims_supported: ["sub", "iss", "aud", "exp", "iat", "oid", "tid", "appid"],
    tenant_region_scope: null,
    cloud_instance_name: "microsoftonline.com",
    cloud_graph_host_name: "graph.windows.net",
    msgraph_host: "graph.microsoft.com",
  };
}
