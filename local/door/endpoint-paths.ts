/** Where a request of the door by endpoints leads: one of Azure's names, and the path there. */
export interface EndpointTarget {
  readonly host: string;
  /** With the query. */
  readonly path: string;
  /** Whether the bodies are somebody's own bytes, which stay as they are. */
  readonly bytes: boolean;
}

const LOGIN =
  /^(common|organizations|consumers|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$/i;
const ARM = ["subscriptions", "tenants", "providers", "metadata"];
const MLFLOW = ["mlflow", "history", "artifact", "data", "discovery"];
/** Parts of the MLflow front are the same in every region. */
const REGION = "westeurope";

/**
 * What of Azure a path stands for where no name says so: by its first segment, Resource Manager's and Azure ML's own, a tenant, `inference/ENDPOINT/REGION`,
 * `vaults/NAME`, or a storage account as in Azurite's addresses.
 *
 * @param url path and query: `/subscriptions/…?api-version=…`
 */
export function endpointTarget(url: string): EndpointTarget | undefined {
  const [, first = "", ...rest] = url.replace(/[?#].*$/s, "").split("/");
  const query = url.slice(url.replace(/[?#].*$/s, "").length);
  const below = (segments: readonly string[]): string => `/${segments.join("/")}${query}`;
  const name = first.toLowerCase();
  if (ARM.includes(name)) return { host: "management.azure.com", path: url, bytes: false };
  if (LOGIN.test(name)) return { host: "login.microsoftonline.com", path: url, bytes: false };
  if (MLFLOW.includes(name)) return { host: `${REGION}.api.azureml.ms`, path: url, bytes: false };
  if (name === "inference") {
    const [endpoint = "", region = "", ...more] = rest;
    return { host: `${endpoint}.${region}.inference.ml.azure.com`, path: below(more), bytes: true };
  }
  if (name === "vaults") {
    const [vault = "", ...more] = rest;
    return { host: `${vault}.vault.azure.net`, path: below(more), bytes: false };
  }
  if (/^[a-z0-9]{3,24}$/.test(first))
    return { host: `${first}.blob.core.windows.net`, path: below(rest), bytes: true };
  return undefined;
}

/** Azure's addresses in what an answer holds, each as the path that stands for it. @param authority the door's: `127.0.0.1:44300` */
export function toEndpoints(text: string, authority: string): string {
  const base = `https://${authority}`;
  return text
    .replace(/https:\/\/(?:management\.azure\.com|login\.microsoftonline\.com|login\.windows\.net)/g, base)
    .replace(/(?<=\/\/)[a-z0-9]+\.api\.azureml\.ms/g, authority)
    .replace(/https:\/\/([a-z0-9-]+)\.([a-z0-9]+)\.inference\.ml\.azure\.com/g, `${base}/inference/$1/$2`)
    .replace(/https:\/\/([a-z0-9-]+)\.vault\.azure\.net/g, `${base}/vaults/$1`)
    .replace(
      /https:\/\/([a-z0-9]{3,24})\.blob\.core\.windows\.net/g,
      `https://$1.blob.local@${authority}/$1`,
    );
}

/** The other way round, in what is asked. */
export function fromEndpoints(text: string, authority: string): string {
  const here = authority.replaceAll(".", "\\.");
  return text
    .replace(
      new RegExp(`https://([a-z0-9]{3,24})\\.blob\\.local@${here}/\\1`, "g"),
      "https://$1.blob.core.windows.net",
    )
    .replace(new RegExp(`azureml://${here}`, "g"), `azureml://${REGION}.api.azureml.ms`)
    .replace(new RegExp(`https://${here}(/[^"\\s]*)`, "g"), (whole, path: string) => {
      const target = endpointTarget(path);
      return target === undefined ? whole : `https://${target.host}${target.path}`;
    });
}
