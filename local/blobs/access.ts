import {
  BlobServiceClient,
  newPipeline,
  StorageSharedKeyCredential,
  type ContainerClient,
} from "@azure/storage-blob";
import type { Azurite } from "./azurite";

/** The way to the blobs for the daemon's own parts: past the front, with Azurite's key. */
export interface BlobAccess {
  serviceClient(account: string): BlobServiceClient;
  containerClient(account: string, container: string): ContainerClient;
  /** Takes away every container of the account. */
  deleteAccount(account: string): Promise<void>;
}

export function createBlobAccess(azurite: Pick<Azurite, "port" | "key">): BlobAccess {
  const services = new Map<string, BlobServiceClient>();
  const serviceClient = (account: string): BlobServiceClient => {
    let service = services.get(account);
    if (service === undefined) {
      service = new BlobServiceClient(
        `http://127.0.0.1:${azurite.port}/${account}`,
        newPipeline(new StorageSharedKeyCredential(account, azurite.key)),
      );
      services.set(account, service);
    }
    return service;
  };
  return {
    serviceClient,
    containerClient: (account, container) => serviceClient(account).getContainerClient(container),
    deleteAccount: async (account) => {
      const service = serviceClient(account);
      for await (const { name } of service.listContainers()) await service.deleteContainer(name);
      services.delete(account);
    },
  };
}
