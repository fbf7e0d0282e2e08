import { TENANT_ID } from "../cloud";
import { sameSecret } from "../identity/same-secret";
import type { AccountKeys, DelegationKeyFields } from "./account-keys";
import type { BlobPath } from "./blob-path";
import { oldestSasVersion, sasSignature, type SasKind } from "./sas-signature";
import { StorageError } from "./storage-error";

/** Azure Machine Learning itself, on whose behalf the local Azure signs what `containerSas` hands out. */
const machineLearningService = "10ca1a2e-0000-4000-8000-000000000005";
const issuedVersion = "2023-11-03";

/** What a verified shared access signature allows. */
export interface SasGrant {
  readonly kind: SasKind;
  /** Permission letters, as `sp` holds them. */
  readonly permissions: string;
  /** Whose rights bound it; undefined when the account's key or Azure Machine Learning itself signed it. */
  readonly onBehalfOf: string | undefined;
  /** Resource types of an account SAS (`s`, `c`, `o`); undefined for one that is bound to a container or blob. */
  readonly resourceTypes: string | undefined;
}

/**
 * Signs a shared access signature for a container or, where `blob` is given, one blob: a user delegation SAS of the Machine Learning
 * service, which holds where an account allows no shared keys, too. Returns the query without its question mark.
 *
 * @param permissions letters in Azure's order, from `racwdl`
 */
export function containerSas(
  keys: AccountKeys,
  place: { readonly account: string; readonly container: string; readonly blob?: string },
  permissions: string,
  expiresOn: Date,
): string {
  const now = instant(new Date(Date.now() - 5 * 60_000));
  const expiry = instant(expiresOn);
  const fields: DelegationKeyFields = {
    skoid: machineLearningService,
    sktid: TENANT_ID,
    skt: now,
    ske: expiry,
    sks: "b",
    skv: issuedVersion,
  };
  const parameters = new URLSearchParams({
    sv: issuedVersion,
    st: now,
    se: expiry,
    sr: place.blob === undefined ? "c" : "b",
    sp: permissions,
    spr: "https",
    ...fields,
  });
  const key = keys.delegationKey(place.account, fields);
  parameters.set(
    "sig",
    sasSignature("userDelegation", parameters, key, signedPlace(place.account, place.container, place.blob)),
  );
  return parameters.toString();
}

/**
 * Checks signature, times, protocol and resource of the query's shared access signature. What its permissions allow, Azurite checks:
 * the front passes them on to it.
 *
 * @throws StorageError
 */
export function verifySas(
  keys: AccountKeys,
  account: string,
  path: BlobPath,
  parameters: URLSearchParams,
  now: Date,
): SasGrant {
  const kind = kindOf(parameters);
  refuseUnknown(parameters);
  const resource = parameters.get("sr");
  const place = signedPlace(account, path.container, resource === "b" ? path.blob : undefined);
  const expected = signingKeys(kind, keys, account, parameters).map((key) =>
    sasSignature(kind, parameters, key, place),
  );
  const signature = parameters.get("sig") ?? "";
  if (!expected.some((one) => sameSecret(signature, one))) throw failed("Signature did not match.");
  checkTimes(parameters.get("st"), parameters.get("se"), now);
  if (kind === "userDelegation") checkTimes(parameters.get("skt"), parameters.get("ske"), now);
  if (kind !== "account" && (path.container === "" || (resource === "b" && path.blob === "")))
    throw failed("The signature's resource is not the one that was asked for.");
  const delegate = parameters.get("skoid");
  return {
    kind,
    permissions: parameters.get("sp") ?? "",
    onBehalfOf: delegate === null || delegate === machineLearningService ? undefined : delegate,
    resourceTypes: kind === "account" ? (parameters.get("srt") ?? "") : undefined,
  };
}

/** A moment as signatures hold it: `2026-11-23T22:00:00Z`. */
export function instant(date: Date): string {
  return `${date.toISOString().slice(0, 19)}Z`;
}

function kindOf(parameters: URLSearchParams): SasKind {
  if (parameters.has("ss")) return "account";
  return parameters.has("skoid") ? "userDelegation" : "service";
}

function signingKeys(
  kind: SasKind,
  keys: AccountKeys,
  account: string,
  parameters: URLSearchParams,
): readonly string[] {
  if (kind !== "userDelegation") return keys.accessKeys(account);
  const field = (name: keyof DelegationKeyFields): string => parameters.get(name) ?? "";
  return [
    keys.delegationKey(account, {
      skoid: field("skoid"),
      sktid: field("sktid"),
      skt: field("skt"),
      ske: field("ske"),
      sks: field("sks"),
      skv: field("skv"),
    }),
  ];
}

/** What this would otherwise have to guess at. */
function refuseUnknown(parameters: URLSearchParams): void {
  const version = parameters.get("sv") ?? "";
  if (version < oldestSasVersion)
    throw failed(
      `The local Azure takes shared access signatures of sv ${oldestSasVersion} and later, not '${version}'.`,
    );
  const unknown = ["si", "srh", "srq", "saoid", "suoid", "sduoid"].find((name) => parameters.has(name));
  if (unknown !== undefined)
    throw failed(`The local Azure takes no shared access signatures with '${unknown}'.`);
  const resource = parameters.get("sr");
  if (!parameters.has("ss") && resource !== "c" && resource !== "b")
    throw failed(
      `The local Azure takes shared access signatures of a container (sr=c) or blob (sr=b), not sr=${resource ?? ""}.`,
    );
  if (parameters.has("ss") && !parameters.get("ss")?.includes("b"))
    throw new StorageError(
      403,
      "AuthorizationServiceMismatch",
      "This request is not authorized to perform this operation using this service.",
    );
  if (!/^https(,http)?$/.test(parameters.get("spr") ?? "https"))
    throw new StorageError(
      403,
      "AuthorizationProtocolMismatch",
      "This request is not authorized to perform this operation using this protocol.",
    );
  if ((parameters.get("sip") ?? "127.0.0.1") !== "127.0.0.1")
    throw new StorageError(
      403,
      "AuthorizationSourceIPMismatch",
      "This request is not authorized to perform this operation using this source IP 127.0.0.1.",
    );
}

function checkTimes(start: string | null, expiry: string | null, now: Date): void {
  const from = start === null || start === "" ? Number.NEGATIVE_INFINITY : Date.parse(start);
  const to = Date.parse(expiry ?? "");
  if (from <= now.getTime() && now.getTime() < to) return;
  throw failed(
    `Signature not valid in the specified time frame: Start [${start ?? ""}] - Expiry [${expiry ?? ""}] - Current [${now.toUTCString()}]`,
  );
}

function signedPlace(
  account: string,
  container: string,
  blob?: string,
): { account: string; resource: string } {
  return { account, resource: `/blob/${account}/${container}${blob === undefined ? "" : `/${blob}`}` };
}

function failed(detail: string): StorageError {
  return new StorageError(
    403,
    "AuthenticationFailed",
    `Server failed to authenticate the request. Make sure the value of Authorization header is formed correctly including the signature. ${detail}`,
  );
}
