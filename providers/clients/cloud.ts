import { cloudNameOf, type CloudName } from "./cloud-names";
import { createRequire } from "node:module";
import type * as cloudMetadata from "./cloud-metadata";
import type { CloudMetadata } from "./cloud-metadata";
import { ProviderError } from "./errors";
import { ownSettings, type Setting, type SignInSettings } from "./sign-in-settings";

/** Where a cloud's services are, and what tokens for them are made out for. */
export interface Cloud {
  readonly name: CloudName;
  /** Entra, with its slash at the end: `https://login.microsoftonline.com/`. */
  readonly authorityHost: string;
  /** Whether Microsoft's own Entra knows the authority; another one is not to be asked about there. */
  readonly knownAuthority: boolean;
  /** `https://management.azure.com` */
  readonly resourceManager: string;
  /** Of Azure Resource Manager, of a workspace's MLflow server and of its run history. */
  readonly resourceManagerScope: string;
  /** Of scoring, online and in batch. */
  readonly scoringScope: string;
  readonly vaultScope: string;
  /** What stands behind a vault's name: `vault.azure.net`. */
  readonly vaultSuffix: string;
  /** What stands behind `ACCOUNT.blob.`: `core.windows.net`. */
  readonly storageSuffix: string;
  /** `https://ml.azure.com` */
  readonly studio: string;
}

type KnownCloud = Omit<Cloud, "knownAuthority">;

/** Microsoft's own: addresses and audiences as its command line and its SDKs for Azure and Azure ML have them. */
const CLOUDS: Readonly<Record<Exclude<CloudName, "custom">, KnownCloud>> = {
  public: {
    name: "public",
    authorityHost: "https://login.microsoftonline.com/",
    resourceManager: "https://management.azure.com",
    resourceManagerScope: "https://management.azure.com/.default",
    scoringScope: "https://ml.azure.com/.default",
    vaultScope: "https://vault.azure.net/.default",
    vaultSuffix: "vault.azure.net",
    storageSuffix: "core.windows.net",
    studio: "https://ml.azure.com",
  },
  china: {
    name: "china",
    authorityHost: "https://login.chinacloudapi.cn/",
    resourceManager: "https://management.chinacloudapi.cn",
    resourceManagerScope: "https://management.chinacloudapi.cn/.default",
    scoringScope: "https://ml.azure.cn/.default",
    vaultScope: "https://vault.azure.cn/.default",
    vaultSuffix: "vault.azure.cn",
    storageSuffix: "core.chinacloudapi.cn",
    studio: "https://studio.ml.azure.cn",
  },
  usgovernment: {
    name: "usgovernment",
    authorityHost: "https://login.microsoftonline.us/",
    resourceManager: "https://management.usgovcloudapi.net",
    resourceManagerScope: "https://management.usgovcloudapi.net/.default",
    scoringScope: "https://ml.azure.us/.default",
    vaultScope: "https://vault.usgovcloudapi.net/.default",
    vaultSuffix: "vault.usgovcloudapi.net",
    storageSuffix: "core.usgovcloudapi.net",
    studio: "https://ml.azure.us",
  },
};

const MICROSOFTS = new Set(Object.values(CLOUDS).map(({ authorityHost }) => authorityHost));

let shared: Promise<Cloud> | undefined;

/** The cloud that this process works in. A metadata host is asked once. @throws ProviderError */
export async function cloud(): Promise<Cloud> {
  shared ??= cloudOf(ownSettings()).catch((error: unknown) => {
    // It may answer the next time.
    shared = undefined;
    throw error;
  });
  return await shared;
}

/** @throws ProviderError where there is no such cloud, and where the metadata host does not describe one */
export async function cloudOf(
  settings: SignInSettings,
  read: (host: Setting) => Promise<CloudMetadata> = askMetadata,
): Promise<Cloud> {
  const host = settings.get("metadataHost");
  const name = cloudNameOf(settings);
  if (host !== undefined) return describedBy(await read(host), host, settings);
  const known = CLOUDS[name as keyof typeof CLOUDS];
  // As Azure's client libraries have it, the variable is for whoever has named no cloud.
  const authority = settings.get("environment") === undefined && settings.variable("AZURE_AUTHORITY_HOST");
  const authorityHost = authority ? withSlash(secure(authority.value, authority)) : known.authorityHost;
  return { ...known, authorityHost, knownAuthority: isKnown(authorityHost, settings) };
}

/** Loaded when it is needed: a program that imports components waits for none of Azure's clients. */
async function askMetadata(host: Setting): Promise<CloudMetadata> {
  const { readMetadata } = createRequire(__filename)("./cloud-metadata") as typeof cloudMetadata;
  return await readMetadata(host);
}

function describedBy(metadata: CloudMetadata, host: Setting, settings: SignInSettings): Cloud {
  const { portal, resourceManager, authentication, suffixes } = metadata;
  const origin = new URL(secure(resourceManager, host)).origin;
  const authorityHost = withSlash(secure(authentication.loginEndpoint, host));
  // As Azure ML's own client finds its audience: by what stands behind the portal's `portal.azure`.
  const domain = new URL(secure(portal, host)).hostname.split(".").slice(2).join(".") || "com";
  const audience =
    authentication.audiences.find((one) => URL.canParse(one) && new URL(one).origin === origin) ?? origin;
  return {
    name: "custom",
    authorityHost,
    knownAuthority: isKnown(authorityHost, settings),
    resourceManager: origin,
    resourceManagerScope: `${audience.replace(/\/$/, "")}/.default`,
    scoringScope: `https://ml.azure.${domain}/.default`,
    vaultScope: `https://${suffixes.keyVaultDns}/.default`,
    vaultSuffix: suffixes.keyVaultDns,
    storageSuffix: suffixes.storage,
    studio: `https://ml.azure.${domain}`,
  };
}

function isKnown(authorityHost: string, settings: SignInSettings): boolean {
  return MICROSOFTS.has(authorityHost) && settings.get("disableInstanceDiscovery")?.value !== "true";
}

/** An address that secrets or tokens may be sent to. @throws ProviderError */
function secure(address: string, { source }: Setting): string {
  if (URL.canParse(address) && new URL(address).protocol === "https:") return address;
  throw new ProviderError({ what: `leads to ${address}`, where: source, allowed: "https://…" });
}

function withSlash(address: string): string {
  return address.endsWith("/") ? address : `${address}/`;
}
