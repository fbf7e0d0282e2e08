import * as pulumi from "@pulumi/pulumi";
import { ProviderError } from "./clients/errors";
import { placesOf, signInSettings, type SettingName, type SignInSettings } from "./clients/sign-in-settings";

/** What decides where and as whom resources are made, with the variable that Azure's client libraries read. */
const DECIDING = [
  ["subscriptionId", "AZURE_SUBSCRIPTION_ID"],
  ["tenantId", "AZURE_TENANT_ID"],
  ["clientId", "AZURE_CLIENT_ID"],
  ["environment", "AZURE_ENVIRONMENT"],
  ["metadataHost", ""],
] as const satisfies readonly (readonly [SettingName, string])[];

/**
 * Dynamic resources can't see an azure-native provider that is given in `opts`: they sign in by settings alone. Where such a provider names another
 * subscription, tenant, application or cloud than the settings, what the two make would not fit together.
 *
 * @throws ProviderError in the promise, with the settings that do the same
 */
export async function refuseAnotherSignIn(
  name: string,
  options: pulumi.CustomResourceOptions | undefined,
  settings: SignInSettings = programSettings(),
): Promise<void> {
  const explicit = options?.parent?.getProvider("azure-native:machinelearningservices:Workspace");
  if (explicit === undefined) return;
  const given = explicit as unknown as Partial<Record<SettingName, unknown>>;
  for (const [key, variable] of DECIDING) {
    const value = await valueOf(given[key]);
    // azure-native puts the public cloud into each provider that names none.
    if (value === undefined || (key === "environment" && value === "public")) continue;
    const set = (settings.get(key) ?? settings.variable(variable))?.value;
    if (set === undefined && SETTLED_OTHERWISE.has(key)) continue;
    if (set?.toLowerCase() === value.toLowerCase()) continue;
    throw new ProviderError({
      what: `the azure-native provider in \`opts\` has a ${key} of its own; this resource can't see it, and signs in by settings, which have ${set === undefined ? "none" : "another"}`,
      where: name,
      tryThis: `${placesOf(key)} as the provider has it; for another one, a stack of its own`,
    });
  }
}

/** Where no setting has them, the subscription is in the ids of what is made, and the tenant that of who is signed in. */
const SETTLED_OTHERWISE: ReadonlySet<SettingName> = new Set(["subscriptionId", "tenantId"]);

/** Settings as the program has them: those of azure-native in the stack's configuration, then the environment. */
export function programSettings(): SignInSettings {
  const configuration = new pulumi.Config("azure-native");
  return signInSettings(process.env, (key) => configuration.get(key.replace(/^azure-native:/, "")));
}

/** Undefined too where it isn't known yet, as in a preview of what it comes from. */
async function valueOf(given: unknown): Promise<string | undefined> {
  if (!pulumi.Output.isInstance<unknown>(given)) return undefined;
  const output = given as pulumi.Output<unknown> & { promise(): Promise<unknown> };
  const value = await output.promise();
  return typeof value === "string" && value !== "" ? value : undefined;
}
