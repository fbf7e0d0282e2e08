import { present } from "../inputs";
import type { EndpointIdentity, EndpointSettings, LiveEndpoint } from "./types";

type Traffic = Readonly<Record<string, number>>;

/** The part of an endpoint that a PUT may carry. A PUT replaces all of it: what it leaves out is lost, live traffic too. */
export function writable(live: LiveEndpoint): LiveEndpoint {
  const { authMode, publicNetworkAccess, description, traffic, mirrorTraffic, compute, properties } =
    live.properties;
  return present({
    location: live.location,
    kind: live.kind,
    sku: live.sku,
    tags: live.tags ?? {},
    identity:
      live.identity &&
      identityBody(live.identity.type, Object.keys(live.identity.userAssignedIdentities ?? {})),
    properties: present({
      authMode,
      publicNetworkAccess,
      description,
      traffic: withoutZeros(traffic),
      mirrorTraffic: withoutZeros(mirrorTraffic),
      compute,
      properties,
    }),
  });
}

/**
 * The endpoint with the declared settings put over it. What is not declared stays as it is live: traffic that a rollout moved, tags
 * of others.
 *
 * @param was what the program declared before: a tag that it names no longer is taken away
 */
export function merge(live: LiveEndpoint, was: EndpointSettings, wish: EndpointSettings): LiveEndpoint {
  const base = writable(live);
  const foreign = Object.entries(base.tags ?? {}).filter(([key]) => !(key in (was.tags ?? {})));
  return present({
    ...base,
    tags: { ...Object.fromEntries(foreign), ...wish.tags },
    identity: wish.identity === undefined ? base.identity : identityOf(wish.identity),
    properties: present({
      ...base.properties,
      authMode: wish.authMode ?? base.properties.authMode,
      publicNetworkAccess: wish.publicNetworkAccess ?? base.properties.publicNetworkAccess,
      description:
        wish.description ?? (was.description === undefined ? base.properties.description : undefined),
      traffic: wish.traffic === undefined ? base.properties.traffic : withoutZeros(wish.traffic),
    }),
  });
}

/**
 * The traffic when some deployments are to get none: what they had goes to the others that have some, in proportion, so that the
 * endpoint answers on; without others nothing has traffic. In total 0 or 100, as Azure wants it.
 */
export function withdraw(live: Traffic, deployments: readonly string[]): Traffic {
  const rest = Object.entries(live).filter(([name, percent]) => percent > 0 && !deployments.includes(name));
  const total = rest.reduce((sum, [, percent]) => sum + percent, 0);
  const shares = rest.map(([name, percent]) => [name, Math.floor((percent * 100) / total)] as const);
  const left = 100 - shares.reduce((sum, [, percent]) => sum + percent, 0);
  return Object.fromEntries(
    shares.map(([name, percent], index) => [name, percent + (index === 0 ? left : 0)]),
  );
}

/** What a refresh shows: the live values of what the program declares. */
export function observed<T extends EndpointSettings>(live: LiveEndpoint, declared: T): T {
  const { properties, tags = {}, identity } = writable(live);
  return present({
    ...declared,
    authMode: declared.authMode && properties.authMode,
    publicNetworkAccess: declared.publicNetworkAccess && properties.publicNetworkAccess,
    description: declared.description && properties.description,
    tags:
      declared.tags &&
      Object.fromEntries(Object.entries(tags).filter(([key]) => key in (declared.tags ?? {}))),
    identity: declared.identity && identity && observedIdentity(identity, declared.identity),
    traffic: declared.traffic && { ...zerosOf(declared.traffic), ...properties.traffic },
  });
}

/** ARM writes ids in a case of its own: the declared spelling stays where it is the same identity. */
function observedIdentity(
  live: NonNullable<LiveEndpoint["identity"]>,
  declared: EndpointIdentity,
): EndpointIdentity {
  const spelled = new Map((declared.userAssignedIdentities ?? []).map((id) => [id.toLowerCase(), id]));
  const ids = Object.keys(live.userAssignedIdentities ?? {}).map((id) => spelled.get(id.toLowerCase()) ?? id);
  return {
    type: live.type as EndpointIdentity["type"],
    ...(ids.length === 0 ? {} : { userAssignedIdentities: ids }),
  };
}

function identityOf({ type, userAssignedIdentities = [] }: EndpointIdentity): LiveEndpoint["identity"] {
  return identityBody(type, userAssignedIdentities);
}

function identityBody(type: string, ids: readonly string[]): LiveEndpoint["identity"] {
  if (ids.length === 0) return { type };
  return { type, userAssignedIdentities: Object.fromEntries(ids.map((id) => [id, {}])) };
}

function withoutZeros(traffic: Traffic = {}): Traffic {
  return Object.fromEntries(Object.entries(traffic).filter(([, percent]) => percent > 0));
}

function zerosOf(traffic: Traffic): Traffic {
  return Object.fromEntries(Object.entries(traffic).filter(([, percent]) => percent === 0));
}
