import type { TokenCredential } from "@azure/identity";
import { cloud } from "./cloud";
import { credential } from "./credential";

/** The claims of an Entra token that say who it was given to. */
interface Claims {
  readonly upn?: string;
  readonly preferred_username?: string;
  readonly unique_name?: string;
  readonly app_displayname?: string;
  readonly appid?: string;
  readonly oid?: string;
}

/** Who the package acts as, in a word that people know them by; nothing of the token itself. */
export async function principal(signIn: TokenCredential = credential()): Promise<string> {
  const token = await signIn.getToken((await cloud()).resourceManagerScope);
  return token === null ? "unknown" : principalOf(token.token);
}

/** A person's name of sign-in; an application's name, or its client id; the object id where there is neither. */
export function principalOf(token: string): string {
  let claims: Claims;
  try {
    claims = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString("utf8")) as Claims;
  } catch {
    return "unknown";
  }
  const { upn, preferred_username, unique_name, app_displayname, appid, oid } = claims;
  return (
    upn ??
    preferred_username ??
    unique_name ??
    app_displayname ??
    (appid && `app ${appid}`) ??
    oid ??
    "unknown"
  );
}
