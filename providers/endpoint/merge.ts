import { present } from "../inputs";
import type { CommonSettings, EndpointBody, EndpointIdentity } from "./types";

type Identity = EndpointBody<unknown>["identity"];

interface Described {
  readonly description?: string;
}

/**
 * The part of an endpoint that a PUT may carry. A PUT replaces all of it: what it leaves out is lost.
 *
 * @param properties those of the kind of endpoint
 */
export function writableBody<P extends object>(live: EndpointBody<unknown>, properties: P): EndpointBody<P> {
  return present({
    location: live.location,
    kind: live.kind,
    sku: live.sku,
    tags: live.tags ?? {},
    identity:
      live.identity &&
      identityBody(live.identity.type, Object.keys(live.identity.userAssignedIdentities ?? {})),
    properties: present(properties),
  });
}

/**
 * The body with the declared settings put over it. What is not declared stays as it is live: tags of others.
 *
 * @param was what the program declared before: a tag that it names no longer is taken away
 */
export function mergeCommon<P extends Described>(
  base: EndpointBody<P>,
  was: CommonSettings,
  wish: CommonSettings,
): EndpointBody<P> {
  const foreign = Object.entries(base.tags ?? {}).filter(([key]) => !(key in (was.tags ?? {})));
  const description =
    wish.description ?? (was.description === undefined ? base.properties.description : undefined);
  return present({
    ...base,
    tags: { ...Object.fromEntries(foreign), ...wish.tags },
    identity: wish.identity === undefined ? base.identity : identityOf(wish.identity),
    properties: present({ ...base.properties, description }),
  });
}

/** What a refresh shows: the live values of what the program declares. */
export function observedCommon(
  { properties, tags = {}, identity }: EndpointBody<Described>,
  declared: CommonSettings,
): CommonSettings {
  return {
    description: declared.description && properties.description,
    tags:
      declared.tags &&
      Object.fromEntries(Object.entries(tags).filter(([key]) => key in (declared.tags ?? {}))),
    identity: declared.identity && identity && observedIdentity(identity, declared.identity),
  };
}

/** ARM writes ids in a case of its own: the declared spelling stays where it is the same identity. */
function observedIdentity(live: NonNullable<Identity>, declared: EndpointIdentity): EndpointIdentity {
  const spelled = new Map((declared.userAssignedIdentities ?? []).map((id) => [id.toLowerCase(), id]));
  const ids = Object.keys(live.userAssignedIdentities ?? {}).map((id) => spelled.get(id.toLowerCase()) ?? id);
  return {
    type: live.type as EndpointIdentity["type"],
    ...(ids.length === 0 ? {} : { userAssignedIdentities: ids }),
  };
}

function identityOf({ type, userAssignedIdentities = [] }: EndpointIdentity): Identity {
  return identityBody(type, userAssignedIdentities);
}

function identityBody(type: string, ids: readonly string[]): Identity {
  if (ids.length === 0) return { type };
  return { type, userAssignedIdentities: Object.fromEntries(ids.map((id) => [id, {}])) };
}
