/** What the provider is configured with, from its own config and the environment. */
export interface Configuration {
  readonly tenantId: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly subscriptionId: string;
  /** Where resources go whose program names no location. */
  readonly location: string | undefined;
}

/** Config key, then the environment variables that say the same, in the order in which they are asked. */
const sources: Readonly<Record<Exclude<keyof Configuration, "location">, readonly string[]>> = {
  tenantId: ["ARM_TENANT_ID", "AZURE_TENANT_ID"],
  clientId: ["ARM_CLIENT_ID", "AZURE_CLIENT_ID"],
  clientSecret: ["ARM_CLIENT_SECRET", "AZURE_CLIENT_SECRET"],
  subscriptionId: ["ARM_SUBSCRIPTION_ID", "AZURE_SUBSCRIPTION_ID"],
};

/** @param config keys as `pulumi config` knows them, without `azure-native:`. */
export function readConfiguration(
  config: Readonly<Record<string, string>>,
  env: NodeJS.ProcessEnv = process.env,
): Configuration {
  const missing: string[] = [];
  const read = (key: keyof typeof sources): string => {
    const value = [config[key], ...sources[key].map((name) => env[name])].find(
      (candidate) => candidate !== undefined && candidate !== "",
    );
    if (value === undefined) missing.push(`azure-native:${key} (or ${sources[key].join(", ")})`);
    return value ?? "";
  };
  const configuration: Configuration = {
    tenantId: read("tenantId"),
    clientId: read("clientId"),
    clientSecret: read("clientSecret"),
    subscriptionId: read("subscriptionId"),
    location: config["location"],
  };
  if (missing.length > 0)
    throw new Error(
      `The azure-native provider cannot sign in to the local Azure: ${missing.join("; ")} is not set. Run the command through \`npm run local -- exec\`, which sets them.`,
    );
  return configuration;
}
