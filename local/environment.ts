import { delimiter, join } from "node:path";
import { engineLink, packageRoot, pythonFolder } from "../tools/paths";
import { DEPLOYER, SUBSCRIPTION_ID, TENANT_ID } from "./cloud";
import { clockEnvironment } from "./clock";
import type { Run, Secrets, StatePaths } from "./state";

const loopback = "127.0.0.1,localhost";

/**
 * The way to the local Azure by Azure's own names, without anybody's credentials: the door as its proxy, and the certificate authority.
 *
 * Both cases of each proxy variable are set and `NO_PROXY` is overwritten: an inherited exception for Azure's names would go past
 * the door, and gRPC reads only the lower-case ones.
 */
export function doorEnvironment(
  { authorityCertificate }: Pick<StatePaths, "authorityCertificate">,
  proxyPort: number,
): Record<string, string> {
  const proxy = `http://127.0.0.1:${proxyPort}`;
  return {
    HTTPS_PROXY: proxy,
    https_proxy: proxy,
    HTTP_PROXY: proxy,
    http_proxy: proxy,
    ...loopbackEnvironment(authorityCertificate),
  };
}

/** What this machine's servers are reached by, whatever way: past no proxy but the door, by the certificate authority. */
export function loopbackEnvironment(authorityCertificate: string): Record<string, string> {
  return {
    NO_PROXY: loopback,
    no_proxy: loopback,
    NODE_EXTRA_CA_CERTS: authorityCertificate,
    REQUESTS_CA_BUNDLE: authorityCertificate,
    SSL_CERT_FILE: authorityCertificate,
    CURL_CA_BUNDLE: authorityCertificate,
  };
}

/** The deployer's credentials, as Azure's clients read them and as azure-native does. */
export function deployerEnvironment({ clientSecret }: Pick<Secrets, "clientSecret">): Record<string, string> {
  return {
    AZURE_TENANT_ID: TENANT_ID,
    AZURE_CLIENT_ID: DEPLOYER.clientId,
    AZURE_CLIENT_SECRET: clientSecret,
    AZURE_SUBSCRIPTION_ID: SUBSCRIPTION_ID,
    ARM_TENANT_ID: TENANT_ID,
    ARM_CLIENT_ID: DEPLOYER.clientId,
    ARM_CLIENT_SECRET: clientSecret,
    ARM_SUBSCRIPTION_ID: SUBSCRIPTION_ID,
    MLFLOW_DISABLE_TELEMETRY: "true",
  };
}

/**
 * What a command needs to find the local Azure by Azure's own names: the door as its proxy, the certificate authority,
 * the deployer's credentials, and Pulumi's own home and state.
 */
export function localEnvironment(paths: StatePaths, secrets: Secrets, run: Run): Record<string, string> {
  return {
    ...doorEnvironment(paths, run.ports.proxy),
    ...deployerEnvironment(secrets),
    PULUMI_HOME: paths.pulumiHome,
    // The attributes beside each state file are not written whole: a kill -9 would leave a stack that can't be read.
    PULUMI_BACKEND_URL: `file://${paths.pulumiState}?metadata=skip`,
    PULUMI_CONFIG_PASSPHRASE: secrets.passphrase,
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    ...clockEnvironment(run.clock),
  };
}

/**
 * Variables that lead elsewhere than to the local Azure: somebody's real cloud, sign-in, state, tracking server or proxy, and Pulumi's
 * `PULUMI_OPTION_…`, each of which is a flag of every command.
 */
const leadsElsewhere =
  /^(PULUMI_(?!AZUREML_LOCAL$)|ARM_|AZURE_(?!LOG_LEVEL$)|AZUREML_|(IDENTITY|MSI|IMDS)_(ENDPOINT|HEADER|SECRET)$|MLFLOW_(TRACKING_|REGISTRY_URI$|RUN_ID$|EXPERIMENT_ID$)|(ALL_PROXY|GRPC_PROXY|NO_GRPC_PROXY)$)/i;

/** The inherited variables that a local run must not see, each undefined: put what it shall see over them. */
export function withoutElsewhere(
  inherited: Readonly<NodeJS.ProcessEnv> = process.env,
): Record<string, undefined> {
  return Object.fromEntries(
    Object.keys(inherited)
      .filter((name) => leadsElsewhere.test(name))
      .map((name) => [name, undefined]),
  );
}

/** `PATH` with the engine, the Python side and the package's own tools before what the machine has. */
export function localPath(inherited = process.env["PATH"] ?? ""): string {
  return [engineLink, join(packageRoot(), "node_modules", ".bin"), join(pythonFolder, "bin"), inherited].join(
    delimiter,
  );
}
