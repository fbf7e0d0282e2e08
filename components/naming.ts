import { createHash } from "node:crypto";

/** A kind of Azure resource, as far as its name goes. */
interface NameKind {
  /** As the Cloud Adoption Framework abbreviates the type; a word of the type's where it doesn't. */
  readonly abbreviation: string;
  /** Characters at least, where the abbreviation and one more are too few. */
  readonly least?: number;
  /** Characters at most. */
  readonly most: number;
  /** What stands between the parts; empty where the type takes letters and digits alone. */
  readonly separator: "-" | "";
}

/**
 * Lengths and alphabets are those of azure-docs, articles/azure-resource-manager/management/resource-name-rules.md, some a little narrower; an
 * endpoint's of docs:how-to-manage-quotas.
 */
const kinds = {
  resourceGroup: { abbreviation: "rg", most: 90, separator: "-" },
  storageAccount: { abbreviation: "st", most: 24, separator: "" },
  keyVault: { abbreviation: "kv", most: 24, separator: "-" },
  logAnalytics: { abbreviation: "log", most: 63, separator: "-" },
  applicationInsights: { abbreviation: "appi", most: 255, separator: "-" },
  containerRegistry: { abbreviation: "cr", least: 5, most: 50, separator: "" },
  userAssignedIdentity: { abbreviation: "id", most: 128, separator: "-" },
  privateEndpoint: { abbreviation: "pep", most: 64, separator: "-" },
  workspace: { abbreviation: "mlw", most: 33, separator: "-" },
  actionGroup: { abbreviation: "ag", most: 260, separator: "-" },
  metricAlert: { abbreviation: "alert", most: 260, separator: "-" },
  budget: { abbreviation: "budget", most: 63, separator: "-" },
  onlineEndpoint: { abbreviation: "oe", most: 32, separator: "-" },
  schedule: { abbreviation: "sched", most: 255, separator: "-" },
  batchEndpoint: { abbreviation: "be", most: 32, separator: "-" },
} as const satisfies Record<string, NameKind>;

export type AzureNameKind = keyof typeof kinds;

const SHORT_DIGEST = 4;

/**
 * The name of a resource: abbreviation, what it is for, suffix. Lower-case letters, digits and single dashes; within the type's
 * length and alphabet whatever `purpose` holds. What had to be cut or changed leaves four digits of a digest in its place, so that two purposes
 * don't end in one name.
 *
 * @param purpose for instance `churn-dev`
 * @param suffix up to 8 lower-case letters and digits that tell the name from others in the world; none where the name is in a workspace
 */
export function azureName(kind: AzureNameKind, purpose: string, suffix?: string): string {
  const { abbreviation, least = 0, most, separator }: NameKind = kinds[kind];
  const tail = suffix === undefined ? "" : `${separator}${suffix}`;
  const taken = abbreviation.length + separator.length + tail.length;
  return `${abbreviation}${separator}${fit(purpose, { least: least - taken, most: most - taken }, separator)}${tail}`;
}

function fit(
  purpose: string,
  length: { readonly least: number; readonly most: number },
  separator: NameKind["separator"],
): string {
  const plain = purpose
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, separator)
    .replace(/^-|-$/g, "");
  const faithful = separator === "-" ? plain === purpose : plain === purpose.replace(/-/g, "");
  if (faithful && plain.length >= Math.max(1, length.least) && plain.length <= length.most) return plain;
  const digest = createHash("sha256").update(purpose).digest("hex").slice(0, SHORT_DIGEST);
  const kept = plain.slice(0, length.most - SHORT_DIGEST - separator.length).replace(/-$/, "");
  return kept === "" ? digest : `${kept}${separator}${digest}`;
}

/**
 * The name of a deployment, 3 to 32 characters, a letter first. It ends in digits of a digest of what can't change in place, so that
 * another machine type is another deployment beside the first.
 *
 * @param fixed what the digest is of
 */
export function deploymentName(purpose: string, fixed: string): string {
  const digest = createHash("sha256").update(fixed).digest("hex").slice(0, SHORT_DIGEST);
  const length = { least: 1, most: DEPLOYMENT_LENGTH - SHORT_DIGEST - 1 };
  const plain = fit(purpose, length, "-");
  return `${/^[a-z]/.test(plain) ? plain : fit(`d-${purpose}`, length, "-")}-${digest}`;
}

const DEPLOYMENT_LENGTH = 32;

/** The name of an asset in a workspace, 1 to 255 letters, digits, dots, dashes and underscores, a letter or digit first. */
export function assetName(purpose: string): string {
  const plain = purpose.replace(/[^a-zA-Z0-9._-]+/g, "-").replace(/^[^a-zA-Z0-9]+/, "");
  return plain === "" ? "asset" : plain.slice(0, 255);
}

/** Characters that a compute's name ends in: letters, for Azure wants one after a dash. */
const COMPUTE_DIGEST = 6;

/**
 * The name of a compute, a letter first. It ends in a digest of what it can't change in place and of where it is: with another machine size
 * another compute stands beside the first, and names are unique in a region, as Azure asks.
 *
 * @param fixed what the digest is of
 * @param most characters at most, 24 unless the type takes fewer
 */
export function computeName(purpose: string, fixed: string, most = 24): string {
  const digest = createHash("sha256").update(fixed).digest("hex");
  const letters = digest
    .slice(0, COMPUTE_DIGEST)
    .replace(/./g, (digit) => "abcdefghijklmnop"[parseInt(digit, 16)] ?? "");
  const length = { least: 1, most: most - COMPUTE_DIGEST - 1 };
  const plain = fit(purpose, length, "-");
  return `${/^[a-z]/.test(plain) ? plain : fit(`c-${purpose}`, length, "-")}-${letters}`;
}
