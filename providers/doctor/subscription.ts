import type { Arm } from "../clients/arm";
import { ok, problem, type Finding } from "./finding";

const API_VERSION = "2022-12-01";
const PROVIDERS_API_VERSION = "2021-04-01";

/** Whose resources the components declare. */
const NEEDED = [
  "Microsoft.MachineLearningServices",
  "Microsoft.Storage",
  "Microsoft.KeyVault",
  "Microsoft.ContainerRegistry",
  "Microsoft.Insights",
  "Microsoft.OperationalInsights",
  "Microsoft.ManagedIdentity",
  "Microsoft.Network",
] as const;

export interface Subscription {
  readonly displayName?: string;
  readonly state?: string;
  readonly tenantId?: string;
}

export interface ResourceProvider {
  readonly namespace?: string;
  readonly registrationState?: string;
}

/** @returns undefined where it isn't there, or not for who asks. @throws ArmError */
export async function readSubscription(arm: Arm, id: string): Promise<Subscription | undefined> {
  return await arm.read<Subscription>(`/subscriptions/${id}`, { apiVersion: API_VERSION });
}

/** Those that who is signed in sees. @throws ArmError */
export async function subscriptionIds(arm: Arm): Promise<string[]> {
  const all = await arm.list<{ subscriptionId?: string }>("/subscriptions", { apiVersion: API_VERSION });
  return all.flatMap(({ subscriptionId }) => subscriptionId ?? []);
}

/** @throws ArmError */
export async function readProviders(arm: Arm, id: string): Promise<ResourceProvider[]> {
  return await arm.list(`/subscriptions/${id}/providers`, { apiVersion: PROVIDERS_API_VERSION });
}

/** @param tenantId of who is signed in */
export function subscriptionFinding(
  id: string,
  subscription: Subscription | undefined,
  tenantId: string,
): Finding {
  const about = "subscription";
  if (subscription === undefined)
    return problem(
      about,
      `${id} isn't there, or not for who is signed in`,
      "`az account list --all`, and ARM_SUBSCRIPTION_ID or azure-native:subscriptionId",
    );
  const { displayName = "no name", state = "Enabled", tenantId: of = tenantId } = subscription;
  const says = `${displayName} (${id})`;
  if (of.toLowerCase() !== tenantId.toLowerCase())
    return problem(about, `${says} is in tenant ${of}, the sign-in in ${tenantId}`, `ARM_TENANT_ID=${of}`);
  return state === "Enabled"
    ? ok(about, says)
    : problem(about, `${says} is ${state}: Azure refuses changes`, "its owner's Azure portal, Subscriptions");
}

export function providerFindings(subscriptionId: string, providers: readonly ResourceProvider[]): Finding[] {
  const stateOf = (wanted: string): string =>
    providers.find(({ namespace }) => namespace?.toLowerCase() === wanted.toLowerCase())?.registrationState ??
    "NotRegistered";
  const missing = NEEDED.filter((name) => stateOf(name) !== "Registered");
  if (missing.length === 0) return [ok("resource providers", `${NEEDED.length} registered`)];
  return missing.map((name) =>
    problem(
      `resource provider ${name}`,
      `is ${stateOf(name)}`,
      `az provider register --subscription ${subscriptionId} --namespace ${name} --wait`,
    ),
  );
}
