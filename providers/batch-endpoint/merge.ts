import { mergeCommon, observedCommon, writableBody } from "../endpoint/merge";
import { present } from "../inputs";
import type { BatchSettings, LiveBatchEndpoint } from "./types";

/** The part of a batch endpoint that a PUT may carry. A PUT replaces all of it: what it leaves out is lost, the default deployment too. */
export function writable(live: LiveBatchEndpoint): LiveBatchEndpoint {
  const { authMode, description, defaults, properties } = live.properties;
  return writableBody(live, { authMode, description, defaults, properties });
}

/**
 * The endpoint with the declared settings put over it. What is not declared stays as it is live: the default deployment, tags of others.
 *
 * @param was what the program declared before: a tag that it names no longer is taken away
 */
export function merge(live: LiveBatchEndpoint, was: BatchSettings, wish: BatchSettings): LiveBatchEndpoint {
  const base = mergeCommon(writable(live), was, wish);
  return wish.defaultDeployment === undefined ? base : withDefault(base, wish.defaultDeployment);
}

/**
 * The endpoint with another default deployment.
 *
 * @param body what a PUT may carry
 * @param deployment none where it is undefined
 */
export function withDefault(body: LiveBatchEndpoint, deployment: string | undefined): LiveBatchEndpoint {
  const defaults = present({ ...body.properties.defaults, deploymentName: deployment });
  return { ...body, properties: { ...body.properties, defaults } };
}

/** What a refresh shows: the live values of what the program declares. */
export function observed<T extends BatchSettings>(live: LiveBatchEndpoint, declared: T): T {
  return present({
    ...declared,
    ...observedCommon(writable(live), declared),
    defaultDeployment: declared.defaultDeployment && (defaultOf(live) ?? ""),
  });
}

/** Name of the deployment that calls go to which name none. */
export function defaultOf(live: LiveBatchEndpoint): string | undefined {
  return live.properties.defaults?.deploymentName || undefined;
}
