import type { HttpClient, HttpMethods } from "@azure/core-rest-pipeline";
import { createHash } from "node:crypto";
import type { AssetFile } from "../assets/files";
import type { SentFile } from "../assets/reading";
import { MOST_BLOCKS } from "../assets/send";
import { beginS3Upload, writeAddress, type RunFile, type StoreKind } from "../clients/databricks-upload";
import type { Mlflow } from "../clients/mlflow";
import { sendSigned, SignedAddressError, type SignedAddress } from "../clients/signed-address";
import { cut, inParts, type Cut } from "./in-parts";
import { MOST_PARTS } from "./send-parts";

/** Sends to one address, and once more to a new one where that has run out. */
interface Store {
  send(
    method: HttpMethods,
    what: string,
    body: Buffer | string,
    request?: { readonly query?: Readonly<Record<string, string>>; readonly md5?: boolean },
  ): Promise<void>;
}

/**
 * Sends a file of a run to the store behind Databricks, past Databricks, a large one in parts. As MLflow's own client for Databricks asks
 * (`databricks_artifact_repo.py`).
 *
 * @throws MlflowError, and ProviderError where the store refuses, or the file is not what it was said to be
 */
export async function sendToDatabricks(
  mlflow: Mlflow,
  to: RunFile,
  file: AssetFile,
  http?: HttpClient,
): Promise<SentFile> {
  const { kind, address } = await writeAddress(mlflow, to);
  const renewed = async (): Promise<SignedAddress> => (await writeAddress(mlflow, to)).address;
  const store = storeAt(kind, address, renewed, http);
  if (kind === "AZURE_SAS_URI") return await sendBlocks(store, to, file);
  if (kind === "AZURE_ADLS_GEN2_SAS_URI") return await appendAll(store, to, file);
  const pieces = cut(file.length, MOST_PARTS);
  if (pieces.count > 1) return await sendS3Parts(mlflow, to, file, pieces, http);
  const { parts, sent } = await inParts(file, pieces, async (_index, bytes) => bytes);
  await store.send("PUT", to.path, parts[0] ?? "");
  return sent;
}

/** Blob storage: blocks, and then the list of them, which makes the blob. */
async function sendBlocks(store: Store, { path }: RunFile, file: AssetFile): Promise<SentFile> {
  const { parts, sent } = await inParts(file, cut(file.length, MOST_BLOCKS), async (index, bytes) => {
    const id = Buffer.from(String(index).padStart(6, "0")).toString("base64");
    await store.send("PUT", `block ${index} of ${path}`, bytes, {
      query: { comp: "block", blockid: id },
      md5: true,
    });
    return id;
  });
  const list = parts.map((id) => `<Uncommitted>${id}</Uncommitted>`).join("");
  await store.send(
    "PUT",
    `the list of blocks of ${path}`,
    `<?xml version="1.0" encoding="utf-8"?><BlockList>${list}</BlockList>`,
    { query: { comp: "blocklist" } },
  );
  return sent;
}

/** Data Lake Storage: an empty file, what is to be in it, and at the end its length, which shows it. */
async function appendAll(store: Store, { path }: RunFile, file: AssetFile): Promise<SentFile> {
  const pieces = cut(file.length, MOST_BLOCKS);
  await store.send("PUT", path, "", { query: { resource: "file" } });
  const { sent } = await inParts(file, pieces, async (index, bytes) => {
    const position = String(index * pieces.size);
    await store.send("PATCH", `${path} from byte ${position} on`, bytes, {
      query: { action: "append", position },
      md5: true,
    });
  });
  const query = { action: "flush", position: String(file.length) };
  await store.send("PATCH", `the length of ${path}`, "", { query });
  return sent;
}

async function sendS3Parts(
  mlflow: Mlflow,
  to: RunFile,
  file: AssetFile,
  pieces: Cut,
  http?: HttpClient,
): Promise<SentFile> {
  const upload = await beginS3Upload(mlflow, to, pieces.count);
  try {
    const { parts, sent } = await inParts(file, pieces, async (index, bytes) => {
      const what = `part ${index + 1} of ${to.path}`;
      const send = async (address: SignedAddress | undefined): Promise<string> =>
        (await sendSigned(address, "PUT", what, bytes, http)).headers.get("etag") ?? "";
      return await again(send, upload.parts[index], async () => await upload.renew(index + 1));
    });
    await upload.complete(parts);
    return sent;
  } catch (error) {
    await sendSigned(upload.abort, "DELETE", "the end of the upload", "", http).catch(() => undefined);
    throw error;
  }
}

/** Headers that Azure's storage takes with each of the requests; it refuses ones that a request doesn't know. */
const AZURE_HEADERS = /^x-ms-(version|date|lease-id|client-request-id|encryption-.+)$/i;

function storeAt(
  kind: StoreKind,
  first: SignedAddress,
  renewed: () => Promise<SignedAddress>,
  http?: HttpClient,
): Store {
  let address = first;
  const headersOf = ({ headers }: SignedAddress): Record<string, string> =>
    Object.fromEntries(
      Object.entries(headers).filter(([name]) => kind === "AWS_PRESIGNED_URL" || AZURE_HEADERS.test(name)),
    );
  return {
    async send(method, what, body, { query = {}, md5 = false } = {}) {
      const put = async (current: SignedAddress): Promise<void> => {
        const url = new URL(current.url);
        for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
        // The store compares what arrives with it.
        const sum: Record<string, string> = md5
          ? { "content-md5": createHash("md5").update(body).digest("base64") }
          : {};
        await sendSigned(
          { url: url.href, headers: { ...headersOf(current), ...sum } },
          method,
          what,
          body,
          http,
        );
      };
      await again(put, address, async () => (address = await renewed()));
    },
  };
}

/** A long upload outlives the addresses that it began with. */
async function again<A, T>(
  send: (address: A) => Promise<T>,
  first: A,
  renewed: () => Promise<A>,
): Promise<T> {
  try {
    return await send(first);
  } catch (error) {
    if (!(error instanceof SignedAddressError) || ![401, 403].includes(error.status)) throw error;
    return await send(await renewed());
  }
}
