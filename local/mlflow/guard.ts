import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Store } from "../arm/store";
import { ARM_AUDIENCES } from "../cloud";
import type { AccessControl, Principal, TokenVerifier } from "../identity/principal";
import { rolesAllowing } from "../identity/role-definitions";
import { actionOf } from "./actions";
import { ServiceError } from "./errors";
import { findWorkspace, workspaceIdOf } from "./workspace";

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
    const action = `Microsoft.MachineLearningServices/workspaces/${actionOf(request.method, request.url)}`;
    if (!access.hasRole(principal, rolesAllowing(store, action), workspace.id)) {
      throw new ServiceError(
        403,
        "Forbidden",
        `The principal ${principal.objectId} may not do this in ${workspace.id}: it lacks ${action}. Give it a role that has this there, such as AzureML Data Scientist.`,
      );
    }
    request.setDecorator("workspace", workspace);
    request.setDecorator("principal", principal);
  });
}

export const principalOf = (request: FastifyRequest): Principal =>
  request.getDecorator<Principal>("principal");
