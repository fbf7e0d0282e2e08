import { cloudNameOf, type CloudName } from "./cloud-names";
import { ProviderError } from "./errors";
import {
  ownSettings,
  placesOf,
  type Setting,
  type SettingName,
  type SignInSettings,
} from "./sign-in-settings";

/** What Entra expects federated tokens to be made out for. */
export const FEDERATION_AUDIENCE = "api://AzureADTokenExchange";

/** How to sign in, what with, and which setting decided it. Some of it is secret: `describe` has what may be shown. */
export type CredentialPlan = Application | ManagedIdentity | DefaultChain;

/** An application, or an identity that trusts an issuer of federated tokens. */
type Application = Certificate | Secret | Token | TokenFile | TokenRequest;

interface Principal {
  readonly tenantId: string;
  readonly clientId: string;
  /** The setting that decided: `azure-native:clientSecret`, `ARM_CLIENT_SECRET`. */
  readonly source: string;
}

interface Certificate extends Principal {
  readonly kind: "certificate";
  readonly path: string;
  readonly password?: string;
}

interface Secret extends Principal {
  readonly kind: "secret";
  readonly secret: string;
}

interface Token extends Principal {
  readonly kind: "federated token";
  readonly token: string;
}

interface TokenFile extends Principal {
  readonly kind: "federated token file";
  readonly path: string;
}

interface TokenRequest extends Principal {
  readonly kind: "federated token request";
  readonly url: string;
  /** Sent to `url` alone. */
  readonly token: string;
  readonly audience: string;
}

interface ManagedIdentity {
  readonly kind: "managed identity";
  /** Of a user-assigned one. */
  readonly clientId?: string;
  readonly source: string;
}

/** Azure's own chain: workload identity, the machine's managed identity, Azure CLI and what else a developer is signed in with. */
interface DefaultChain {
  readonly kind: "default";
  readonly tenantId?: string;
  readonly source: string;
}

/** Who the package signs in as, without anything secret. */
export interface CredentialDescription {
  readonly kind: CredentialPlan["kind"];
  /** The setting that decided it: `azure-native:clientSecret`, `ARM_USE_OIDC`, `AZURE_CLIENT_SECRET`. */
  readonly source: string;
  readonly clientId?: string;
  readonly tenantId?: string;
  readonly cloud: CloudName;
}

/** @throws ProviderError where the settings are incomplete or contradict each other */
export function describeCredential(settings: SignInSettings = ownSettings()): CredentialDescription {
  const plan = planCredential(settings);
  return {
    kind: plan.kind,
    source: plan.source,
    ...("clientId" in plan ? { clientId: plan.clientId } : {}),
    ...("tenantId" in plan ? { tenantId: plan.tenantId } : {}),
    cloud: cloudNameOf(settings),
  };
}

/**
 * What the settings ask for: azure-native's, in azure-native's order, then `AZURE_*` as Azure's client libraries read them. What is begun must be
 * complete: nobody is signed in as somebody else because a variable is missing.
 *
 * @throws ProviderError which says what is missing
 */
export function planCredential(settings: SignInSettings): CredentialPlan {
  return planOfAzureNative(settings) ?? planOfAzure(settings) ?? defaultChain(settings, "no setting");
}

function planOfAzureNative(settings: SignInSettings): CredentialPlan | undefined {
  const useDefault = flag(settings, "useDefaultAzureCredential");
  if (useDefault !== undefined) return defaultChain(settings, useDefault.source);
  const certificate = settings.get("clientCertificatePath");
  if (certificate !== undefined) {
    const password = settings.get("clientCertificatePassword")?.value;
    const principal = principalOf(settings, certificate);
    return {
      kind: "certificate",
      ...principal,
      path: certificate.value,
      ...(password === undefined ? {} : { password }),
    };
  }
  const secret = settings.get("clientSecret");
  if (secret !== undefined) return { kind: "secret", ...principalOf(settings, secret), secret: secret.value };
  const useOidc = flag(settings, "useOidc");
  if (useOidc !== undefined) return federation(settings, useOidc);
  const useMsi = flag(settings, "useMsi");
  const clientId = settings.get("clientId");
  if (useMsi !== undefined) return managedIdentity(useMsi.source, clientId);
  if (clientId === undefined) return undefined;
  throw new ProviderError({
    what: "names an application, and nothing says what it signs in with",
    where: clientId.source,
    allowed: `with it ${placesOf("clientSecret")}, ${placesOf("clientCertificatePath")}, ${placesOf("useOidc")} (true), or ${placesOf("useMsi")} (true)`,
    tryThis: "one of them, or without it: then it is AZURE_*, a managed identity or `az login`",
  });
}

