import { hkdfSync } from "node:crypto";
import type { Secrets } from "../state";

/**
 * What `IDENTITY_HEADER` holds, 64 hexadecimal digits: made from this machine's secret, which can't be found from it. Clients are given
 * it, and the machine's secret would let them make admin calls and any storage account's keys.
 */
export function identityHeader({ adminSecret }: Pick<Secrets, "adminSecret">): string {
  return Buffer.from(hkdfSync("sha256", adminSecret, "", "managed identity header", 32)).toString("hex");
}
