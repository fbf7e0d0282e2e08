import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { ApplicationOrder, ApplicationReport } from "../identity/applications";
import type { JsonObject } from "../json";
import { askAdmin, ensureRunning } from "../running";
import type { StatePaths } from "../state";
import { UserError } from "../user-error";
import { say } from "./say";

export interface ServicePrincipalOptions {
  /** PEM file; with its private key in it, it is what the service principal signs in by. */
  readonly certificate?: string;
  readonly rotate?: boolean;
  readonly delete?: boolean;
}

/**
 * Registers another application in the local tenant, and prints what a shell must export to sign in as its service principal:
 * `eval "$(npm run -s local -- service-principal ci)"`. The secret is told this once.
 */
export async function servicePrincipal(
  paths: StatePaths,
  name: string,
  options: ServicePrincipalOptions,
): Promise<number> {
  if ([options.certificate, options.rotate, options.delete].filter(Boolean).length > 1)
    throw new UserError("--certificate, --rotate and --delete exclude each other.");
  const file = options.certificate === undefined ? undefined : resolve(options.certificate);
  const pem = file === undefined ? undefined : read(file);
  const order: ApplicationOrder = {
    name,
    ...(pem !== undefined && { certificate: publicPart(pem) }),
    ...(options.rotate === true && { rotate: true }),
    ...(options.delete === true && { delete: true }),
  };
  const run = await ensureRunning(paths, say);
  const report = await askAdmin<ApplicationReport>(paths, run, "service-principals", {
    ...order,
  } as JsonObject);
  say(told(report));
  if (report.did !== "deleted") process.stdout.write(`${exported(report, file, pem).join("\n")}\n`);
  return 0;
}

function told({ displayName, objectId, did, secret }: ApplicationReport): string {
  const known = `service principal ${displayName}, object id ${objectId}`;
  if (did === "deleted") return `${known}: deleted; its tokens are taken no more`;
  if (did === "nothing")
    return `${known}: there already; its secret was told once (--rotate makes a new one)`;
  if (secret === undefined) return `${known}: ${did}, signs in by its certificate`;
  return `${known}: ${did}; this is the only time its secret is told`;
}

/** Lines for a shell: ids, and the secret or the certificate's file where the service principal signs in by that. */
export function exported(
  { clientId, tenantId, secret }: ApplicationReport,
  file: string | undefined,
  pem: string | undefined,
): string[] {
  const settings: [string, string][] = [];
  for (const prefix of ["AZURE", "ARM"]) {
    settings.push([`${prefix}_TENANT_ID`, tenantId], [`${prefix}_CLIENT_ID`, clientId]);
    if (secret !== undefined) settings.push([`${prefix}_CLIENT_SECRET`, secret]);
  }
  const unset: string[] = [];
  if (file !== undefined && pem?.includes("PRIVATE KEY-----") === true) {
    unset.push("unset AZURE_CLIENT_SECRET ARM_CLIENT_SECRET");
    settings.push(["AZURE_CLIENT_CERTIFICATE_PATH", file]);
  }
  return [...unset, ...settings.map(([key, value]) => `export ${key}='${value.replaceAll("'", "'\\''")}'`)];
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new UserError(`${file} can't be read (${(error as NodeJS.ErrnoException).code ?? "unknown"}).`);
  }
}

/** What the local Azure is given: never the private key. */
function publicPart(pem: string): string {
  return /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/.exec(pem)?.[0] ?? "";
}
