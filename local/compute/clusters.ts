import type { Exclusive } from "../arm/exclusive";
import type { Store } from "../arm/store";
import { clusterSize, isCluster, withNodes } from "../arm/types/machinelearning/aml-compute";
import { nodeName } from "./node-name";
import {
  nextChange,
  released,
  restingCluster,
  settle,
  targetNodes,
  type Cluster,
  type ClusterSize,
} from "./nodes";

/** Between two looks at the sizes that ARM holds, in the local Azure's own time. */
const EVERY = 5_000;
const SHORTEST = 250;

export interface ClusterOptions {
  readonly store: Store;
  /** One writes to ARM's store at a time. */
  readonly exclusive: Exclusive;
  /** The local Azure's time, milliseconds since 1970, and how many times faster than the machine's it runs. */
  readonly now: () => number;
  readonly speed: number;
  readonly log: (line: string) => void;
}

/** What was asked of a cluster. */
export interface Grant {
  /** Names of the nodes, when all of them are free. @throws Error when the cluster is deleted first, or the claim given up */
  readonly nodes: Promise<readonly string[]>;
  /** Gives them back, or waits for them no longer. */
  release(): void;
}

/** The nodes of all AmlCompute clusters. ARM's record of a cluster shows them. */
export interface Clusters {
  /** Nodes of the cluster (ARM id) for a run, in turn. */
  claim(clusterId: string, runId: string, nodes: number): Grant;
  close(): Promise<void>;
}

interface Waiting {
  readonly resolve: (nodes: readonly string[]) => void;
  readonly reject: (error: Error) => void;
}

interface Held {
  cluster: Cluster;
  readonly waiting: Map<string, Waiting>;
  timer?: NodeJS.Timeout;
}

export function createClusters({ store, exclusive, now, speed, log }: ClusterOptions): Clusters {
  const clusters = new Map<string, Held>();
  let writes: Promise<unknown> = Promise.resolve();
  let closed = false;

  const sizeOf = (id: string): ClusterSize | undefined => {
    const resource = store.get(id);
    return resource !== undefined && isCluster(resource.body) ? clusterSize(resource.body) : undefined;
  };

  /** Brings one cluster to the present moment. */
  const look = (id: string): void => {
    const held = clusters.get(id);
    if (held === undefined || closed) return;
    clearTimeout(held.timer);
    const size = sizeOf(id);
    if (size === undefined) {
      clusters.delete(id);
      for (const { reject } of held.waiting.values()) reject(new Error("The compute cluster was deleted."));
      return;
    }
    held.cluster = settle(held.cluster, size, now());
    for (const [runId, { resolve }] of held.waiting) {
      const own = held.cluster.nodes.filter((node) => node.runId === runId);
      if (own.length === 0) continue;
      held.waiting.delete(runId);
      resolve(own.map(({ number }) => nodeName(number)));
    }
    record(id, held.cluster, size);
    const at = nextChange(held.cluster, size);
    if (at !== undefined) held.timer = setTimeout(() => look(id), Math.max(0, at - now()) / speed + 1);
  };

  const record = (id: string, cluster: Cluster, size: ClusterSize): void => {
    const target = targetNodes(cluster, size);
    writes = writes.then(() =>
      exclusive(async () => {
        const resource = store.get(id);
        if (resource === undefined || !isCluster(resource.body)) return;
        const shown = withNodes(resource, cluster.nodes, target, new Date().toISOString());
        if (shown !== resource) await store.put(shown);
      }).catch((error: unknown) => log(`the nodes of ${id} were not recorded: ${String(error)}`)),
    );
  };

  const hold = (id: string, size: ClusterSize): Held => {
    const known = clusters.get(id);
    if (known !== undefined) return known;
    const held: Held = { cluster: restingCluster(size, now()), waiting: new Map() };
    clusters.set(id, held);
    return held;
  };

  /** Sizes change, clusters come and go, without a word to here. */
  const lookAtAll = (): void => {
    for (const { id, body } of store.list("/subscriptions/").filter(({ body }) => isCluster(body)))
      hold(id.toLowerCase(), clusterSize(body));
    for (const id of clusters.keys()) look(id);
  };
  lookAtAll();
  const timer = setInterval(lookAtAll, Math.max(SHORTEST, EVERY / speed));

  return {
    claim: (clusterId, runId, nodes) => {
      const id = clusterId.toLowerCase();
      const size = sizeOf(id);
      if (size === undefined) {
        const missing = Promise.reject(new Error(`There is no compute cluster ${clusterId}.`));
        missing.catch(() => undefined);
        return { nodes: missing, release: () => undefined };
      }
      const held = hold(id, size);
      held.cluster = { ...held.cluster, queue: [...held.cluster.queue, { runId, nodes }] };
      const granted = new Promise<readonly string[]>((resolve, reject) =>
        held.waiting.set(runId, { resolve, reject }),
      );
      granted.catch(() => undefined);
      look(id);
      return {
        nodes: granted,
        release: () => {
          held.waiting.get(runId)?.reject(new Error("The nodes are no longer asked for."));
          held.waiting.delete(runId);
          held.cluster = released(held.cluster, runId, now());
          look(id);
        },
      };
    },
    close: async () => {
      clearInterval(timer);
      closed = true;
      for (const held of clusters.values()) clearTimeout(held.timer);
      await writes;
    },
  };
}
