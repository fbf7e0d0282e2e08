import execa from "execa";
import { DEPLOYER, SUBSCRIPTION_ID } from "../../local/cloud";
import { packageRoot } from "../../tools/paths";
import { askArm } from "./arm-process";
import type { LocalAzure } from "./local-azure";

/** Storage Blob Data Contributor. */
const role = `/subscriptions/${SUBSCRIPTION_ID}/providers/Microsoft.Authorization/roleDefinitions/ba92f5b4-2d11-453d-a403-e96b0029c9fe`;

/** Makes a resource group with a storage account, whose blobs the deployer may read and write. @returns the account's ARM id */
export async function makeStorageAccount(
  azure: LocalAzure,
  groupId: string,
  name: string,
  location: string,
): Promise<string> {
  const id = `${groupId}/providers/Microsoft.Storage/storageAccounts/${name}`;
  await askArm(azure, "put", groupId, "2024-03-01", { location });
  await askArm(azure, "put", id, "2024-01-01", {
    location,
    kind: "StorageV2",
    sku: { name: "Standard_LRS" },
    properties: { allowSharedKeyAccess: false },
  });
  const assignment = `${id}/providers/Microsoft.Authorization/roleAssignments/10ca1a2e-0000-4000-8000-0000000000ab`;
  await askArm(azure, "put", assignment, "2022-04-01", {
    properties: {
      principalId: DEPLOYER.objectId,
      principalType: "ServicePrincipal",
      roleDefinitionId: role,
    },
  });
  return id;
}

/**
 * Puts blobs into the container `shared` of an account, as a client that tells no digest of them.
 *
 * @returns a shared access signature that reads the container for an hour, `sv=…&sig=…`
 */
export async function shareBlobs(
  azure: LocalAzure,
  account: string,
  blobs: Readonly<Record<string, Buffer>>,
): Promise<string> {
  const input = Object.fromEntries(
    Object.entries(blobs).map(([name, bytes]) => [name, bytes.toString("base64")]),
  );
  const { stdout } = await execa(
    process.execPath,
    ["-e", SHARE, `https://${account}.blob.core.windows.net`],
    {
      cwd: packageRoot(),
      env: azure.environment(),
      input: JSON.stringify(input),
    },
  );
  return stdout.trim();
}

const SHARE = `
const { BlobServiceClient, ContainerSASPermissions, generateBlobSASQueryParameters } = require("@azure/storage-blob");
const { credential } = require("./dist/providers/clients/credential");
(async () => {
  const service = new BlobServiceClient(process.argv[1], credential());
  const container = service.getContainerClient("shared");
  await container.createIfNotExists();
  for (const [name, bytes] of Object.entries(JSON.parse(require("fs").readFileSync(0, "utf8"))))
    await container.getBlockBlobClient(name).uploadData(Buffer.from(bytes, "base64"));
  const [startsOn, expiresOn] = [new Date(Date.now() - 60_000), new Date(Date.now() + 3_600_000)];
  const key = await service.getUserDelegationKey(startsOn, expiresOn);
  const permissions = ContainerSASPermissions.parse("rl");
  const grant = { containerName: "shared", permissions, startsOn, expiresOn };
  console.log(generateBlobSASQueryParameters(grant, key, service.accountName).toString());
})();
`;
