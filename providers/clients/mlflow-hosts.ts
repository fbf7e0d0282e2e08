/** Hosts of Databricks workspaces: on Azure `adb-….azuredatabricks.net`, on others `….cloud.databricks.com` and `….gcp.databricks.com`. */
const DATABRICKS = /\.(azuredatabricks\.net|databricks\.azure\.(us|cn)|(cloud|gcp)\.databricks\.com)$/i;

/** Whether a tracking URI is a Databricks workspace's, whose MLflow keeps artifacts by ways of its own. */
export function isDatabricks(trackingUri: string): boolean {
  return URL.canParse(trackingUri) && DATABRICKS.test(new URL(trackingUri).hostname);
}

/** Whether a Databricks workspace is one on Google Cloud, whose store signs addresses of its own kind. */
export function isOnGoogle(trackingUri: string): boolean {
  return URL.canParse(trackingUri) && new URL(trackingUri).hostname.endsWith(".gcp.databricks.com");
}
