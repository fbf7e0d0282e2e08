/** A setting that a person has made, and where: `azure-native:clientId` in the stack's configuration, or `ARM_CLIENT_ID`. */
export interface Setting {
  readonly value: string;
  readonly source: string;
}

/** Each setting of azure-native's that is about signing in, by its key in the stack's configuration, with its environment variables, the first found wins. */
const VARIABLES = {
  tenantId: ["ARM_TENANT_ID"],
  subscriptionId: ["ARM_SUBSCRIPTION_ID"],
  clientId: ["ARM_CLIENT_ID"],
  clientSecret: ["ARM_CLIENT_SECRET"],
  clientCertificatePath: ["ARM_CLIENT_CERTIFICATE_PATH"],
  clientCertificatePassword: ["ARM_CLIENT_CERTIFICATE_PASSWORD"],
  useOidc: ["ARM_USE_OIDC"],
  oidcToken: ["ARM_OIDC_TOKEN"],
  oidcTokenFilePath: ["ARM_OIDC_TOKEN_FILE_PATH"],
  oidcRequestUrl: ["ARM_OIDC_REQUEST_URL", "ACTIONS_ID_TOKEN_REQUEST_URL"],
  oidcRequestToken: ["ARM_OIDC_REQUEST_TOKEN", "ACTIONS_ID_TOKEN_REQUEST_TOKEN"],
  oidcAudience: ["ARM_OIDC_AUDIENCE"],
  useMsi: ["ARM_USE_MSI"],
  useDefaultAzureCredential: ["ARM_USE_DEFAULT_AZURE_CREDENTIAL"],
  disableInstanceDiscovery: ["ARM_DISABLE_INSTANCE_DISCOVERY"],
  environment: ["ARM_ENVIRONMENT", "AZURE_ENVIRONMENT"],
  metadataHost: ["ARM_METADATA_HOSTNAME", "ARM_METADATA_HOST"],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type SettingName = keyof typeof VARIABLES;

/** A stack's configuration: the value of `azure-native:<key>`. */
export type StackConfiguration = (key: string) => string | undefined;

/** What there is to sign in with. */
export interface SignInSettings {
  /** The stack's configuration before the environment, as azure-native reads it. Empty is not set. */
  get(name: SettingName): Setting | undefined;
  /** A variable of the environment: `AZURE_CLIENT_ID`. */
  variable(name: string): Setting | undefined;
}

export function signInSettings(
  environment: Readonly<NodeJS.ProcessEnv>,
  configuration: StackConfiguration = () => undefined,
): SignInSettings {
  const variable = (name: string): Setting | undefined => settingOf(environment[name], name);
  return {
    variable,
    get(name) {
      const key = `azure-native:${name}`;
      const variables: readonly string[] = VARIABLES[name];
      return settingOf(configuration(key), key) ?? variables.map(variable).find((found) => found);
    },
  };
}

/** How a person makes a setting that is missing: `azure-native:clientId or ARM_CLIENT_ID`. */
export function placesOf(name: SettingName): string {
  return `azure-native:${name} or ${VARIABLES[name][0]}`;
}

function settingOf(value: string | undefined, source: string): Setting | undefined {
  return value === undefined || value === "" ? undefined : { value, source };
}

let stackConfiguration: StackConfiguration | undefined;

/**
 * What Pulumi gives the process of dynamic providers before anything else: the stack's whole configuration, in which azure-native's part says who
 * to sign in as. It stays in this process's memory.
 */
export function configure({
  config,
}: {
  readonly config: { get(key: string): string | undefined };
}): Promise<void> {
  stackConfiguration = (key) => config.get(key);
  // Pulumi doesn't wait for it before the next call: what it sets must be set by now.
  return Promise.resolve();
}

/** This process's own. */
export function ownSettings(): SignInSettings {
  return signInSettings(process.env, stackConfiguration);
}
