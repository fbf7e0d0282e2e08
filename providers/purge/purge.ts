import { ML_API_VERSION, type Arm } from "../clients/arm";
import { ProviderError } from "../clients/errors";

interface DeletedVault {
  readonly properties: { readonly purgeProtectionEnabled?: boolean };
}

/** How each kind of resource, which Azure only hides when it is deleted, is removed for good. */
const purges: readonly { readonly type: RegExp; readonly purge: (arm: Arm, id: string) => Promise<void> }[] =
  [
    {
      type: /\/Microsoft\.MachineLearningServices\/workspaces\/[^/]+$/i,
      purge: async (arm, id) => {
        await arm.remove(id, { apiVersion: ML_API_VERSION, query: { forceToPurge: "true" } });
      },
    },
    {
      type: /\/Microsoft\.OperationalInsights\/workspaces\/[^/]+$/i,
      purge: async (arm, id) => {
        await arm.remove(id, { apiVersion: "2023-09-01", query: { force: "true" } });
      },
    },
    {
      type: /\/Microsoft\.KeyVault\/locations\/[^/]+\/deletedVaults\/[^/]+$/i,
      purge: async (arm, id) => {
        const request = { apiVersion: "2024-11-01" };
        // Not there where the vault itself was kept; under purge protection nobody can purge it, and it goes by itself.
        const deleted = await arm.read<DeletedVault>(id, request);
        if (deleted !== undefined && deleted.properties.purgeProtectionEnabled !== true)
          await arm.post(`${id}/purge`, request);
      },
    },
  ];

/** @param targetId ARM id of a workspace (Machine Learning, Log Analytics), or of a deleted Key Vault */
export async function purge(arm: Arm, targetId: string): Promise<void> {
  const kind = purges.find(({ type }) => type.test(targetId));
  if (kind === undefined)
    throw new ProviderError({ what: "nothing of this type can be purged", where: targetId });
  await kind.purge(arm, targetId);
}

/** Whether `purge` knows the type. */
export function isPurgeable(targetId: string): boolean {
  return purges.some(({ type }) => type.test(targetId));
}
