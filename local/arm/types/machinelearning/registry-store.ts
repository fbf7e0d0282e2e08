import { createHash } from "node:crypto";
import { containerSas } from "../../../blobs/sas";
import { ArmError } from "../../errors";
import { isObject, objectAt } from "../../objects";
import { lastName } from "../../path";
import type { Answer, Arm, Request, ResourceType } from "../../resource-type";
import type { StoredResource } from "../../store";
import { ML_API_VERSIONS, REGISTRIES } from "./provider";

const ACCOUNTS = "Microsoft.Storage/storageAccounts";
/** Milliseconds that a client has for a download. */
const DOWNLOAD_TIME = 60 * 60 * 1000;

/** The registry's id of anything in it. */
export function registryIdOf(id: string): string {
  return /^.*?\/registries\/[^/]+/i.exec(id)?.[0] ?? id;
}

/** ARM ids of the storage accounts that Azure made for the registry, its primary region's first. */
function registryAccounts(registry: StoredResource | undefined): readonly string[] {
  const regions = objectAt(registry?.body ?? {}, "properties")["regionDetails"];
  return (Array.isArray(regions) ? regions : []).flatMap((region) => {
    const accounts = isObject(region) ? region["storageAccountDetails"] : undefined;
    return (Array.isArray(accounts) ? accounts : []).filter(isObject).map((account) => {
      const made = objectAt(account, "systemCreatedStorageAccount");
      return String(objectAt(made, "armResourceId")["resourceId"]);
    });
  });
}

/** ARM id of the storage account of the registry's primary region. */
export function registryAccount(registry: StoredResource | undefined): string {
  const [account] = registryAccounts(registry);
  if (account === undefined)
    throw new ArmError(409, "UserError", "The registry has no storage account in its primary region.");
  return account;
}

/** The container of a version's files. */
export function registryContainer(versionId: string): string {
  return `azureml-${digestOf(versionId, 32)}`;
}

/** The container that a workspace has for the upload of a version's files; the name is as long as it may be. */
export function uploadContainer(workspaceGuid: string, versionId: string): string {
  return `${workspaceGuid}-${digestOf(versionId, 26)}`;
}

const digestOf = (id: string, length: number): string =>
  createHash("sha256").update(id.toLowerCase()).digest("hex").slice(0, length);

/** Makes the accounts that the registry names. */
export async function makeRegistryAccounts(arm: Arm, registry: StoredResource): Promise<void> {
  for (const id of registryAccounts(registry)) {
    if (arm.store.get(id) !== undefined) continue;
    const properties = { allowSharedKeyAccess: false, provisioningState: "Succeeded" };
    const body = {
      id,
      name: lastName(id),
      type: ACCOUNTS,
      location: String(registry.body["location"]),
      kind: "StorageV2",
      sku: { name: "Standard_LRS" },
      tags: {},
      properties,
    };
    await arm.store.put({ id, body, internal: {} });
    await arm.effects.storageAccountCreated(lastName(id));
  }
}

export async function eraseRegistryAccounts(arm: Arm, registry: StoredResource): Promise<void> {
  for (const id of registryAccounts(registry)) {
    await arm.effects.storageAccountDeleted(lastName(id));
    await arm.store.delete(id);
  }
}

/** A signature to read a version's files with. */
function referToFiles({ arm, id, name }: Request): Answer {
  const registryId = registryIdOf(id);
  const model = /\/datareferences\/([^/]+)\//i.exec(id)?.[1] ?? "";
  const versionId = `${registryId}/models/${model}/versions/${name}`;
  if (arm.store.get(versionId) === undefined)
    throw new ArmError(404, "ResourceNotFound", `The version '${name}' of '${model}' was not found.`);
  const storageAccountArmId = registryAccount(arm.store.get(registryId));
  const place = { account: lastName(storageAccountArmId), container: registryContainer(versionId) };
  const blobUri = `https://${place.account}.blob.core.windows.net/${place.container}`;
  const expiresOn = new Date(arm.now().getTime() + DOWNLOAD_TIME);
  const sasUri = `${blobUri}?${containerSas(arm.keys, place, "rl", expiresOn)}`;
  return {
    status: 200,
    body: {
      blobReferenceForConsumption: {
        blobUri,
        storageAccountArmId,
        credential: { credentialType: "SAS", sasUri },
      },
    },
  };
}

/** `POST …/registries/{registry}/datareferences/{model}/versions/{version}`. */
export const dataReferences: readonly ResourceType[] = [
  { type: `${REGISTRIES}/datareferences`, apiVersions: ML_API_VERSIONS },
  {
    type: `${REGISTRIES}/datareferences/versions`,
    apiVersions: ML_API_VERSIONS,
    parentOptional: true,
    earlyActions: { "": referToFiles },
  },
];
