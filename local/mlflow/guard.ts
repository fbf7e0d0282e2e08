import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Store } from "../arm/store";
import { ARM_AUDIENCES } from "../cloud";
import type { AccessControl, Principal, TokenVerifier } from "../identity/principal";
import { ROLES } from "../identity/roles";
import { ServiceError } from "./errors";
import { findWorkspace, workspaceIdOf } from "./workspace";

const WRITERS = [ROLES.Owner, ROLES.Contributor, ROLES["AzureML Data Scientist"]];

/** POSTs that only read, as MLflow's API and Azure ML's services have them. */
const READING_POST = /\/(?:search|search-datasets|get-latest-versions|rundata|batchGetResolvedUris)$/;

export const isRead = (method: string, url: string): boolean =>
  method === "GET" ||
  method === "HEAD" ||
  (method === "POST" && READING_POST.test(url.replace(/\?.*$/s, "")));

/** Lets a request of this part of the server pass when its token is good, the workspace is there, and a role allows it. */
export function guard(
  app: FastifyInstance,
  { store, verifier, access }: { store: Store; verifier: TokenVerifier; access: AccessControl },
  audiences: readonly string[] = ARM_AUDIENCES,
): void {
  app.decorateRequest("workspace", null);
  app.decorateRequest("principal", null);
  app.addHook("onRequest", async (request) => {
    const principal = await verifier.verify(request.headers.authorization, audiences);
    const id = workspaceIdOf(request.params as Record<string, string>);
    const workspace = findWorkspace(store, id);
    if (!workspace) throw new ServiceError(404, "NotFound", `There is no workspace ${id}.`);
    const roles = isRead(request.method, request.url) ? [...WRITERS, ROLES.Reader] : WRITERS;
    if (!access.hasRole(principal, roles, workspace.id)) {
      throw new ServiceError(
        403,
        "Forbidden",
        `The principal ${principal.objectId} may not do this in ${workspace.id}. Give it the role AzureML Data Scientist there.`,
      );
    }
    request.setDecorator("workspace", workspace);
    request.setDecorator("principal", principal);
  });
}

export const principalOf = (request: FastifyRequest): Principal =>
  request.getDecorator<Principal>("principal");
