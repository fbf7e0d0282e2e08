/** Milliseconds from the wish for a node until it is there. */
export const NODE_START = 1_000;

/** What a cluster may grow and shrink to. */
export interface ClusterSize {
  readonly minNodeCount: number;
  readonly maxNodeCount: number;
  /** Milliseconds that a node has nothing to do before it goes. */
  readonly idleTime: number;
}

export interface Node {
  /** Counts up; no two nodes of a cluster ever have the same. */
  readonly number: number;
  /** Since when it is as it is, milliseconds since 1970. */
  readonly since: number;
  readonly state: "preparing" | "idle" | "running";
  /** What works on it. */
  readonly runId?: string;
}

/** What waits for nodes, all of them at once. */
export interface Claim {
  readonly runId: string;
  readonly nodes: number;
}

/** A cluster's nodes, and what waits for some, first come first. */
export interface Cluster {
  readonly nodes: readonly Node[];
  readonly queue: readonly Claim[];
  /** The next node's number. */
  readonly next: number;
}

/** A cluster at rest, as it is when nothing has ever run on it. */
export function restingCluster({ minNodeCount }: ClusterSize, now: number): Cluster {
  const nodes = Array.from({ length: minNodeCount }, (_, number): Node => ({
    number,
    since: now,
    state: "idle",
  }));
  return { nodes, queue: [], next: minNodeCount };
}

/** How many nodes there should be for what runs and waits. */
export function targetNodes({ nodes, queue }: Cluster, { minNodeCount, maxNodeCount }: ClusterSize): number {
  const running = nodes.filter(({ state }) => state === "running").length;
  const wanted = running + queue.reduce((sum, claim) => sum + claim.nodes, 0);
  return Math.max(running, Math.min(maxNodeCount, Math.max(minNodeCount, wanted)));
}

/**
 * The cluster at the moment `now`: nodes that have started are there, what waits at the front of the queue gets its nodes when all of them are
 * free, new nodes start while fewer are there than should be, and idle ones go after their time.
 */
export function settle(cluster: Cluster, size: ClusterSize, now: number): Cluster {
  return resized(assigned(started(cluster, now), now), size, now);
}

/** When it changes by itself, milliseconds since 1970; undefined if it does not. */
export function nextChange(cluster: Cluster, size: ClusterSize): number | undefined {
  const spare = cluster.nodes.length > targetNodes(cluster, size);
  const times = cluster.nodes.flatMap(({ state, since }) => {
    if (state === "preparing") return [since + NODE_START];
    return state === "idle" && spare ? [since + size.idleTime] : [];
  });
  return times.length === 0 ? undefined : Math.min(...times);
}

/** The nodes that `runId` works on are free again, and it waits for none. */
export function released(cluster: Cluster, runId: string, now: number): Cluster {
  return {
    ...cluster,
    queue: cluster.queue.filter((claim) => claim.runId !== runId),
    nodes: cluster.nodes.map((node) =>
      node.runId === runId ? { number: node.number, since: now, state: "idle" } : node,
    ),
  };
}

function started(cluster: Cluster, now: number): Cluster {
  return {
    ...cluster,
    nodes: cluster.nodes.map((node) =>
      node.state === "preparing" && now - node.since >= NODE_START
        ? { ...node, state: "idle", since: now }
        : node,
    ),
  };
}

function assigned(cluster: Cluster, now: number): Cluster {
  const [first, ...queue] = cluster.queue;
  const idle = cluster.nodes.filter(({ state }) => state === "idle");
  if (first === undefined || idle.length < first.nodes) return cluster;
  const taken = new Set(idle.slice(0, first.nodes).map(({ number }) => number));
  const nodes = cluster.nodes.map((node): Node =>
    taken.has(node.number) ? { number: node.number, since: now, state: "running", runId: first.runId } : node,
  );
  return assigned({ ...cluster, nodes, queue }, now);
}

function resized(cluster: Cluster, size: ClusterSize, now: number): Cluster {
  const target = targetNodes(cluster, size);
  const missing = Math.max(0, target - cluster.nodes.length);
  const fresh = Array.from({ length: missing }, (_, index): Node => ({
    number: cluster.next + index,
    since: now,
    state: "preparing",
  }));
  let spare = Math.max(0, cluster.nodes.length - target);
  const over = Math.max(0, cluster.nodes.length - size.maxNodeCount);
  let atOnce = over;
  const stays = (node: Node): boolean => {
    if (spare === 0 || node.state === "running") return true;
    const goes = atOnce > 0 || (node.state === "idle" && now - node.since >= size.idleTime);
    if (goes) spare -= 1;
    if (goes && atOnce > 0) atOnce -= 1;
    return !goes;
  };
  return {
    ...cluster,
    nodes: [...cluster.nodes.filter(stays), ...fresh],
    next: cluster.next + missing,
  };
}
