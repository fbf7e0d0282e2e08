import { expect } from "chai";
import { setTimeout as sleep } from "node:timers/promises";
import { createExclusive } from "../../local/arm/exclusive";
import { createClusters, type Clusters } from "../../local/compute/clusters";
import type { JsonObject } from "../../local/json";
import { Harness, propertiesOf, WORKSPACE } from "./arm-harness";

const id = `${WORKSPACE}/computes/train`;
const cluster = (minNodeCount: number, maxNodeCount: number): JsonObject => ({
  location: "westeurope",
  properties: {
    computeType: "AmlCompute",
    properties: { vmSize: "Standard_DS3_v2", scaleSettings: { minNodeCount, maxNodeCount } },
  },
});

describe("clusters as ARM shows them", () => {
  let arm: Harness;
  let clusters: Clusters;
  const logged: string[] = [];
  /** An hour of the local Azure's time is a second. */
  const speed = 3_600;
  const open = (): Clusters =>
    createClusters({
      store: arm.store,
      exclusive: createExclusive(),
      now: () => Date.now() * speed,
      speed,
      log: (line) => logged.push(line),
    });
  const inner = async (): Promise<JsonObject> => propertiesOf(propertiesOf((await arm.ask("GET", id)).body));
  const until = async (counts: JsonObject): Promise<void> => {
    for (; ; await sleep(5)) {
      const shown = await inner();
      const is = { ...(shown["nodeStateCounts"] as JsonObject), target: shown["targetNodeCount"] };
      if (Object.entries(counts).every(([key, value]) => is[key as keyof typeof is] === value)) return;
    }
  };

  beforeEach(async () => {
    arm = new Harness();
    await arm.makeWorkspace();
    await arm.make(id, cluster(0, 2));
    clusters = open();
  });
  afterEach(async () => {
    await clusters.close();
    await arm.close();
    expect(logged).to.deep.equal([]);
  });

  it("show nodes that work, by run, and none when they were idle for their time", async () => {
    const grant = clusters.claim(id.toUpperCase(), "job-1", 2);
    expect(await grant.nodes).to.deep.equal(["tvmps_00000000_d", "tvmps_00000001_d"]);
    await until({ runningNodeCount: 2, target: 2 });
    const { value } = (await arm.ask("POST", `${id}/listNodes`)).body;
    expect((value as JsonObject[]).map(({ nodeState, runId }) => [nodeState, runId])).to.deep.equal([
      ["running", "job-1"],
      ["running", "job-1"],
    ]);
    grant.release();
    await until({ runningNodeCount: 0, idleNodeCount: 0, target: 0 });
    expect(await inner()).to.include({ currentNodeCount: 0, allocationState: "Steady" });
  });

  it("follow a changed size, and keep a run's nodes through a PUT", async () => {
    const grant = clusters.claim(id, "job-1", 1);
    await grant.nodes;
    await until({ runningNodeCount: 1 });
    await arm.make(id, cluster(2, 3));
    await until({ runningNodeCount: 1, idleNodeCount: 1, target: 2 });
    grant.release();
    await until({ runningNodeCount: 0, idleNodeCount: 2 });
  });

  it("refuse what waits when they are deleted, and begin anew after a restart", async () => {
    const first = clusters.claim(id, "job-1", 2);
    await first.nodes;
    const second = clusters.claim(id, "job-2", 1);
    await until({ runningNodeCount: 2 });
    await clusters.close();
    clusters = open();
    await until({ runningNodeCount: 0, target: 0 });
    const third = clusters.claim(id, "job-3", 3);
    await arm.finish("DELETE", `${id}?underlyingResourceAction=Delete&api-version=2025-12-01`);
    const refused = await third.nodes.then(String, (error: Error) => error.message);
    expect(refused).to.equal("The compute cluster was deleted.");
    expect(await clusters.claim(id, "job-4", 1).nodes.catch((error: Error) => error.message)).to.contain(
      "There is no compute cluster",
    );
    second.release();
  });
});
