import { createHmac } from "node:crypto";

/**
 * The string that each kind of shared access signature signs: query parameters in the order of Microsoft's documentation
 * (https://learn.microsoft.com/rest/api/storageservices/create-service-sas, create-user-delegation-sas and create-account-sas), for
 * `sv` 2020-12-06 and later. `resource` is the canonical resource, `account` the account's name.
 */
export type SasKind = "service" | "userDelegation" | "account";

/** The first version with encryption scopes: before it, other strings are signed. */
export const oldestSasVersion = "2020-12-06";
/** Versions from here on sign more fields of a user delegation SAS than this one's list. */
const delegatedUserVersion = "2025-07-05";
const requestBoundVersion = "2026-04-06";

const responseFields = ["rscc", "rscd", "rsce", "rscl", "rsct"];
const delegationFields = ["skoid", "sktid", "skt", "ske", "sks", "skv", "saoid", "suoid", "scid"];

export function sasSignature(
  kind: SasKind,
  parameters: URLSearchParams,
  key: string,
  place: { readonly account: string; readonly resource: string },
): string {
  const version = parameters.get("sv") ?? "";
  const text = fields(kind, version)
    .map((field) =>
      field === "account"
        ? place.account
        : field === "resource"
          ? place.resource
          : (parameters.get(field) ?? ""),
    )
    .join("\n");
  return createHmac("sha256", Buffer.from(key, "base64")).update(text).digest("base64");
}

function fields(kind: SasKind, version: string): string[] {
  switch (kind) {
    case "account":
      // The last one is empty: the string ends in a line feed.
      return ["account", "sp", "ss", "srt", "st", "se", "sip", "spr", "sv", "ses", ""];
    case "service":
      return [
        "sp",
        "st",
        "se",
        "resource",
        "si",
        "sip",
        "spr",
        "sv",
        "sr",
        "snapshot",
        "ses",
        ...responseFields,
      ];
    case "userDelegation":
      return [
        ...["sp", "st", "se", "resource", ...delegationFields],
        ...(version >= delegatedUserVersion ? ["skdutid", "sduoid"] : []),
        ...["sip", "spr", "sv", "sr", "snapshot", "ses"],
        ...(version >= requestBoundVersion ? ["srh", "srq"] : []),
        ...responseFields,
      ];
  }
}
