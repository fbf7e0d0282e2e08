import { TENANT_ID } from "../cloud";
import type { AccessControl, Principal } from "../identity/principal";
import { ROLES } from "../identity/roles";
import type { AccountKeys } from "./account-keys";
import { instant } from "./sas";
import { escapeXml, StorageError } from "./storage-error";

const version = "2023-11-03";
const longest = 7 * 24 * 60 * 60_000;

/** Those whose role has `generateUserDelegationKey/action`. */
export const delegators = [
  ROLES.Owner,
  ROLES.Contributor,
  ROLES["Storage Blob Data Owner"],
  ROLES["Storage Blob Data Contributor"],
  ROLES["Storage Blob Data Reader"],
  ROLES["Storage Blob Delegator"],
];

/**
 * Answers Get User Delegation Key: a key that signs in the caller's name, for a week at most.
 *
 * @param body `<KeyInfo><Start>…</Start><Expiry>…</Expiry></KeyInfo>`
 * @throws StorageError
 */
export function userDelegationKey(
  keys: AccountKeys,
  access: AccessControl,
  account: { readonly name: string; readonly id: string },
  principal: Principal,
  body: string,
): string {
  if (!access.hasRole(principal, delegators, account.id)) {
    throw new StorageError(
      403,
      "AuthorizationPermissionMismatch",
      "This request is not authorized to perform this operation using this permission.",
    );
  }
  const start = moment(body, "Start") ?? new Date();
  const expiry = moment(body, "Expiry");
  if (expiry === undefined || expiry <= start || expiry.getTime() > Date.now() + longest) {
    throw new StorageError(
      400,
      "InvalidXmlNodeValue",
      "The value for one of the XML nodes is not in the correct format: Expiry must come after Start and within seven days.",
    );
  }
  const fields = {
    skoid: principal.objectId,
    sktid: TENANT_ID,
    skt: instant(start),
    ske: instant(expiry),
    sks: "b",
    skv: version,
  };
  return (
    '<?xml version="1.0" encoding="utf-8"?><UserDelegationKey>' +
    `<SignedOid>${escapeXml(fields.skoid)}</SignedOid><SignedTid>${fields.sktid}</SignedTid>` +
    `<SignedStart>${fields.skt}</SignedStart><SignedExpiry>${fields.ske}</SignedExpiry>` +
    `<SignedService>${fields.sks}</SignedService><SignedVersion>${fields.skv}</SignedVersion>` +
    `<Value>${keys.delegationKey(account.name, fields)}</Value></UserDelegationKey>`
  );
}

function moment(body: string, name: string): Date | undefined {
  const text = new RegExp(`<${name}>([^<]+)</${name}>`).exec(body)?.[1];
  const time = Date.parse(text ?? "");
  return Number.isNaN(time) ? undefined : new Date(time);
}
