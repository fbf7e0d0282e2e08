import {
  ClientCertificateCredential,
  ClientSecretCredential,
  DefaultAzureCredential,
  type TokenCredential,
} from "@azure/identity";
import { httpClient } from "./http";

/** The audience of Entra tokens for scoring, online and in batch. */
export const SCORING_SCOPE = "https://ml.azure.com/.default";

let shared: TokenCredential | undefined;

/**
 * Who the dynamic providers sign in as; one object a process, so that its tokens are fetched once.
 *
 * In this order: a service principal with secret, or with certificate, from `ARM_*` as the azure-native provider reads them, so that
 * both act as the same principal; then `DefaultAzureCredential` (`AZURE_*`, workload identity, managed identity, Azure CLI).
 */
export function credential(): TokenCredential {
  shared ??= credentialOf(process.env);
  return shared;
}

/** The credential that an environment asks for. */
export function credentialOf(environment: NodeJS.ProcessEnv): TokenCredential {
  const {
    ARM_TENANT_ID: tenant,
    ARM_CLIENT_ID: client,
    ARM_CLIENT_SECRET: secret,
    ARM_CLIENT_CERTIFICATE_PATH: certificatePath,
    ARM_CLIENT_CERTIFICATE_PASSWORD: certificatePassword,
  } = environment;
  const options = { httpClient: httpClient() };
  if (tenant && client && secret) return new ClientSecretCredential(tenant, client, secret, options);
  if (tenant && client && certificatePath)
    return new ClientCertificateCredential(tenant, client, { certificatePath, certificatePassword }, options);
  return new DefaultAzureCredential(options);
}
