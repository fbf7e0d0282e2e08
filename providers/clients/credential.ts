import {
  ClientAssertionCredential,
  ClientCertificateCredential,
  ClientSecretCredential,
  DefaultAzureCredential,
  ManagedIdentityCredential,
  type TokenCredential,
} from "@azure/identity";
import { cloud, type Cloud } from "./cloud";
import {
  describeCredential,
  planCredential,
  type CredentialDescription,
  type CredentialPlan,
} from "./credential-plan";
import { ProviderError } from "./errors";
import { requestToken, tokenOfFile } from "./federated-token";
import { httpClient } from "./http";
import { signInFault } from "./sign-in-fault";
import { ownSettings } from "./sign-in-settings";

/** A credential whose tokens, which it keeps in memory until shortly before they end, can be given up earlier. */
export interface RenewableCredential extends TokenCredential {
  /** A service has refused its token: the next one is a new one. */
  renew(): void;
}

/** One that may be renewable: those of Azure's library are not. */
export type AnyCredential = TokenCredential & Partial<Pick<RenewableCredential, "renew">>;

/** One object a process, so that its tokens are fetched once. */
const shared = renewable(async () => credentialOf(planCredential(ownSettings()), await cloud()));

/** Who the dynamic providers and the command line sign in as: as `planCredential` has it. Settings are read when a first token is asked for. */
export function credential(): RenewableCredential {
  return shared;
}

/**
 * @param open makes the credential, anew after `renew`
 * @param describe says in errors who was to be signed in
 */
export function renewable(
  open: () => Promise<TokenCredential>,
  describe: () => CredentialDescription = describeCredential,
): RenewableCredential {
  let current: Promise<TokenCredential> | undefined;
  return {
    renew: () => (current = undefined),
    async getToken(scopes, options) {
      current ??= open();
      try {
        return await (await current).getToken(scopes, options);
      } catch (error) {
        current = undefined;
        if (error instanceof ProviderError || options?.abortSignal?.aborted === true) throw error;
        throw signInFault(error as Error, describe());
      }
    },
  };
}

/** The credential of a plan. */
export function credentialOf(
  plan: CredentialPlan,
  { authorityHost, knownAuthority }: Cloud,
): TokenCredential {
  const options = { httpClient: httpClient(), authorityHost, disableInstanceDiscovery: !knownAuthority };
  switch (plan.kind) {
    case "certificate":
      return new ClientCertificateCredential(
        plan.tenantId,
        plan.clientId,
        {
          certificatePath: plan.path,
          ...(plan.password === undefined ? {} : { certificatePassword: plan.password }),
        },
        options,
      );
    case "secret":
      return new ClientSecretCredential(plan.tenantId, plan.clientId, plan.secret, options);
    case "federated token":
    case "federated token file":
    case "federated token request":
      return new ClientAssertionCredential(
        plan.tenantId,
        plan.clientId,
        async () => await assertionOf(plan),
        options,
      );
    case "managed identity":
      return new ManagedIdentityCredential({
        httpClient: httpClient(),
        ...(plan.clientId === undefined ? {} : { clientId: plan.clientId }),
      });
    case "default":
      return new DefaultAzureCredential({
        ...options,
        ...(plan.tenantId === undefined ? {} : { tenantId: plan.tenantId }),
      });
  }
}

async function assertionOf(plan: Extract<CredentialPlan, { kind: `federated ${string}` }>): Promise<string> {
  if (plan.kind === "federated token") return plan.token;
  if (plan.kind === "federated token file") return await tokenOfFile(plan.path, plan.source);
  return await requestToken(plan);
}
