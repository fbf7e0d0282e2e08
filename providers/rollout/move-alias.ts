import { ML_API_VERSION, type Arm } from "../clients/arm";
import { versionIdOf, workspaceIdOf } from "../clients/arm-id";
import { giveAlias, takeAliases } from "../models/aliases";

/** Whether an alias leads to another version than before; and why it could not be moved. */
export interface MovedAlias {
  readonly moved: boolean;
  readonly problem?: string;
}

interface LiveDeployment {
  readonly name: string;
  readonly properties: { readonly model?: string };
}

/** Lets an alias lead to the model version of a deployment, and no more to any other that the endpoint's deployments have a version of. */
export async function moveAlias(
  arm: Arm,
  endpointId: string,
  deployment: string,
  alias: string,
): Promise<MovedAlias> {
  try {
    const versions = await servedVersions(arm, endpointId);
    const version = versions.get(deployment);
    if (version === undefined)
      return { moved: false, problem: "its model is none of the workspace's registered ones" };
    const moved = await giveAlias(arm, version, alias);
    for (const model of modelsOf(versions)) await takeAliases(arm, model, [alias], version);
    return { moved };
  } catch (error) {
    return { moved: false, problem: (error as Error).message };
  }
}

/** Takes an alias from every version of the models that the endpoint's deployments have. @throws ArmError */
export async function dropAlias(arm: Arm, endpointId: string, alias: string): Promise<void> {
  for (const model of modelsOf(await servedVersions(arm, endpointId))) await takeAliases(arm, model, [alias]);
}

async function servedVersions(arm: Arm, endpointId: string): Promise<ReadonlyMap<string, string>> {
  const workspaceId = workspaceIdOf(endpointId);
  const deployments = await arm.list<LiveDeployment>(`${endpointId}/deployments`, {
    apiVersion: ML_API_VERSION,
  });
  return new Map(
    deployments.flatMap(({ name, properties: { model = "" } }) => {
      const id = versionIdOf(workspaceId, model);
      return id === undefined ? [] : [[name, id] as const];
    }),
  );
}

function modelsOf(versions: ReadonlyMap<string, string>): readonly string[] {
  return [...new Set([...versions.values()].map((id) => id.replace(/\/versions\/[^/]*$/i, "")))];
}
