import { SUBSCRIPTION_ID } from "../cloud";
import type { AccessControl } from "../identity/principal";
import { rolesAllowing } from "../identity/role-definitions";
import { notAllowed } from "./authorize";
import type { Call, Kernel, Reply } from "./call";
import { setRegistered } from "./registered";
import { checkSubscription, subscriptionReply } from "./subscriptions";

/** POST `/subscriptions/{id}/providers/{namespace}/register` and `…/unregister`; undefined for other requests. */
export async function registrationReply(
  kernel: Kernel,
  access: AccessControl,
  call: Call,
): Promise<Reply | undefined> {
  const [, provider, subscription, namespace, verb] =
    /^(\/subscriptions\/([^/]+)\/providers\/([^/]+))\/(register|unregister)$/i.exec(call.url) ?? [];
  if (call.method !== "POST" || provider === undefined || namespace === undefined) return undefined;
  checkSubscription(String(subscription));
  const action = `${namespace}/${verb}/action`;
  const scope = `/subscriptions/${SUBSCRIPTION_ID}`;
  if (!access.hasRole(call.principal, rolesAllowing(kernel.store, action), scope))
    throw notAllowed(call.principal, action, scope);
  const asGet = { ...call, method: "GET", url: provider };
  // First, for it refuses a namespace that there is not.
  subscriptionReply(kernel, asGet);
  await setRegistered(kernel.store, namespace, verb?.toLowerCase() === "register");
  return subscriptionReply(kernel, asGet);
}
