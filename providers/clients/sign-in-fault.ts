import type { CredentialDescription } from "./credential-plan";
import { ProviderError } from "./errors";

interface Cause {
  readonly what: string;
  readonly tryThis: string;
}

const NO_RECORD: Cause = {
  what: "no federated credential of the identity has the token's issuer, subject and audience",
  tryThis: "a federated credential with exactly these: `az identity federated-credential list`",
};

/** What Entra's errors mean, by their number (Microsoft Entra authentication and authorization error codes). */
const CAUSES: Readonly<Record<string, Cause>> = {
  "7000222": {
    what: "the application's secret has expired",
    tryThis: "a new one: `az ad app credential reset --id CLIENT_ID`",
  },
  "7000215": {
    what: "this is not the application's secret",
    tryThis: "the secret's value, not its id; or a new one: `az ad app credential reset --id CLIENT_ID`",
  },
  "700027": {
    what: "what proves who signs in is signed by no key that is known: a certificate of the application's, or a key of the federated token's issuer",
    tryThis:
      "the certificate that the application has (`az ad app credential reset --id CLIENT_ID --cert @FILE.pem --append` gives it one), or a fresh token",
  },
  "700016": {
    what: "there is no such application in this tenant",
    tryThis: "the application's client id (not its object id), and the tenant that it is in",
  },
  "90002": { what: "there is no such tenant", tryThis: "`az account show --query tenantId`" },
  "900023": { what: "this is no tenant's id", tryThis: "`az account show --query tenantId`" },
  "70021": NO_RECORD,
  "700211": NO_RECORD,
  "700212": NO_RECORD,
  "700213": NO_RECORD,
  "700024": {
    what: "the federated token, or what the certificate signed, is no longer valid, or not yet",
    tryThis: "a fresh token; and this machine's clock",
  },
  "50027": {
    what: "the federated token is not a valid one of its issuer",
    tryThis: "a fresh token, whole and unaltered",
  },
  "7000112": {
    what: "the application is disabled in this tenant",
    tryThis: "its enterprise application, enabled",
  },
  "500011": {
    what: "this tenant has no such service",
    tryThis: "the tenant and the cloud (azure-native:environment or ARM_ENVIRONMENT)",
  },
  "53003": {
    what: "a Conditional Access policy of the tenant refuses it",
    tryThis: "where the policy allows signing in from, or an exception to it for workload identities",
  },
};

/** What a failed sign-in says of itself: the setting that decided, the cause, the number, and what support asks for. Nothing of a secret or token. */
export function signInFault(error: Error, who: CredentialDescription): ProviderError {
  const number = /AADSTS(\d+)/.exec(error.message)?.[1];
  const cause = (number === undefined ? undefined : CAUSES[number]) ?? causeOf(error, who, number);
  const correlation = /correlation[_ ]id"?: ?"?([0-9a-f-]{36})/i.exec(error.message)?.[1];
  const details = [
    ...(number === undefined ? [] : [`AADSTS${number}`]),
    ...(who.clientId === undefined ? [] : [`client id ${who.clientId}`]),
    ...(who.tenantId === undefined ? [] : [`tenant ${who.tenantId}`]),
    ...(correlation === undefined ? [] : [`correlation id ${correlation}`]),
  ];
  return new ProviderError({
    what: `Azure does not sign in: ${cause.what}${details.length === 0 ? "" : ` (${details.join(", ")})`}`,
    where: `${who.kind} by ${who.source}`,
    tryThis: cause.tryThis,
  });
}

function causeOf(error: Error, { kind }: CredentialDescription, number: string | undefined): Cause {
  if (number !== undefined)
    return {
      what: "Entra refuses it",
      tryThis: `https://login.microsoftonline.com/error?code=${number}`,
    };
  if (kind === "default")
    return {
      what: "nobody is signed in here",
      tryThis: "`az login`; or ARM_TENANT_ID, ARM_CLIENT_ID and ARM_CLIENT_SECRET; see docs/sign-in.md",
    };
  if (kind === "managed identity")
    return {
      what: "this machine gives no token of a managed identity, or not of this one",
      tryThis: "an identity assigned to it, and its client id",
    };
  if (
    kind === "certificate" &&
    !/network|getaddrinfo|ECONN|ETIMEDOUT|endpoints_resolution/i.test(error.message)
  )
    return {
      what: "the certificate's file can't be used",
      tryThis:
        "a PEM file with certificate and private key: `openssl pkcs12 -in FILE.pfx -nodes -out FILE.pem`",
    };
  return {
    what: `Entra can't be asked: ${firstLine(error.message)}`,
    tryThis: "the network and HTTPS_PROXY of this machine, and the tenant's id",
  };
}

/** Without whatever an address has before its host. */
function firstLine(message: string): string {
  return (message.split("\n")[0] ?? "").replace(/\/\/[^/\s]*@/g, "//").slice(0, 300);
}
