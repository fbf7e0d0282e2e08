import { ArmError } from "./errors";
import type { Store } from "./store";

/** Namespaces that the subscription is registered for no more: beside ARM's ids, which begin with a slash. */
const FOLDER = "registrations/ended/";

/** Whether a subscription may make resources of a namespace: `Microsoft.Storage`. */
export function isRegistered(store: Store, namespace: string): boolean {
  return store.get(FOLDER + namespace.toLowerCase()) === undefined;
}

export async function setRegistered(store: Store, namespace: string, registered: boolean): Promise<void> {
  const id = FOLDER + namespace.toLowerCase();
  if (registered) await store.delete(id);
  else await store.put({ id, body: {}, internal: {} });
}

/** @throws ArmError as ARM refuses to make what the subscription is not registered for */
export function checkRegistered(store: Store, namespace: string): void {
  if (isRegistered(store, namespace)) return;
  throw new ArmError(
    409,
    "MissingSubscriptionRegistration",
    `The subscription is not registered to use namespace '${namespace}'. See https://aka.ms/rps-not-found for how to register subscriptions.`,
  );
}
