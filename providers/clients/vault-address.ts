/** `https://kv-churn.vault.azure.net/secrets/storage-key`, which means its newest version, or that with `/` and a version; in China and for the US government by their names. */
export const SECRET_ID =
  /^https:\/\/[a-zA-Z](?!.*--)[a-zA-Z0-9-]{1,22}[a-zA-Z0-9]\.vault\.(azure\.net|azure\.cn|usgovcloudapi\.net)\/secrets\/[a-zA-Z0-9-]{1,127}(\/[0-9a-f]{32})?$/;

/** The version that a secret's address names; empty for one that means the newest. */
export function versionOf(secretId: string): string {
  return new URL(secretId).pathname.split("/")[3] ?? "";
}
