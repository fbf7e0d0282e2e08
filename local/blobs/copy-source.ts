import type { StoredResource } from "../arm/store";
import { destination } from "../door/hosts";
import type { Authorizer, Grant } from "./authorize";
import type { Azurite } from "./azurite";
import { withoutSignature, type AzuriteSigner } from "./azurite-sas";
import { blobPath } from "./blob-path";
import { StorageError } from "./storage-error";

export interface CopySourceOptions {
  readonly azurite: Pick<Azurite, "port">;
  readonly sign: AzuriteSigner;
  readonly authorizer: Authorizer;
  readonly findAccount: (name: string) => StoredResource | undefined;
}

/**
 * The address at Azurite of what `x-ms-copy-source` names. The source needs a right of its own: a signature in its address, a token in
 * `x-ms-copy-source-authorization`, or, within one account, what the copy itself was authorized by.
 *
 * @throws StorageError for what the local Azure does not hold, or the caller may not read
 */
export async function copySourceAddress(
  options: CopySourceOptions,
  source: string,
  sourceAuthorization: string | undefined,
  target: { readonly account: string; readonly authorization: string | undefined; readonly grant: Grant },
): Promise<string> {
  const url = parse(source);
  const place = destination(url.hostname);
  const resource = place?.part === "blobs" ? options.findAccount(place.account) : undefined;
  if (place?.part !== "blobs" || resource === undefined)
    throw unverifiable("The specified resource does not exist.");
  const { account } = place;
  const sameAccount = account === target.account;
  const reaches = sameAccount && target.grant.wholeAccount;
  if (!reaches) {
    const authorization = sourceAuthorization ?? (sameAccount ? target.authorization : undefined);
    const { permissions } = await options.authorizer
      .authorize({
        method: "GET",
        url: `${url.pathname}${url.search}`,
        headers: { "x-ms-version": "copy", ...(url.searchParams.has("sig") ? {} : { authorization }) },
        account,
        resource,
        path: blobPath(url.pathname),
        query: url.searchParams,
      })
      .catch((error: unknown) => {
        throw error instanceof StorageError ? unverifiable(error.message, error.status) : error;
      });
    if (!permissions.includes("r"))
      throw unverifiable("The source may not be read with this permission.", 403);
  }
  const rest = withoutSignature(url.search.slice(1));
  // Within one account Azurite asks for no signature; across accounts it keeps what it is given.
  const signature = sameAccount ? "" : options.sign(account, { permissions: "r", resourceTypes: "o" });
  const query = [rest, signature].filter((part) => part !== "").join("&");
  return `http://127.0.0.1:${options.azurite.port}/${account}${url.pathname}${query === "" ? "" : `?${query}`}`;
}

/** The address that a client knows, of one at Azurite, without a signature. */
export function publicAddress(azuriteAddress: string): string {
  const [, account, path, query] =
    /^http:\/\/127\.0\.0\.1:\d+\/([^/?]+)([^?]*)\??(.*)$/s.exec(azuriteAddress) ?? [];
  if (account === undefined) return azuriteAddress;
  const rest = withoutSignature(query ?? "");
  return `https://${account}.blob.core.windows.net${path ?? ""}${rest === "" ? "" : `?${rest}`}`;
}

function parse(source: string): URL {
  try {
    return new URL(source);
  } catch {
    throw new StorageError(
      400,
      "InvalidHeaderValue",
      "The value for one of the HTTP headers is not in the correct format: x-ms-copy-source.",
    );
  }
}

function unverifiable(message: string, status = 404): StorageError {
  return new StorageError(status, "CannotVerifyCopySource", message);
}
