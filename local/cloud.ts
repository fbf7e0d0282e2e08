/** What the local Azure calls itself: fixed ids, so that a program's plan is the same on every machine. */

export const TENANT_ID = "10ca1a2e-0000-4000-8000-000000000001";
export const SUBSCRIPTION_ID = "10ca1a2e-0000-4000-8000-000000000002";

/** Who runs `up` against the local Azure. Its secret is made per machine (`local/state.ts`). */
export const DEPLOYER = {
  clientId: "10ca1a2e-0000-4000-8000-000000000003",
  objectId: "10ca1a2e-0000-4000-8000-000000000004",
  displayName: "local-deployer",
} as const;

/** ARM's audience, with and without the closing slash, as Azure's clients ask for it. */
export const ARM_AUDIENCES = [
  "https://management.azure.com",
  "https://management.azure.com/",
  "https://management.core.windows.net",
  "https://management.core.windows.net/",
] as const;
export const STORAGE_AUDIENCE = "https://storage.azure.com";
export const VAULT_AUDIENCE = "https://vault.azure.net";
export const SCORING_AUDIENCE = "https://ml.azure.com";
export const SCORING_AUDIENCES = [SCORING_AUDIENCE, `${SCORING_AUDIENCE}/`] as const;
