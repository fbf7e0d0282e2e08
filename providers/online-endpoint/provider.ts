import type { dynamic } from "@pulumi/pulumi";
import { arm } from "../clients/arm";
import { deadlineIn } from "../clients/deadline";
import { ProviderError } from "../clients/errors";
import { changedKeys, checkFailures, say, withoutProvider } from "../inputs";
import { armId, integer, objectOf, oneOf, optional, recordOf, rule, tags, text, type Rules } from "../rules";
import { merge, observed, withdraw, writable } from "./merge";
import type { EndpointIdentity, EndpointSettings, OnlineEndpointInputs } from "./types";
import { readEndpoint, rewriteEndpoint } from "./write";

/** How long a change of an endpoint may take, waiting for other operations included. */
const MINUTES = 60;

const rules: Rules<OnlineEndpointInputs> = {
  endpointId: armId("Microsoft.MachineLearningServices/workspaces/onlineEndpoints"),
  authMode: optional(oneOf("Key", "AADToken", "AMLToken")),
  publicNetworkAccess: optional(oneOf("Enabled", "Disabled")),
  description: optional(text("text", /^/)),
  tags: optional(tags),
  identity: optional(
    objectOf<EndpointIdentity>({
      type: oneOf("SystemAssigned", "UserAssigned"),
      userAssignedIdentities: optional(rule(Array.isArray, "a list of ARM ids")),
    }),
  ),
  traffic: optional(recordOf(integer(0, 100))),
};

export async function check(
  _olds: OnlineEndpointInputs,
  news: OnlineEndpointInputs,
): Promise<dynamic.CheckResult<OnlineEndpointInputs>> {
  const inputs = withoutProvider(news);
  return { inputs, failures: [...checkFailures(rules, inputs), ...trafficFailures(inputs.traffic)] };
}

function trafficFailures(traffic: unknown): dynamic.CheckFailure[] {
  if (typeof traffic !== "object" || traffic === null) return [];
  const shares = Object.values(traffic as Record<string, unknown>);
  if (!shares.every((share) => typeof share === "number")) return [];
  const total = shares.reduce((sum, share) => sum + share, 0);
  return total === 0 || total === 100
    ? []
    : [{ property: "traffic", reason: `its percentages are ${total} in total; they must be 0 or 100` }];
}

export async function diff(
  _id: string,
  olds: OnlineEndpointInputs,
  news: OnlineEndpointInputs,
): Promise<dynamic.DiffResult> {
  const replaces = changedKeys(olds, news, ["endpointId"]);
  const updates = changedKeys<EndpointSettings>(olds, news, [
    "authMode",
    "publicNetworkAccess",
    "description",
    "tags",
    "identity",
    "traffic",
  ]);
  return { changes: replaces.length + updates.length > 0, replaces, deleteBeforeReplace: false };
}

export async function create(
  inputs: OnlineEndpointInputs,
): Promise<dynamic.CreateResult<OnlineEndpointInputs>> {
  const outs = withoutProvider(inputs);
  await apply({}, outs);
  return { id: outs.endpointId, outs };
}

export async function read(
  id: string,
  props?: OnlineEndpointInputs,
): Promise<dynamic.ReadResult<OnlineEndpointInputs>> {
  const live = await readEndpoint(arm(), id);
  if (live === undefined || props === undefined) return { id: "" };
  const inputs = observed(live, withoutProvider(props));
  return { id, props: { ...inputs }, inputs: { ...inputs } };
}

export async function update(
  _id: string,
  olds: OnlineEndpointInputs,
  news: OnlineEndpointInputs,
): Promise<dynamic.UpdateResult<OnlineEndpointInputs>> {
  const outs = withoutProvider(news);
  await apply(olds, outs);
  return { outs };
}

async function apply(was: EndpointSettings, wish: OnlineEndpointInputs): Promise<void> {
  const change = (live: Parameters<typeof merge>[0]): ReturnType<typeof merge> => merge(live, was, wish);
  if (!(await rewriteEndpoint(arm(), wish.endpointId, change, deadlineIn(MINUTES), say)))
    throw new ProviderError({
      what: "this endpoint is gone",
      where: wish.endpointId,
      tryThis: "`pulumi refresh`, then `pulumi up`",
    });
}

/** Takes the traffic away from the deployments that this resource gave some, so that they can be deleted. */
export async function deleteResource(id: string, props: OnlineEndpointInputs): Promise<void> {
  const names = Object.keys(props.traffic ?? {});
  if (names.length === 0) return;
  await rewriteEndpoint(
    arm(),
    id,
    (live) => {
      const body = writable(live);
      return {
        ...body,
        properties: { ...body.properties, traffic: withdraw(body.properties.traffic ?? {}, names) },
      };
    },
    deadlineIn(MINUTES),
    say,
  );
}

export { deleteResource as delete };
