import { createHmac, hkdfSync } from "node:crypto";
import type { Secrets } from "../state";

/** What a user delegation key was given for; the fields of a SAS that repeat it. */
export interface DelegationKeyFields {
  readonly skoid: string;
  readonly sktid: string;
  readonly skt: string;
  readonly ske: string;
  readonly sks: string;
  readonly skv: string;
}

/** Keys of storage accounts: made from this machine's secret and the account's name, so that nothing has to be kept. */
export interface AccountKeys {
  /** The account's two access keys, base64, as `listKeys` gives them. */
  accessKeys(account: string): readonly [string, string];
  /** The value of a user delegation key, base64. */
  delegationKey(account: string, fields: DelegationKeyFields): string;
}

export function createAccountKeys(secrets: Pick<Secrets, "adminSecret">): AccountKeys {
  const derive = (purpose: string): Buffer =>
    Buffer.from(hkdfSync("sha256", secrets.adminSecret, "", `storage account ${purpose}`, 64));
  return {
    accessKeys: (account) => [
      derive(`${account} key1`).toString("base64"),
      derive(`${account} key2`).toString("base64"),
    ],
    delegationKey: (account, { skoid, sktid, skt, ske, sks, skv }) =>
      createHmac("sha256", derive(`${account} delegation`))
        .update([skoid, sktid, skt, ske, sks, skv].join("\n"))
        .digest("base64"),
  };
}
