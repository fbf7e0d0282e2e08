import { lastName } from "../arm/path";
import type { Status } from "../status";
import { UserError } from "../user-error";

/** A workspace and its computes, as the local Azure's status tells them. */
type Computes = Pick<Status, "workspaces" | "computes">;

/**
 * What the shell of a compute instance has besides what every command has: where to track, and which workspace it is of.
 *
 * @param preferred the tracking address of the workspace that is meant where several have a compute of the name
 * @throws UserError where there is no such compute, or it is none to work on
 */
export function instanceSettings(
  { workspaces, computes }: Computes,
  name: string,
  preferred?: string,
): Record<string, string> {
  const named = computes.filter((each) => each.name.toLowerCase() === name.toLowerCase());
  const meant = workspaces.find(({ trackingUri }) => trackingUri === preferred)?.id;
  const [compute, another] = named.length > 1 ? named.filter((each) => each.workspaceId === meant) : named;
  if (named.length > 1 && (compute === undefined || another !== undefined))
    throw new UserError(
      `Several workspaces have a compute ${name}: ${named.map((each) => lastName(each.workspaceId)).join(", ")}. Say which by MLFLOW_TRACKING_URI.`,
    );
  const instances = computes.filter(({ type }) => type === "ComputeInstance");
  const there =
    instances.length === 0
      ? "There is no compute instance."
      : `Compute instances are: ${instances.map((each) => `${each.name} (${each.state})`).join(", ")}.`;
  if (compute === undefined) throw new UserError(`There is no compute ${name}. ${there}`);
  if (compute.type !== "ComputeInstance")
    throw new UserError(`The compute ${name} is of type ${compute.type}, which has no shell. ${there}`);
  if (compute.state !== "Running")
    throw new UserError(
      `The compute instance ${name} is ${compute.state}. Start it first: az ml compute start --name ${name}`,
    );
  const [, , subscription = "", , group = ""] = compute.workspaceId.split("/");
  const workspace = lastName(compute.workspaceId);
  return {
    MLFLOW_TRACKING_URI: workspaces.find(({ id }) => id === compute.workspaceId)?.trackingUri ?? "",
    CI_NAME: compute.name,
    AZUREML_ARM_SUBSCRIPTION: subscription,
    AZUREML_ARM_RESOURCEGROUP: group,
    AZUREML_ARM_WORKSPACE_NAME: workspace,
  };
}
