import { at, known } from "./plain";
import type { Seen } from "./rule";

/** What names a resource of Azure Machine Learning, from the workspace down, and how its ARM id has it. */
const levels = [
  ["workspaceName", "workspaces"],
  ["endpointName", "onlineEndpoints"],
  ["deploymentName", "deployments"],
] as const;

const depths: Readonly<Record<string, number>> = {
  "machinelearningservices:Workspace": 1,
  "machinelearningservices:OnlineEndpoint": 2,
  "machinelearningservices:OnlineDeployment": 3,
};

/**
 * Whether one of the resources has a resource's ARM id in a property: by its text where that and the resource's names are known, else by what the
 * property is made of.
 * @param idsOf the ids that it has there; none where it doesn't count
 * @throws Pulumi's `UnknownValueError` where it can't be told yet
 */
export function isNamed(
  target: Seen,
  by: readonly Seen[],
  property: string,
  idsOf: (resource: Seen) => readonly unknown[],
): boolean {
  const end = endOfId(target)?.toLowerCase();
  const told = by.map((resource) => names(resource, property, idsOf, target, end));
  if (told.includes(true)) return true;
  // Reads the unknown value once more, outside of `known`.
  by.filter((_, index) => told[index] === undefined).forEach(idsOf);
  return false;
}

/** Undefined where it can't be told yet. */
function names(
  resource: Seen,
  property: string,
  idsOf: (resource: Seen) => readonly unknown[],
  target: Seen,
  end: string | undefined,
): boolean | undefined {
  const ids = known(() => idsOf(resource));
  if (ids?.length === 0) return false;
  if (ids !== undefined && end !== undefined) return ids.some((id) => String(id).toLowerCase().endsWith(end));
  const made = resource.madeOf(property);
  if (made.includes(target.urn)) return true;
  // Made of other resources, it is theirs.
  return ids === undefined && made.length === 0 ? undefined : false;
}

/** The end of a resource's ARM id, from its resource group on; undefined where that isn't known yet. */
function endOfId({ kind, properties }: Seen): string | undefined {
  const group = known(() => at(properties, "resourceGroupName"));
  const named = levels.slice(0, depths[kind] ?? 0).map(([property, level]) => {
    const name = known(() => at(properties, property));
    return typeof name === "string" ? `/${level}/${name}` : undefined;
  });
  if (typeof group !== "string" || named.length === 0 || named.includes(undefined)) return undefined;
  return `/resourceGroups/${group}/providers/Microsoft.MachineLearningServices${named.join("")}`;
}
