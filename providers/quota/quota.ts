import { resourceParts } from "../clients/arm-id";

/** How much of something a subscription uses, in one region. */
export interface Usage {
  /** Of a workspace's own share, its ARM id is in it. */
  readonly id: string;
  /** What it is of, as `Standard DSv2 Family Cluster Dedicated vCPUs`. */
  readonly name: string;
  readonly used: number;
  /** Negative where there is none. */
  readonly limit: number;
}

export interface VmSize {
  readonly name: string;
  /** As `standardDSv2Family`. */
  readonly family: string;
  readonly cores: number;
}

/** What is to be made. */
export interface Machines {
  readonly workspaceId: string;
  readonly size: VmSize;
  readonly instances: number;
}

/** Families whose machines Azure upgrades without spare ones (docs:reference-managed-online-endpoints-vm-sku-list). */
const WITHOUT_RESERVE = [
  "standardNCADSA100v4Family",
  "standardNCADSH100v5Family",
  "standardNDAMSv4_A100Family",
  "standardNDASv4_A100Family",
  "standardNDSv2Family",
  "standardNDv5H100Family",
].map(plain);
const ALL_FAMILIES = plain("Total Cluster Dedicated Regional vCPUs");

/** Cores that a managed online deployment needs, with the fifth more that Azure reserves for upgrades (docs:how-to-manage-quotas). */
export function coresFor({ size, instances }: Pick<Machines, "size" | "instances">): number {
  const reserved = WITHOUT_RESERVE.includes(plain(size.family)) ? instances : Math.ceil((instances * 6) / 5);
  return reserved * size.cores;
}

/** What is missing for these machines beside all that is there; undefined where nothing is, as far as it is known. */
export function shortage(machines: Machines, usages: readonly Usage[]): string | undefined {
  const { size, instances } = machines;
  const cores = coresFor(machines);
  const short = usages.find(
    (usage) => isAbout(machines, usage) && usage.limit >= 0 && usage.used + cores > usage.limit,
  );
  if (short === undefined) return undefined;
  const reserve = cores > instances * size.cores ? ", with the 20 % that Azure reserves for upgrades" : "";
  return (
    `it needs ${cores} cores for ${instances} of ${size.name}${reserve}, and ` +
    `${short.used} of ${short.limit} are used of ${short.name}`
  );
}

/** A family's, or all families' together: the subscription's in the region, or the workspace's own share. */
function isAbout({ workspaceId, size }: Machines, { id, name }: Usage): boolean {
  const parts = id.toLowerCase().split("/");
  const { subscriptionId } = resourceParts(workspaceId);
  const isSubscriptions = !parts.includes("workspaces") && parts[2] === subscriptionId.toLowerCase();
  const isWorkspaces =
    id.toLowerCase().startsWith(`${workspaceId.toLowerCase()}/`) && !parts.includes("computes");
  if (!isSubscriptions && !isWorkspaces) return false;
  return [plain(`${size.family} Cluster Dedicated vCPUs`), ALL_FAMILIES].includes(plain(name));
}

/** Azure writes `standardDSv2Family` here and `Standard DSv2 Family` there. */
function plain(name: string): string {
  return name.toLowerCase().replace(/[ _]/g, "");
}
