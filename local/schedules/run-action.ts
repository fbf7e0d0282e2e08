import type { FastifyInstance } from "fastify";
import { parentId } from "../arm/ids";
import { objectAt, omit, stringAt } from "../arm/objects";
import { lastName } from "../arm/path";
import type { Store } from "../arm/store";
import { ARM_AUDIENCES, SCORING_AUDIENCES } from "../cloud";
import type { Principal } from "../identity/principal";
import type { AccessToken } from "../identity/tokens";
import type { JsonObject } from "../json";

const API_VERSION = "2025-12-01";

/** What a schedule's action goes to. */
export interface Actions {
  readonly store: Store;
  readonly issueToken: (audience: string, principal: Principal) => Promise<AccessToken>;
  /** management.azure.com, and the endpoints of models: asked as any client asks them. */
  readonly arm: FastifyInstance;
  readonly endpoints: FastifyInstance;
}

/** Submits the job of a schedule, or calls its batch endpoint, as whoever declared it. @throws Error with what is refused */
export async function runAction(
  { store, issueToken, arm, endpoints }: Actions,
  scheduleId: string,
  action: JsonObject,
  owner: Principal,
  at: Date,
): Promise<void> {
  const workspaceId = parentId(scheduleId);
  const asked = async (
    to: FastifyInstance,
    method: "PUT" | "POST",
    address: URL,
    audience: string,
    more: { readonly headers?: Record<string, string>; readonly body: JsonObject },
  ): Promise<void> => {
    const { token } = await issueToken(audience, owner);
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
    const answer = await to.inject({
      method,
      url: `${address.pathname}${address.search}`,
      headers: { ...headers, host: address.host, ...more.headers },
      payload: JSON.stringify(more.body),
    });
    if (answer.statusCode >= 300) throw new Error(`${answer.statusCode} ${answer.body}`);
  };
  if (action["actionType"] === "CreateJob") {
    const time = at.toISOString().replace(/[-:]|\.\d+Z/g, "");
    const address = `https://management.azure.com${workspaceId}/jobs/${lastName(scheduleId)}-${time}?api-version=${API_VERSION}`;
    const properties = definitionOf(store, objectAt(action, "jobDefinition"));
    return await asked(arm, "PUT", new URL(address), ARM_AUDIENCES[0], { body: { properties } });
  }
  const definition = objectAt(action, "endpointInvocationDefinition");
  const endpoint = store.get(`${workspaceId}/batchEndpoints/${stringAt(definition, "endpointName") ?? ""}`);
  const scoringUri = endpoint && stringAt(objectAt(endpoint.body, "properties"), "scoringUri");
  if (scoringUri === undefined) throw new Error("its batch endpoint is gone");
  const deployment = stringAt(definition, "deploymentName");
  await asked(endpoints, "POST", new URL(scoringUri), SCORING_AUDIENCES[0], {
    headers: deployment === undefined ? {} : { "azureml-model-deployment": deployment },
    body: { properties: objectAt(definition, "properties") },
  });
}

/** What is submitted: the definition itself, or that of the job that it names. */
function definitionOf(store: Store, definition: JsonObject): JsonObject {
  const source = stringAt(definition, "sourceJobId");
  const job = source === undefined || "jobs" in definition ? undefined : store.get(source);
  if (job === undefined) return omit(definition, ["sourceJobId", "status"]);
  return omit(objectAt(job.body, "properties"), ["status", "services", "provisioningState"]);
}
