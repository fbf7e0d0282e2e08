import { ProviderError } from "./errors";
import type { SignInSettings } from "./sign-in-settings";

/** `custom` is what a metadata host describes. */
export type CloudName = "public" | "china" | "usgovernment" | "custom";

/** As azure-native and Terraform call the clouds, without regard to case, and as Azure CLI does. */
const NAMES: Readonly<Record<string, Exclude<CloudName, "custom">>> = {
  public: "public",
  azurecloud: "public",
  azurepubliccloud: "public",
  china: "china",
  azurechinacloud: "china",
  usgovernment: "usgovernment",
  usgov: "usgovernment",
  azureusgovernment: "usgovernment",
  azureusgovernmentcloud: "usgovernment",
};

/** The cloud that the settings name: a metadata host before a name, as in azure-native. @throws ProviderError where there is none of that name */
export function cloudNameOf(settings: SignInSettings): CloudName {
  if (settings.get("metadataHost") !== undefined) return "custom";
  const named = settings.get("environment");
  if (named === undefined) return "public";
  const name = NAMES[named.value.toLowerCase()];
  if (name !== undefined) return name;
  throw new ProviderError({
    what: `there is no cloud ${named.value}`,
    where: named.source,
    allowed:
      "public, china, usgovernment; for another one azure-native:metadataHost or ARM_METADATA_HOSTNAME",
  });
}
