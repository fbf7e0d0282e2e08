import type { Arm } from "../clients/arm";
import { ok, problem, type Finding } from "./finding";

interface Kind {
  readonly type: string;
  readonly apiVersion: string;
  /** Azure's own rule. */
  readonly allowed: RegExp;
  readonly inWords: string;
}

/** What has a name in the whole cloud (azure-docs, resource-name-rules). */
const KINDS = {
  storageAccount: {
    type: "Microsoft.Storage/storageAccounts",
    apiVersion: "2024-01-01",
    allowed: /^[a-z0-9]{3,24}$/,
    inWords: "3 to 24 lower-case letters and digits",
  },
  keyVault: {
    type: "Microsoft.KeyVault/vaults",
    apiVersion: "2024-11-01",
    allowed: /^(?=.{3,24}$)[a-zA-Z](?!.*--)[a-zA-Z0-9-]*[a-zA-Z0-9]$/,
    inWords: "3 to 24 letters, digits and single dashes, a letter first",
  },
  containerRegistry: {
    type: "Microsoft.ContainerRegistry/registries",
    apiVersion: "2023-07-01",
    allowed: /^[a-zA-Z0-9]{5,50}$/,
    inWords: "5 to 50 letters and digits",
  },
} as const satisfies Readonly<Record<string, Kind>>;

export type NameKind = keyof typeof KINDS;

export const NAME_KINDS = Object.keys(KINDS) as readonly NameKind[];

export interface WantedName {
  readonly kind: NameKind;
  readonly name: string;
}

export interface Availability {
  readonly nameAvailable?: boolean;
  readonly reason?: string;
  readonly message?: string;
}

interface DeletedVault {
  readonly name?: string;
}

/** Whether one may have the name. @throws ArmError */
export async function nameFinding(arm: Arm, subscriptionId: string, wanted: WantedName): Promise<Finding> {
  const { kind, name } = wanted;
  const { type, apiVersion, allowed } = KINDS[kind];
  if (!allowed.test(name)) return availabilityFinding(wanted, { nameAvailable: false, reason: "invalid" });
  const subscription = `/subscriptions/${subscriptionId}/providers`;
  const namespace = type.slice(0, type.indexOf("/"));
  const availability =
    (await arm.post<Availability>(`${subscription}/${namespace}/checkNameAvailability`, {
      apiVersion,
      body: { name, type },
    })) ?? {};
  const asksForDeleted = kind === "keyVault" && availability.nameAvailable === false;
  const deleted = asksForDeleted
    ? await arm.list<DeletedVault>(`${subscription}/Microsoft.KeyVault/deletedVaults`, { apiVersion })
    : [];
  const isDeleted = deleted.some((vault) => vault.name?.toLowerCase() === name.toLowerCase());
  return availabilityFinding(wanted, availability, isDeleted);
}

/** @param isDeleted whether a soft-deleted vault of this subscription holds it */
export function availabilityFinding(
  { kind, name }: WantedName,
  { nameAvailable, message }: Availability,
  isDeleted = false,
): Finding {
  const about = `name of ${kind}`;
  const { allowed, inWords } = KINDS[kind];
  if (!allowed.test(name)) return problem(about, `"${name}" is no name of one`, `another one: ${inWords}`);
  if (nameAvailable === true) return ok(about, `${name} is free`);
  if (isDeleted)
    return problem(
      about,
      `${name} is held by a soft-deleted vault of this subscription`,
      `az keyvault recover --name ${name}, or az keyvault purge --name ${name}`,
    );
  const why = (message ?? "it is taken").replace(/\.$/, "");
  return problem(about, `${name} can't be had: ${why}`, "another one; or what has it, by its ARM id");
}
