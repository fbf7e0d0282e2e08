import {
  AccountSASPermissions,
  AccountSASResourceTypes,
  AccountSASServices,
  generateAccountSASQueryParameters,
  StorageSharedKeyCredential,
} from "@azure/storage-blob";
import type { Azurite } from "./azurite";
import type { Grant } from "./authorize";

const hour = 60 * 60_000;

/** Signs what the front passes on to Azurite; returns a query without its question mark. */
export type AzuriteSigner = (account: string, grant: Pick<Grant, "permissions" | "resourceTypes">) => string;

/**
 * Signatures good for one to two hours each, so that few are made; the client never sees them.
 *
 * @param lifetime milliseconds; a shorter one is for signatures that Azurite keeps, and shows again
 */
export function createAzuriteSigner(azurite: Pick<Azurite, "key">, lifetime = 2 * hour): AzuriteSigner {
  const signed = new Map<string, { readonly query: string; readonly until: number }>();
  return (account, { permissions, resourceTypes }) => {
    const name = `${account} ${permissions} ${resourceTypes}`;
    const known = signed.get(name);
    const now = Date.now();
    if (known !== undefined && known.until > now) return known.query;
    const query = generateAccountSASQueryParameters(
      {
        version: "2021-12-02",
        services: AccountSASServices.parse("b").toString(),
        resourceTypes: AccountSASResourceTypes.parse(resourceTypes).toString(),
        permissions: AccountSASPermissions.parse(permissions),
        expiresOn: new Date(now + lifetime),
      },
      new StorageSharedKeyCredential(account, azurite.key),
    ).toString();
    signed.set(name, { query, until: now + lifetime / 2 });
    return query;
  };
}

const signatureParameters = new Set(
  "sv ss srt sr sp st se sip spr sig si ses sdd skoid sktid skt ske sks skv saoid suoid scid skdutid sduoid srh srq".split(
    " ",
  ),
);

/** The query without any signature: Azurite takes ours alone. Leaves the rest as it was sent. */
export function withoutSignature(query: string): string {
  return query
    .split("&")
    .filter((pair) => pair !== "" && !signatureParameters.has(pair.split("=", 1)[0] ?? ""))
    .join("&");
}
