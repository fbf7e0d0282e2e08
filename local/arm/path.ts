/** One `/providers/{namespace}/{type}/{name}/…` of an ARM path. */
export interface ProviderPath {
  readonly namespace: string;
  /** As many as names, or one more: a collection, or what a POST asks for (`listKeys`). */
  readonly types: readonly string[];
  readonly names: readonly string[];
}

/** What the path of an ARM request says. Case is kept as it was written; ARM does not distinguish it. */
export interface ArmPath {
  readonly subscription: string | undefined;
  readonly resourceGroup: string | undefined;
  /** The last is what the request is about, those before it are its scope (a lock on a vault has two). */
  readonly providers: readonly ProviderPath[];
}

/**
 * Takes `/subscriptions/{s}/resourceGroups/{g}/providers/{namespace}/{type}/{name}…` apart; every part after the first may be
 * absent. Undefined for what is no such path. Names are decoded.
 */
export function parseArmPath(path: string): ArmPath | undefined {
  const segments = decode(path);
  if (segments === undefined) return undefined;
  let at = 0;
  const take = (keyword: string): string | undefined => {
    if (segments[at]?.toLowerCase() !== keyword) return undefined;
    const value = segments[at + 1];
    if (value === undefined) return undefined;
    at += 2;
    return value;
  };
  const subscription = take("subscriptions");
  const resourceGroup = subscription === undefined ? undefined : take("resourcegroups");
  const providers: ProviderPath[] = [];
  while (at < segments.length) {
    const namespace = take("providers");
    if (namespace === undefined) return undefined;
    const end = segments.findIndex((segment, index) => index >= at && segment.toLowerCase() === "providers");
    const rest = segments.slice(at, end === -1 ? segments.length : end);
    if (end !== -1 && (rest.length === 0 || rest.length % 2 !== 0)) return undefined;
    at += rest.length;
    providers.push({
      namespace,
      types: rest.filter((_, index) => index % 2 === 0),
      names: rest.filter((_, index) => index % 2 === 1),
    });
  }
  return segments.length === 0 ? undefined : { subscription, resourceGroup, providers };
}

/** The path of {@link parseArmPath}'s parts. */
export function formatArmPath({ subscription, resourceGroup, providers }: ArmPath): string {
  const parts: string[] = [];
  if (subscription !== undefined) parts.push("subscriptions", subscription);
  if (resourceGroup !== undefined) parts.push("resourceGroups", resourceGroup);
  for (const { namespace, types, names } of providers) {
    parts.push("providers", namespace);
    types.forEach((type, index) => parts.push(type, ...names.slice(index, index + 1)));
  }
  return parts.map((part) => `/${part}`).join("");
}

/** `Microsoft.Storage/storageAccounts/blobServices`: the type of the last provider part; undefined above providers. */
export function typeOf(path: ArmPath): string | undefined {
  const last = path.providers.at(-1);
  return last === undefined || last.types.length === 0
    ? undefined
    : [last.namespace, ...last.types].join("/");
}

/** Whether the last part names one resource, not a collection of them or an action. */
export function isResource(path: ArmPath): boolean {
  const last = path.providers.at(-1);
  return last !== undefined && last.types.length > 0 && last.types.length === last.names.length;
}

/** The resource that a collection or an action hangs on, or a child's parent; the scope, when there is none in the same provider. */
export function parentOf(path: ArmPath): ArmPath {
  const last = path.providers.at(-1);
  if (last === undefined) return { ...path, resourceGroup: undefined };
  const above = path.providers.slice(0, -1);
  const keep = last.types.length - 1;
  if (keep < 1) return { ...path, providers: above };
  return {
    ...path,
    providers: [
      ...above,
      { namespace: last.namespace, types: last.types.slice(0, keep), names: last.names.slice(0, keep) },
    ],
  };
}

/** The last part of a resource's id. */
export function lastName(id: string): string {
  return id.slice(id.lastIndexOf("/") + 1);
}

function decode(path: string): string[] | undefined {
  try {
    const segments = path.split("/").map(decodeURIComponent);
    if (segments[0] === "") segments.shift();
    if (segments.at(-1) === "") segments.pop();
    return segments.some((segment) => segment === "" || segment.includes("/")) ? undefined : segments;
  } catch {
    return undefined;
  }
}
