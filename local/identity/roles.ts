/** Azure's built-in roles that the local Azure knows by name: role definition GUIDs, the same in every tenant. */
export const ROLES = {
  owner: "8e3af657-a8ff-443c-a75c-2fe8c4bcb635",
  contributor: "b24988ac-6180-42a0-ab88-20f7382dd24c",
  reader: "acdd72a7-3385-48ef-bd42-f606fba81ae7",
  azureMlDataScientist: "f6c7c914-8db3-469d-8ca1-694a8f32e121",
  storageBlobDataOwner: "b7e6dc6d-f1e8-4753-8033-0f276bb0955b",
  storageBlobDataContributor: "ba92f5b4-2d11-453d-a403-e96b0029c9fe",
  storageBlobDataReader: "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1",
  storageBlobDelegator: "db58b8e5-c6ad-4a2a-8342-4190687cbf4a",
} as const;

/** Roles whose rights are data actions: owning the subscription does not bring them. */
export const dataRoles: ReadonlySet<string> = new Set([
  ROLES.storageBlobDataOwner,
  ROLES.storageBlobDataContributor,
  ROLES.storageBlobDataReader,
  ROLES.storageBlobDelegator,
  "69566ab7-960f-475b-8e7c-b3118f30c6bd", // Storage File Data Privileged Contributor
  "974c5e8b-45b9-4653-ba55-5f855dd0fb88", // Storage Queue Data Contributor
  "0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3", // Storage Table Data Contributor
  "00482a5a-887f-4fb3-b363-3b7fe8e74483", // Key Vault Administrator
  "b86a8fe4-44ce-4948-aee5-eccb2c155cd7", // Key Vault Secrets Officer
  "4633458b-17de-408a-b874-0445c86b69e6", // Key Vault Secrets User
]);
