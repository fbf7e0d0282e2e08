/**
 * What a user's program does, with Microsoft's own packages and nothing set but the environment: signs in, uploads, reads back, lists.
 * Prints one JSON line. Usage: blob-client.ts ACCOUNT CREDENTIAL (`secret`, `default`, or `key`: the account's, in ACCOUNT_KEY)
 */
import { ClientSecretCredential, DefaultAzureCredential } from "@azure/identity";
import { BlobServiceClient, StorageSharedKeyCredential } from "@azure/storage-blob";

const [, , account = "", kind = ""] = process.argv;
const env = (name: string): string => process.env[name] ?? "";
const credential = {
  default: () => new DefaultAzureCredential(),
  secret: () =>
    new ClientSecretCredential(env("AZURE_TENANT_ID"), env("AZURE_CLIENT_ID"), env("AZURE_CLIENT_SECRET")),
  key: () => new StorageSharedKeyCredential(account, env("ACCOUNT_KEY")),
}[kind];

async function main(): Promise<object> {
  if (credential === undefined) throw new Error(`no such credential: ${kind}`);
  const service = new BlobServiceClient(`https://${account}.blob.core.windows.net`, credential());
  const container = service.getContainerClient(`js-${kind}`);
  await container.createIfNotExists();
  const blob = container.getBlockBlobClient("folder/grüße & more.txt");
  await blob.upload("hello", 5, { metadata: { name: "model", upload_status: "completed" } });
  const copy = container.getBlockBlobClient("copy.txt");
  await (await copy.beginCopyFromURL(blob.url)).pollUntilDone();
  const names: string[] = [];
  for await (const item of container.listBlobsFlat()) names.push(item.name);
  const properties = await copy.getProperties();
  return {
    text: (await copy.downloadToBuffer()).toString(),
    names,
    metadata: properties.metadata,
    copySource: properties.copySource,
  };
}

main().then(
  (result) => console.log(JSON.stringify(result)),
  (error: { name?: string; code?: string; statusCode?: number; message: string }) => {
    console.log(
      JSON.stringify({
        name: error.name,
        code: error.code,
        status: error.statusCode,
        message: error.message,
      }),
    );
    process.exitCode = 1;
  },
);
