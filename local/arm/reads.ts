import type { Kernel, Reply, TypedCall } from "./call";
import { resourceGroupNotFound, resourceNotFound } from "./errors";
import { lastName, isResource } from "./path";
import { RESOURCE_GROUPS } from "./lookup";
import { type Arm, type ResourceTypes, rowOf } from "./resource-type";
import type { StoredResource } from "./store";

/** What pollers wait between two looks, in milliseconds. Azure's `Retry-After` counts seconds. */
export const POLL_EVERY = 50;

/** Members of a page, when the client does not say how many. */
const PAGE = 200;

export function get(kernel: Kernel, call: TypedCall): Reply {
  if (!isResource(call.path) && call.path.providers.length > 0) return list(kernel, call);
  const resource = existing(kernel, call);
  const { internal } = resource;
  // Some pollers look at the resource itself.
  const underWay = internal["operation"] !== undefined;
  return {
    status: 200,
    body: shown(kernel, resource).body,
    ...(underWay ? { headers: { "x-ms-retry-after-ms": String(POLL_EVERY) } } : {}),
  };
}

/** The resource with its body as clients see it. */
export function shown(
  arm: Arm & { readonly types: ResourceTypes },
  resource: StoredResource,
): StoredResource {
  const body = rowOf(arm.types, resource)?.shown?.(arm, resource);
  return body === undefined ? resource : { ...resource, body };
}

export function head(kernel: Kernel, call: TypedCall): Reply {
  return { status: find(kernel, call) === undefined ? 404 : 204 };
}

/** The resource that the call is about. @throws ArmError when it is not there. */
export function existing(kernel: Kernel, call: TypedCall): StoredResource {
  const found = find(kernel, call);
  if (found !== undefined) return found;
  if (call.row.type === RESOURCE_GROUPS) throw resourceGroupNotFound(lastName(call.id));
  const names = call.path.providers.at(-1)?.names ?? [];
  throw resourceNotFound(call.row.type, names.join("/"), call.path.resourceGroup);
}

export function find(kernel: Kernel, { row, id }: TypedCall): StoredResource | undefined {
  return kernel.store.get(id) ?? row.implied?.(kernel, id);
}

function list(kernel: Kernel, call: TypedCall): Reply {
  const { row, id, query } = call;
  const type = row.type.toLowerCase();
  const members =
    row.collect?.(kernel, id, query) ??
    kernel.store.list(`${id}/`).filter(({ body }) => String(body["type"]).toLowerCase() === type);
  return page(
    call,
    (row.listed?.(members, query) ?? members).map((member) => shown(kernel, member)),
  );
}

/** `{value, nextLink}`: `$top` members (or 200), and where the next are. */
export function page(
  call: Pick<TypedCall, "origin" | "url" | "query">,
  members: readonly StoredResource[],
): Reply {
  const from = Number(call.query["$skiptoken"] ?? 0) || 0;
  const count = Number(call.query["$top"] ?? PAGE) || PAGE;
  const value = members.slice(from, from + count).map(({ body }) => body);
  if (from + count >= members.length) return { status: 200, body: { value } };
  const query = new URLSearchParams({ ...call.query, $skiptoken: String(from + count) });
  return { status: 200, body: { value, nextLink: `${call.origin}${call.url}?${query.toString()}` } };
}
