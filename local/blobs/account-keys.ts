import { createHmac, hkdfSync } from "node:crypto";
import type { Store } from "../arm/store";
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

export type KeyName = "key1" | "key2";

/** Where it is kept how often keys were regenerated: beside ARM's ids, which begin with a slash. */
const FOLDER = "storage-keys/";

/** Keys of storage accounts: made from this machine's secret, the account's name and how often they were regenerated. */
export interface AccountKeys {
  /** The account's two access keys, base64, as `listKeys` gives them. */
  accessKeys(account: string): readonly [string, string];
  /** Another key in its place: what the old one signed is taken no more. */
  regenerate(account: string, key: KeyName): Promise<void>;
  /** The value of a user delegation key, base64. */
  delegationKey(account: string, fields: DelegationKeyFields): string;
}

export function createAccountKeys(secrets: Pick<Secrets, "adminSecret">, store: Store): AccountKeys {
  const derive = (purpose: string): Buffer =>
    Buffer.from(hkdfSync("sha256", secrets.adminSecret, "", `storage account ${purpose}`, 64));
  const times = (account: string): Readonly<Partial<Record<KeyName, number>>> =>
    (store.get(FOLDER + account)?.internal ?? {}) as Partial<Record<KeyName, number>>;
  const accessKey = (account: string, key: KeyName): string => {
    const count = times(account)[key] ?? 0;
    return derive(`${account} ${key}${count === 0 ? "" : ` ${count}`}`).toString("base64");
  };
  return {
    accessKeys: (account) => [accessKey(account, "key1"), accessKey(account, "key2")],
    regenerate: async (account, key) => {
      const before = times(account);
      const internal = { ...before, [key]: (before[key] ?? 0) + 1 };
      await store.put({ id: FOLDER + account, body: {}, internal });
    },
    delegationKey: (account, { skoid, sktid, skt, ske, sks, skv }) =>
      createHmac("sha256", derive(`${account} delegation`))
        .update([skoid, sktid, skt, ske, sks, skv].join("\n"))
        .digest("base64"),
  };
}
