import { expect } from "chai";
import fc from "fast-check";
import {
  NODE_START,
  nextChange,
  released,
  restingCluster,
  settle,
  targetNodes,
  type Cluster,
  type ClusterSize,
} from "../../local/compute/nodes";

const size: ClusterSize = { minNodeCount: 0, maxNodeCount: 3, idleTime: 120_000 };
const claimed = (cluster: Cluster, runId: string, nodes: number): Cluster => ({
  ...cluster,
  queue: [...cluster.queue, { runId, nodes }],
});
const states = ({ nodes }: Cluster): string => nodes.map(({ runId, state }) => runId ?? state).join(" ");

describe("the nodes of a cluster", () => {
  it("start for what waits, work for it, and go when they were idle for long enough", () => {
    let cluster = settle(claimed(restingCluster(size, 0), "a", 2), size, 0);
    expect(states(cluster)).to.equal("preparing preparing");
    expect(nextChange(cluster, size)).to.equal(NODE_START);
    cluster = settle(cluster, size, NODE_START);
    expect(states(cluster)).to.equal("a a");
    expect(nextChange(cluster, size)).to.equal(undefined);
    cluster = settle(released(cluster, "a", 10_000), size, 10_000);
    expect(states(cluster)).to.equal("idle idle");
    expect(nextChange(cluster, size)).to.equal(130_000);
    expect(states(settle(cluster, size, 129_999))).to.equal("idle idle");
    expect(states(settle(cluster, size, 130_000))).to.equal("");
  });

  it("are given in turn: a small run that came later waits behind a large one", () => {
    let cluster = settle(claimed(restingCluster(size, 0), "a", 2), size, 0);
    cluster = settle(cluster, size, NODE_START);
    cluster = settle(claimed(claimed(cluster, "large", 3), "small", 1), size, NODE_START);
    cluster = settle(cluster, size, 5_000);
    expect(states(cluster)).to.equal("a a idle");
    cluster = settle(released(cluster, "a", 5_000), size, 5_000);
    expect(states(cluster)).to.equal("large large large");
    cluster = settle(released(cluster, "large", 6_000), size, 6_000);
    expect(states(cluster)).to.equal("small idle idle");
  });

  it("stay as many as the least, and go at once where the most is made less", () => {
    const least = { ...size, minNodeCount: 2 };
    const cluster = restingCluster(least, 0);
    expect(states(settle(cluster, least, 1_000_000))).to.equal("idle idle");
    expect(states(settle(cluster, { ...least, minNodeCount: 0, maxNodeCount: 1 }, 1))).to.equal("idle");
  });

  it("are never more than the most, never two runs' at once, and every run gets its own in the order they came", () => {
    const step = fc.oneof(
      fc.record({ claim: fc.integer({ min: 1, max: 4 }) }),
      fc.record({ wait: fc.integer({ min: 0, max: 300_000 }) }),
      fc.record({ release: fc.nat(3) }),
    );
    const sizes = fc
      .tuple(fc.nat(4), fc.integer({ min: 1, max: 4 }), fc.nat(200_000))
      .map(([least, most, idleTime]) => ({
        ...{ minNodeCount: Math.min(least, most), maxNodeCount: most, idleTime },
      }));
    fc.assert(
      fc.property(sizes, fc.array(step, { maxLength: 40 }), (wanted, steps) => {
        let now = 0;
        let cluster = restingCluster(wanted, now);
        const came: string[] = [];
        const served: string[] = [];
        const wants = new Map<string, number>();
        const look = (): void => {
          cluster = settle(cluster, wanted, now);
          const working = new Map<string, number>();
          for (const { runId } of cluster.nodes)
            if (runId !== undefined) working.set(runId, (working.get(runId) ?? 0) + 1);
          for (const [run, count] of working) {
            expect(count).to.equal(wants.get(run));
            if (!served.includes(run)) served.push(run);
          }
          expect(cluster.nodes.length).to.be.within(wanted.minNodeCount, wanted.maxNodeCount);
          expect(new Set(cluster.nodes.map(({ number }) => number)).size).to.equal(cluster.nodes.length);
          expect(cluster.nodes.length).to.be.at.least(targetNodes(cluster, wanted));
          const next = nextChange(cluster, wanted);
          if (next !== undefined) expect(next).to.be.greaterThan(now);
        };
        for (const one of steps) {
          if ("wait" in one) now += one.wait;
          if ("claim" in one) {
            const run = `run${came.length}`;
            came.push(run);
            wants.set(run, Math.min(one.claim, wanted.maxNodeCount));
            cluster = claimed(cluster, run, Math.min(one.claim, wanted.maxNodeCount));
          }
          const working = [...new Set(cluster.nodes.flatMap(({ runId }) => (runId ? [runId] : [])))];
          const ends = "release" in one ? working[one.release] : undefined;
          if (ends !== undefined) cluster = released(cluster, ends, now);
          look();
        }
        for (let more = 0; more < 2 * came.length; more++) {
          const [working] = cluster.nodes.flatMap(({ runId }) => (runId ? [runId] : []));
          if (working !== undefined) cluster = released(cluster, working, now);
          now += NODE_START;
          look();
        }
        expect(served).to.deep.equal(came);
      }),
    );
  });
});
