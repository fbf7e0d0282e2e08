/** Where a host name of Azure's leads in the local Azure. */
export type Destination =
  | { readonly part: "arm" }
  | { readonly part: "identity" }
  | { readonly part: "blobs"; readonly account: string }
  | { readonly part: "vault"; readonly vault: string }
  | { readonly part: "mlflow"; readonly region: string }
  | { readonly part: "databricks"; readonly workspace: string }
  | { readonly part: "github" }
  | { readonly part: "scoring"; readonly endpoint: string; readonly region: string };

export type Part = Destination["part"];

/**
 * The domains under which the machine's certificate authority may vouch for a name, each with everything below it. Wider than
 * `destination`, so that a new part seldom needs a new authority; still nothing but Microsoft's and Databricks's clouds and GitHub's
 * issuer of tokens.
 */
export const vouchedDomains = [
  "actions.githubusercontent.com",
  "azure.com",
  "azure.net",
  "azuredatabricks.net",
  "azureml.ms",
  "microsoftonline.com",
  "windows.net",
  "localhost",
] as const;

/** Where GitHub Actions publishes its issuer, and gives a job its token. */
export const GITHUB_HOSTS: readonly string[] = [
  "token.actions.githubusercontent.com",
  "pipelines.actions.githubusercontent.com",
];

/** What serves a host name, and the pieces of the name; undefined for every name that the local Azure doesn't stand in for. */
export function destination(hostname: string): Destination | undefined {
  const host = hostname.toLowerCase();
  if (host === "management.azure.com") return { part: "arm" };
  if (host === "login.microsoftonline.com" || host === "login.windows.net") return { part: "identity" };
  if (GITHUB_HOSTS.includes(host)) return { part: "github" };
  const account = /^([a-z0-9]{3,24})\.blob\.core\.windows\.net$/.exec(host)?.[1];
  if (account !== undefined) return { part: "blobs", account };
  const vault = /^([a-z](?:[a-z0-9-]{1,22}[a-z0-9]))\.vault\.azure\.net$/.exec(host)?.[1];
  if (vault !== undefined) return { part: "vault", vault };
  const region = /^([a-z0-9]+)\.api\.azureml\.ms$/.exec(host)?.[1];
  if (region !== undefined) return { part: "mlflow", region };
  const workspace = /^(adb-\d{1,19}\.\d{1,2})\.azuredatabricks\.net$/.exec(host)?.[1];
  if (workspace !== undefined) return { part: "databricks", workspace };
  const [, endpoint, place] =
    /^([a-z0-9](?:[a-z0-9-]*[a-z0-9])?)\.([a-z0-9]+)\.inference\.ml\.azure\.com$/.exec(host) ?? [];
  if (endpoint !== undefined && place !== undefined) return { part: "scoring", endpoint, region: place };
  return undefined;
}

/** Host and port of `host[:port]`, as a Host header or a CONNECT request gives them; undefined when it is neither. */
export function parseAuthority(
  authority: string | undefined,
  defaultPort: number,
): { readonly hostname: string; readonly port: number } | undefined {
  const [, hostname, port] = /^([A-Za-z0-9._-]+)(?::([0-9]{1,5}))?$/.exec(authority ?? "") ?? [];
  if (hostname === undefined) return undefined;
  return { hostname: hostname.toLowerCase(), port: port === undefined ? defaultPort : Number(port) };
}
