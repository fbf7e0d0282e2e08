import { deployerEnvironment, loopbackEnvironment } from "./environment";
import { identityHeader } from "./identity/identity-header";
import type { Run, Secrets, StatePaths } from "./state";

/** A workspace as the way by endpoints needs it. */
export interface EndpointWorkspace {
  readonly trackingUri: string;
  /** Name of the storage account that its default datastore is in. */
  readonly storageAccount: string;
}

/** What must not be set: a proxy would be asked for what is here. */
export const PROXIES = ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"] as const;

/**
 * What a client needs to find the local Azure by its endpoints, without a proxy: the cloud's metadata, Entra's authority, the managed
 * identity's endpoint, MLflow's tracking address, and the certificate authority; the deployer's credentials.
 *
 * @param trustStore of Java, PKCS12, with its password
 */
export function endpointsEnvironment(
  { authorityCertificate }: Pick<StatePaths, "authorityCertificate">,
  secrets: Secrets,
  { ports }: Run,
  workspace: EndpointWorkspace | undefined,
  trustStore?: { readonly file: string; readonly password: string },
): Record<string, string> {
  const authority = `127.0.0.1:${ports.tls}`;
  const account = workspace === undefined ? "" : `&account=${workspace.storageAccount}`;
  return {
    ...loopbackEnvironment(authorityCertificate),
    ARM_CLOUD_METADATA_URL: `https://${authority}/metadata/endpoints?api-version=2019-05-01${account}`,
    AZUREML_CURRENT_CLOUD: "LocalAzure",
    ARM_METADATA_HOSTNAME: authority,
    AZURE_AUTHORITY_HOST: `https://${authority}`,
    IDENTITY_ENDPOINT: `http://127.0.0.1:${ports.http}/msi/token`,
    IDENTITY_HEADER: identityHeader(secrets),
    // Python's service principals ask Microsoft about an authority that it does not know; the managed identity asks nobody.
    AZURE_TOKEN_CREDENTIALS: "ManagedIdentityCredential",
    ...deployerEnvironment(secrets),
    ARM_DISABLE_INSTANCE_DISCOVERY: "true",
    ...(workspace === undefined
      ? {}
      : {
          MLFLOW_TRACKING_URI: workspace.trackingUri.replace(/^azureml:\/\/[^/]+/, `azureml://${authority}`),
        }),
    ...(trustStore === undefined
      ? {}
      : {
          JAVA_TOOL_OPTIONS: `-Djavax.net.ssl.trustStore=${trustStore.file} -Djavax.net.ssl.trustStorePassword=${trustStore.password}`,
        }),
  };
}
