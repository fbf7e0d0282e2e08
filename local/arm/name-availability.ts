import { SUBSCRIPTION_ID } from "../cloud";
import type { AccessControl } from "../identity/principal";
import { rolesAllowing } from "../identity/role-definitions";
import type { Json } from "../json";
import { notAllowed } from "./authorize";
import type { Call, Kernel, Reply } from "./call";
import { ArmError } from "./errors";
import { checkApiVersion } from "./lookup";
import { isObject, stringAt } from "./objects";
import { lastName } from "./path";
import type { Store } from "./store";
import { checkSubscription } from "./subscriptions";

interface Named {
  /** Resource type of what has names that are unique in the world. */
  readonly type: string;
  readonly valid: RegExp;
  /** Of an answer for a name that is none. */
  readonly invalid: string;
  readonly rule: string;
}

const VAULTS = "Microsoft.KeyVault/vaults";
const DELETED_VAULTS = "Microsoft.KeyVault/locations/deletedVaults";

const NAMED: readonly Named[] = [
  {
    type: "Microsoft.Storage/storageAccounts",
    valid: /^[a-z0-9]{3,24}$/,
    invalid: "AccountNameInvalid",
    rule: "is not a valid storage account name. Storage account name must be between 3 and 24 characters in length and use numbers and lower-case letters only.",
  },
  {
    type: VAULTS,
    valid: /^[a-z](?!.*--)[a-z0-9-]{1,22}[a-z0-9]$/i,
    invalid: "AccountNameInvalid",
    rule: "is not a valid vault name. A vault's name must be between 3-24 alphanumeric characters. The name must begin with a letter, end with a letter or digit, and not contain consecutive hyphens.",
  },
  {
    type: "Microsoft.ContainerRegistry/registries",
    valid: /^[a-z0-9]{5,50}$/i,
    invalid: "Invalid",
    rule: "is invalid. Resource names may contain alpha numeric characters only and must be between 5 and 50 characters.",
  },
];

/** POST `/subscriptions/{id}/providers/{namespace}/checkNameAvailability`; undefined for other requests. */
export function nameAvailabilityReply(kernel: Kernel, access: AccessControl, call: Call): Reply | undefined {
  const [, subscription, namespace] =
    /^\/subscriptions\/([^/]+)\/providers\/([^/]+)\/checknameavailability$/i.exec(call.url) ?? [];
  if (call.method !== "POST" || subscription === undefined || namespace === undefined) return undefined;
  const named = NAMED.find(({ type }) => type.toLowerCase().startsWith(`${namespace.toLowerCase()}/`));
  if (named === undefined) return undefined;
  checkSubscription(subscription);
  const row = kernel.types.get(named.type.toLowerCase());
  if (row !== undefined) checkApiVersion(row, call.query["api-version"]);
  const action = `${named.type.split("/")[0]}/checkNameAvailability/read`;
  const scope = `/subscriptions/${SUBSCRIPTION_ID}`;
  if (!access.hasRole(call.principal, rolesAllowing(kernel.store, action), scope))
    throw notAllowed(call.principal, action, scope);
  return { status: 200, body: availability(kernel.store, named, nameIn(call.body, named)) };
}

function nameIn(body: Json | undefined, { type }: Named): string {
  const name = isObject(body) ? stringAt(body, "name") : undefined;
  if (!isObject(body) || name === undefined || stringAt(body, "type")?.toLowerCase() !== type.toLowerCase())
    throw new ArmError(400, "BadRequest", `The request needs a name, and '${type}' as its type.`);
  return name;
}

function availability(store: Store, named: Named, name: string) {
  if (!named.valid.test(name))
    return { nameAvailable: false, reason: named.invalid, message: `${name} ${named.rule}` };
  // A vault that was deleted keeps its name until it is purged.
  const types = [named.type, ...(named.type === VAULTS ? [DELETED_VAULTS] : [])];
  const taken = store
    .list("/subscriptions/")
    .some(
      ({ id, body }) =>
        types.includes(String(body["type"])) && lastName(id).toLowerCase() === name.toLowerCase(),
    );
  return taken
    ? { nameAvailable: false, reason: "AlreadyExists", message: `The name ${name} is already taken.` }
    : { nameAvailable: true };
}
