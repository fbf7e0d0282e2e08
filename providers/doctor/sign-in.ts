import type { CredentialDescription } from "../clients/credential-plan";
import { ok, problem, type Finding } from "./finding";

/** Who is signed in, as their token says; nothing of the token itself. */
export interface SignedIn {
  readonly objectId: string;
  readonly tenantId: string;
  readonly clientId?: string;
  /** As role assignments call it. */
  readonly type: "ServicePrincipal" | "User";
}

/** @throws Error where it is no token of Entra's */
export function signedInBy(token: string): SignedIn {
  const claims = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString("utf8")) as Readonly<
    Record<string, string | undefined>
  >;
  const { oid, tid, appid, azp, idtyp, upn, scp } = claims;
  if (oid === undefined || tid === undefined) throw new Error("the token says not whose it is");
  const clientId = appid ?? azp;
  const isPerson = idtyp === "user" || upn !== undefined || scp !== undefined;
  return {
    objectId: oid,
    tenantId: tid,
    ...(clientId === undefined ? {} : { clientId }),
    type: isPerson ? "User" : "ServicePrincipal",
  };
}

export function signInFindings(by: CredentialDescription, who: SignedIn): Finding[] {
  const says = [
    `${by.kind} by ${by.source}`,
    `object id ${who.objectId}`,
    ...(who.clientId === undefined ? [] : [`client id ${who.clientId}`]),
    `tenant ${who.tenantId}`,
    `cloud ${by.cloud}`,
  ].join(", ");
  return [
    by.tenantId !== undefined && isGuid(by.tenantId) && !same(by.tenantId, who.tenantId)
      ? problem("sign-in", `${says}; ${by.tenantId} was asked for`, `ARM_TENANT_ID=${who.tenantId}`)
      : ok("sign-in", says),
  ];
}

/** A tenant may be named by a domain. */
function isGuid(text: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
}

function same(left: string, right: string): boolean {
  return left.toLowerCase() === right.toLowerCase();
}
