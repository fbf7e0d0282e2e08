import { mergeCommon, observedCommon, writableBody } from "../endpoint/merge";
import { present } from "../inputs";
import type { EndpointSettings, LiveEndpoint } from "./types";

type Traffic = Readonly<Record<string, number>>;

/** The part of an endpoint that a PUT may carry. A PUT replaces all of it: what it leaves out is lost, live traffic too. */
export function writable(live: LiveEndpoint): LiveEndpoint {
  const { authMode, publicNetworkAccess, description, traffic, mirrorTraffic, compute, properties } =
    live.properties;
  return writableBody(live, {
    authMode,
    publicNetworkAccess,
    description,
    traffic: withoutZeros(traffic),
    mirrorTraffic: withoutZeros(mirrorTraffic),
    compute,
    properties,
  });
}

/**
 * The endpoint with the declared settings put over it. What is not declared stays as it is live: traffic that a rollout moved, tags
 * of others.
 *
 * @param was what the program declared before: a tag that it names no longer is taken away
 */
export function merge(live: LiveEndpoint, was: EndpointSettings, wish: EndpointSettings): LiveEndpoint {
  const base = mergeCommon(writable(live), was, wish);
  const { authMode, publicNetworkAccess, traffic } = base.properties;
  return {
    ...base,
    properties: present({
      ...base.properties,
      authMode: wish.authMode ?? authMode,
      publicNetworkAccess: wish.publicNetworkAccess ?? publicNetworkAccess,
      traffic: wish.traffic === undefined ? traffic : withoutZeros(wish.traffic),
    }),
  };
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
  const body = writable(live);
  const { authMode, publicNetworkAccess, traffic } = body.properties;
  return present({
    ...declared,
    ...observedCommon(body, declared),
    authMode: declared.authMode && authMode,
    publicNetworkAccess: declared.publicNetworkAccess && publicNetworkAccess,
    traffic: declared.traffic && { ...zerosOf(declared.traffic), ...traffic },
  });
}

function withoutZeros(traffic: Traffic = {}): Traffic {
  return Object.fromEntries(Object.entries(traffic).filter(([, percent]) => percent > 0));
}

function zerosOf(traffic: Traffic): Traffic {
  return Object.fromEntries(Object.entries(traffic).filter(([, percent]) => percent === 0));
}