function federation(settings: SignInSettings, useOidc: Setting): Application {
  const principal = principalOf(settings, useOidc);
  const token = settings.get("oidcToken");
  if (token !== undefined)
    return { kind: "federated token", ...principal, source: token.source, token: token.value };
  const file = settings.get("oidcTokenFilePath");
  if (file !== undefined)
    return { kind: "federated token file", ...principal, source: file.source, path: file.value };
  const url = settings.get("oidcRequestUrl");
  const requestToken = settings.get("oidcRequestToken");
  if (url === undefined || requestToken === undefined)
    throw new ProviderError({
      what: "asks for a federated token, and nothing says where it is",
      where: useOidc.source,
      allowed: `with it ${placesOf("oidcToken")}, ${placesOf("oidcTokenFilePath")}, or both ${placesOf("oidcRequestUrl")} and ${placesOf("oidcRequestToken")}`,
      tryThis: "in GitHub Actions `permissions: id-token: write`, which sets the last two",
    });
  const audience = settings.get("oidcAudience")?.value ?? FEDERATION_AUDIENCE;
  return {
    kind: "federated token request",
    ...principal,
    source: url.source,
    url: url.value,
    token: requestToken.value,
    audience,
  };
}

/** The tenant and the client id that `asked` needs beside it. */
function principalOf(settings: SignInSettings, asked: Setting): Principal {
  const tenantId = settings.get("tenantId")?.value;
  const clientId = settings.get("clientId")?.value;
  if (tenantId !== undefined && clientId !== undefined) return { tenantId, clientId, source: asked.source };
  const missing = [
    ...(tenantId === undefined ? [placesOf("tenantId")] : []),
    ...(clientId === undefined ? [placesOf("clientId")] : []),
  ];
  throw incomplete(asked, missing);
}

/** `AZURE_*`, as Azure's client libraries read them; `AZURE_TOKEN_CREDENTIALS` leaves the choice to them. */
function planOfAzure(settings: SignInSettings): CredentialPlan | undefined {
  const chosen = settings.variable("AZURE_TOKEN_CREDENTIALS");
  if (chosen !== undefined) return defaultChain(settings, chosen.source);
  const clientId = settings.variable("AZURE_CLIENT_ID");
  const application = (asked: Setting): Principal => {
    const tenantId = settings.variable("AZURE_TENANT_ID");
    if (tenantId !== undefined && clientId !== undefined)
      return { tenantId: tenantId.value, clientId: clientId.value, source: asked.source };
    throw incomplete(asked, [
      ...(tenantId === undefined ? ["AZURE_TENANT_ID"] : []),
      ...(clientId === undefined ? ["AZURE_CLIENT_ID"] : []),
    ]);
  };
  const secret = settings.variable("AZURE_CLIENT_SECRET");
  if (secret !== undefined) return { kind: "secret", ...application(secret), secret: secret.value };
  const path = settings.variable("AZURE_CLIENT_CERTIFICATE_PATH");
  if (path !== undefined) {
    const password = settings.variable("AZURE_CLIENT_CERTIFICATE_PASSWORD")?.value;
    return {
      kind: "certificate",
      ...application(path),
      path: path.value,
      ...(password === undefined ? {} : { password }),
    };
  }
  const file = settings.variable("AZURE_FEDERATED_TOKEN_FILE");
  if (file !== undefined) return { kind: "federated token file", ...application(file), path: file.value };
  const endpoint = settings.variable("IDENTITY_ENDPOINT");
  return endpoint && managedIdentity(endpoint.source, clientId);
}

function managedIdentity(source: string, clientId: Setting | undefined): ManagedIdentity {
  return {
    kind: "managed identity",
    source,
    ...(clientId === undefined ? {} : { clientId: clientId.value }),
  };
}

function defaultChain(settings: SignInSettings, source: string): DefaultChain {
  const tenantId = settings.get("tenantId") ?? settings.variable("AZURE_TENANT_ID");
  return { kind: "default", source, ...(tenantId === undefined ? {} : { tenantId: tenantId.value }) };
}

/** The setting where it is true. @throws ProviderError where it is no boolean: azure-native would take it for false, and sign in otherwise */
function flag(settings: SignInSettings, name: SettingName): Setting | undefined {
  const setting = settings.get(name);
  if (setting === undefined || setting.value === "false") return undefined;
  if (setting.value === "true") return setting;
  throw new ProviderError({
    what: "is neither true nor false",
    where: setting.source,
    allowed: "true, false",
  });
}

function incomplete(asked: Setting, missing: readonly string[]): ProviderError {
  return new ProviderError({
    what: `is set without ${missing.join(", and without ")}`,
    where: asked.source,
    tryThis: "all of them, or none",
  });
}
