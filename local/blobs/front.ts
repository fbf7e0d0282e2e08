import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import type { IncomingMessage, ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import type { Store, StoredResource } from "../arm/store";
import { destination, parseAuthority } from "../door/hosts";
import type { BlobFaults } from "../faults/blobs";
import type { AccessControl, TokenVerifier } from "../identity/principal";
import { createAccountLookup } from "./accounts";
import type { AccountKeys } from "./account-keys";
import { createAuthorizer, permissionMismatch, type BlobRequest, type Grant } from "./authorize";
import type { Azurite } from "./azurite";
import { createAzuriteSigner, withoutSignature } from "./azurite-sas";
import { blobPath } from "./blob-path";
import { copySourceAddress } from "./copy-source";
import { createForwarder, hasBody } from "./forward";
import { sendStorageError, StorageError } from "./storage-error";
import { userDelegationKey } from "./user-delegation-key";

export interface BlobFrontOptions {
  readonly store: Store;
  readonly verifier: TokenVerifier;
  readonly access: AccessControl;
  readonly azurite: Pick<Azurite, "port" | "key">;
  readonly keys: AccountKeys;
  /** What goes wrong on purpose; nothing by default. */
  readonly faults?: BlobFaults;
  /** Takes what went wrong on this side. */
  readonly log: (line: string) => void;
}

export interface BlobFront {
  /** Serves `<account>.blob.core.windows.net`. */
  readonly app: FastifyInstance;
  close(): Promise<void>;
}

/** The blob service in front of Azurite: which accounts there are, who may do what; then the request goes on, streaming. */
export function createBlobFront(options: BlobFrontOptions): BlobFront {
  const { store, azurite, keys, access, faults, log } = options;
  const findAccount = createAccountLookup(store);
  const authorizer = createAuthorizer(options);
  const sign = createAzuriteSigner(azurite);
  const copySource = {
    azurite,
    sign: createAzuriteSigner(azurite, 10 * 60_000),
    authorizer,
    findAccount,
  };
  const forwarder = createForwarder(azurite);

  async function serve(raw: IncomingMessage, response: ServerResponse): Promise<void> {
    const request = read(raw, findAccount);
    if (request.query.get("comp") === "batch")
      throw new StorageError(
        501,
        "NotImplemented",
        "The local Azure takes no blob batches: send its requests one by one.",
      );
    const address = `${raw.headers.host ?? ""}${request.url}`;
    faults?.beforeRequest(address);
    if (raw.method === "PUT") faults?.beforeWrite(address);
    if (hasBody(raw) && faults?.cutsBody(address) === true) {
      raw.once("data", () => raw.destroy());
      return;
    }
    const grant = await authorizer.authorize(request);
    if (request.method === "POST" && request.query.get("comp") === "userdelegationkey") {
      await answerDelegationKey(raw, response, request, grant);
      return;
    }
    if (grant.permissions === "") throw permissionMismatch();
    const [path = "/", query = ""] = request.url.split(/\?(.*)/s);
    const search = [withoutSignature(query), sign(request.account, grant)].filter((part) => part !== "");
    await forwarder.forward(
      raw,
      response,
      `/${request.account}${path}?${search.join("&")}`,
      {
        authorization: undefined,
        "x-ms-copy-source-authorization": undefined,
        ...(await copyHeader(request, grant)),
      },
      faults?.losesAnswer(address),
    );
  }

  async function copyHeader(request: BlobRequest, grant: Grant): Promise<Record<string, string>> {
    const { account, headers } = request;
    const source = headers["x-ms-copy-source"];
    if (typeof source !== "string") return {};
    const sourceAuthorization = headers["x-ms-copy-source-authorization"];
    const { authorization } = headers;
    const address = await copySourceAddress(
      copySource,
      source,
      typeof sourceAuthorization === "string" ? sourceAuthorization : undefined,
      { account, authorization, grant },
    );
    return { "x-ms-copy-source": address };
  }

  async function answerDelegationKey(
    raw: IncomingMessage,
    response: ServerResponse,
    { account, resource }: BlobRequest,
    grant: Grant,
  ): Promise<void> {
    if (grant.principal === undefined)
      throw new StorageError(403, "AuthenticationFailed", "Only authentication scheme Bearer is supported.");
    const answer = userDelegationKey(
      keys,
      access,
      { name: account, id: resource.id },
      grant.principal,
      await text(raw),
    );
    response.writeHead(200, {
      "content-type": "application/xml",
      "content-length": Buffer.byteLength(answer),
    });
    response.end(answer);
  }

  const app = fastify({
    // Azurite has the last word on what a path may be.
    frameworkErrors: (_error, request, reply) => {
      void reply.hijack();
      const error = new StorageError(
        400,
        "InvalidUri",
        "The requested URI does not represent any resource on the server.",
      );
      sendStorageError(reply.raw, error, request.method === "HEAD");
    },
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", (_request, _payload, done) => {
    done(null);
  });
  const handler = async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    void reply.hijack();
    try {
      await serve(request.raw, reply.raw);
    } catch (error) {
      if (!(error instanceof StorageError)) log(`blobs: ${String((error as Error).stack ?? error)}`);
      if (reply.raw.headersSent) reply.raw.destroy();
      else sendStorageError(reply.raw, asStorageError(error), request.method === "HEAD");
    }
  };
  app.route({ method: ["GET", "HEAD", "PUT", "POST", "DELETE", "OPTIONS"], url: "*", handler });
  return {
    app,
    close: async () => {
      await app.close();
      await forwarder.close();
    },
  };
}

function read(
  { method = "GET", url = "/", headers }: IncomingMessage,
  findAccount: (name: string) => StoredResource | undefined,
): BlobRequest {
  const place = destination(parseAuthority(headers.host, 443)?.hostname ?? "");
  const account = place?.part === "blobs" ? place.account : "";
  const resource = findAccount(account);
  if (resource === undefined) {
    // In Azure such a name isn't in DNS at all. Clients would try again for a minute at a broken connection: this they report at once.
    throw new StorageError(
      404,
      "ResourceNotFound",
      `The storage account '${account}' does not exist in the local Azure.`,
    );
  }
  const [path = "/", query = ""] = url.split(/\?(.*)/s);
  if (!path.startsWith("/"))
    throw new StorageError(
      400,
      "InvalidUri",
      "The requested URI does not represent any resource on the server.",
    );
  return { method, url, headers, account, resource, path: blobPath(path), query: new URLSearchParams(query) };
}

function asStorageError(error: unknown): StorageError {
  if (error instanceof StorageError) return error;
  return new StorageError(
    500,
    "InternalError",
    "The server encountered an internal error. Please retry the request.",
  );
}
