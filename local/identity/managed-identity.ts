import type { FastifyInstance } from "fastify";
import type { Store } from "../arm/store";
import type { Principal } from "./principal";
import { deployer, managedIdentities, type KnownPrincipal } from "./principals";
import { isKnownResource, namedResource } from "./resources";
import { sameSecret } from "./same-secret";
import type { AccessToken } from "./tokens";

export interface ManagedIdentityOptions {
  readonly store: Store;
  /** What `IDENTITY_HEADER` must hold. */
  readonly header: string;
  readonly issueToken: (audience: string, principal: Principal) => Promise<AccessToken>;
}

interface Query {
  readonly resource?: string;
  readonly "api-version"?: string;
  readonly client_id?: string;
  readonly principal_id?: string;
  readonly object_id?: string;
  readonly mi_res_id?: string;
}

/**
 * App Service's managed-identity endpoint (2019-08-01), for `IDENTITY_ENDPOINT` and `IDENTITY_HEADER`: the deployer's tokens, or those
 * of the user-assigned identity that the query names.
 */
export function managedIdentityRoutes(app: FastifyInstance, options: ManagedIdentityOptions): void {
  app.get<{ Querystring: Query }>("/msi/token", async (request, reply) => {
    const { query } = request;
    const header = request.headers["x-identity-header"];
    if (typeof header !== "string" || !sameSecret(header, options.header)) {
      return await reply
        .code(401)
        .send(problem("Unauthorized", "The X-IDENTITY-HEADER header is missing or wrong."));
    }
    const resource = query.resource === undefined ? undefined : namedResource(query.resource);
    if (query["api-version"] !== "2019-08-01") {
      return await reply.code(400).send(problem("BadRequest", "api-version must be 2019-08-01."));
    }
    if (resource === undefined || !isKnownResource(resource)) {
      return await reply
        .code(400)
        .send(
          problem(
            "invalid_resource",
            `AADSTS500011: The resource principal named ${resource ?? ""} was not found.`,
          ),
        );
    }
    const identity = select(query, options.store);
    if (identity === undefined) {
      return await reply
        .code(400)
        .send(problem("BadRequest", "No managed identity was found for the given id."));
    }
    const { token, expiresOn } = await options.issueToken(resource, identity);
    return {
      access_token: token,
      expires_on: String(expiresOn),
      resource,
      token_type: "Bearer",
      client_id: identity.clientId,
    };
  });
}

function select(query: Query, store: Store): KnownPrincipal | undefined {
  const wanted = [
    ["clientId", query.client_id],
    ["objectId", query.principal_id ?? query.object_id],
    ["resourceId", query.mi_res_id],
  ] as const;
  const named = wanted.find(([, value]) => value !== undefined);
  if (named === undefined) return deployer;
  const [property, value] = named;
  return [deployer, ...managedIdentities(store)].find(
    (principal) => principal[property]?.toLowerCase() === value?.toLowerCase(),
  );
}

function problem(code: string, message: string): Record<string, unknown> {
  return {
    statusCode: code === "Unauthorized" ? 401 : 400,
    message,
    error: code,
    error_description: message,
  };
}
