import { resourceParts, workspaceParts } from "../providers/clients/arm-id";
import { ProviderError } from "../providers/clients/errors";

export interface EndpointOptions {
  /** ARM id. */
  readonly workspace?: string;
}

/**
 * ARM id of the endpoint that a command names.
 *
 * @param named its ARM id; or its name, beside the workspace's ARM id
 * @throws ProviderError
 */
export function endpointIdOf(named: string, { workspace }: EndpointOptions): string {
  if (!named.startsWith("/")) {
    if (workspace === undefined)
      throw new ProviderError({
        what: "a name alone says not in which workspace",
        where: named,
        tryThis: "the endpoint's ARM id, or `--workspace` with the workspace's",
      });
    const { subscriptionId, resourceGroupName, workspaceName } = workspaceParts(workspace);
    return `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroupName}/providers/Microsoft.MachineLearningServices/workspaces/${workspaceName}/onlineEndpoints/${named}`;
  }
  workspaceParts(named);
  const [type, name, ...more] = named.split("/").slice(9);
  if (type?.toLowerCase() !== "onlineendpoints" || !name || more.length > 0)
    throw new ProviderError({ what: `"${named}" is not the ARM id of an online endpoint` });
  return `${named.slice(0, named.length - name.length)}${resourceParts(named).name}`;
}
