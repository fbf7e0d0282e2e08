import { expect } from "chai";
import type { AssetVersion } from "../../providers/assets/versions";
import type { Arm } from "../../providers/clients/arm";
import { dropAlias, moveAlias } from "../../providers/rollout/move-alias";
import { planReturn } from "../../providers/rollout/return";
import type { RolloutSpec } from "../../providers/rollout/types";
import { ENDPOINT_ID, WORKSPACE_ID } from "../helpers/pulumi-mocks";
import { to as specTo, well } from "../helpers/rollout-specs";
import { SimulatedEndpoint } from "../helpers/simulated-endpoint";

const to = (generation: string, more: Partial<RolloutSpec> = {}): RolloutSpec =>
  specTo(generation, {
    steps: [
      { weight: 10, bakeSeconds: 60 },
      { weight: 100, bakeSeconds: 60 },
    ],
    alias: "serving",
    retireAfterSeconds: 600,
    keepGenerations: 1,
    maxHoldSeconds: 36_000,
    ...more,
  });
/** Runs it again and again, each killed after so many actions, until one is not killed at its work. */
async function toEnd(endpoint: SimulatedEndpoint, spec: RolloutSpec, kill = Infinity): Promise<unknown> {
  for (let count = 0; count < 200; count++) {
    const ending = await endpoint.run(spec, well, kill);
    if (ending?.kind === "end" && ending.phase === "Serving") return ending;
  }
  return expect.fail("it does not come to an end");
}

describe("the alias of what serves", () => {
  it("moves at promotion, not before, and is the old one's through a rollback", async () => {
    const endpoint = new SimulatedEndpoint();
    await endpoint.run(to("v1"), well);
    expect(endpoint.aliased).to.equal("v1");
    const paused = to("v2", { steps: [{ weight: 90, bakeSeconds: 0, pause: true }] });
    expect(await endpoint.run(paused, well)).to.include({ phase: "Paused" });
    expect(endpoint.aliased).to.equal("v1");
    await endpoint.run({ ...paused, abort: "v2" }, well);
    expect(endpoint.aliased).to.equal("v1");
    await endpoint.run(to("v3"), well);
    expect(endpoint.aliased).to.equal("v3");
    expect(endpoint.events.some(({ kind, why }) => kind === "changed" && why.includes("serving"))).to.equal(
      true,
    );
  });

  it("follows whatever serves, wherever a run is killed", async () => {
    for (let kill = 2; kill < 12; kill++) {
      const endpoint = new SimulatedEndpoint();
      await endpoint.run(to("v1"), well);
      await toEnd(endpoint, to("v2"), kill);
      expect(endpoint.aliased, `${kill}`).to.equal("v2");
    }
  });

  it("is moved by the next run where one was killed after the traffic, even on the way to another generation", async () => {
    const endpoint = new SimulatedEndpoint();
    await endpoint.run(to("v1"), well);
    await endpoint.run(to("v2"), well);
    endpoint.aliased = "v1";
    const next = to("v3", { steps: [{ weight: 5, bakeSeconds: 0, pause: true }] });
    expect(await endpoint.run(next, well)).to.include({ phase: "Paused" });
    expect(endpoint.aliased).to.equal("v2");
  });

  it("goes back with the traffic, at once", async () => {
    const endpoint = new SimulatedEndpoint();
    await endpoint.run(to("v1"), well);
    await endpoint.run(to("v2"), well);
    const spec = to("v2");
    const ending = await endpoint.follow(
      (observed, now) => planReturn(spec, "v2", "complaints", observed, now),
      well,
    );
    expect(ending).to.include({ phase: "RolledBack" });
    expect(endpoint.traffic).to.deep.equal({ v1: 100 });
    expect(endpoint.aliased).to.equal("v1");
  });

  it("that can't be moved holds no traffic up, and the run fails at its end, until it can", async () => {
    const endpoint = new SimulatedEndpoint();
    await endpoint.run(to("v1"), well);
    const ending = await endpoint.run(to("v2"), { ...well, aliasProblem: "forbidden" });
    expect(ending).to.deep.include({
      kind: "fail",
      reason: "the traffic is where it should be, but alias serving can't be moved: forbidden",
    });
    expect(endpoint.traffic).to.deep.equal({ v2: 100 });
    expect(await endpoint.run(to("v2"), well)).to.include({ phase: "Serving" });
    expect(endpoint.aliased).to.equal("v2");
  });
});

describe("moving an alias in Azure", () => {
  const id = (model: string, version: number): string =>
    `${WORKSPACE_ID}/models/${model}/versions/${version}`;
  let versions: Map<string, AssetVersion["properties"]>;
  let puts: string[];
  const deployed = {
    old: id("churn", 1),
    new: "azureml:churn:2",
    other: id("scores", 1),
    registry: "azureml://registries/r/models/m/versions/1",
  };
  const arm = {
    read: async (versionId: string) => {
      const properties = versions.get(versionId);
      return properties && { id: versionId, name: versionId.split("/").at(-1), properties };
    },
    list: async (path: string) =>
      path.endsWith("/deployments")
        ? Object.entries(deployed).map(([name, model]) => ({ name, properties: { model } }))
        : [...versions].flatMap(([versionId, properties]) =>
            versionId.startsWith(`${path}/`) ? [{ id: versionId, name: "", properties }] : [],
          ),
    put: async (versionId: string, { body }: { body: { properties: AssetVersion["properties"] } }) => {
      puts.push(versionId);
      versions.set(versionId, body.properties);
    },
  } as unknown as Arm;
  const holders = (): string[] =>
    [...versions].flatMap(([versionId, { tags = {} }]) => ("alias.serving" in tags ? [versionId] : []));

  beforeEach(() => {
    puts = [];
    versions = new Map<string, AssetVersion["properties"]>([
      [
        id("churn", 1),
        { description: "first", tags: { team: "risk", "alias.serving": "true", "alias.best": "true" } },
      ],
      [id("churn", 2), { tags: { team: "risk" } }],
      [id("scores", 1), { tags: { "alias.serving": "true" } }],
    ]);
  });

  it("gives it to the version of the deployment, takes it from the others, and leaves all else of them", async () => {
    expect(await moveAlias(arm, ENDPOINT_ID, "new", "serving")).to.deep.equal({ moved: true });
    expect(holders()).to.deep.equal([id("churn", 2)]);
    expect(versions.get(id("churn", 1))).to.deep.include({
      description: "first",
      tags: { team: "risk", "alias.best": "true" },
    });
    expect(versions.get(id("churn", 2))?.tags).to.deep.equal({ team: "risk", "alias.serving": "true" });
    const before = puts.length;
    expect(await moveAlias(arm, ENDPOINT_ID, "new", "serving")).to.deep.equal({ moved: false });
    expect(puts.length, "nothing is written twice").to.equal(before);
  });

  it("goes on where it was killed between giving and taking", async () => {
    versions.set(id("churn", 2), { tags: { "alias.serving": "true" } });
    await moveAlias(arm, ENDPOINT_ID, "new", "serving");
    expect(holders()).to.deep.equal([id("churn", 2)]);
  });

  it("says why it can't, and takes it from nobody then", async () => {
    const { problem } = await moveAlias(arm, ENDPOINT_ID, "registry", "serving");
    expect(problem).to.equal("its model is none of the workspace's registered ones");
    versions.delete(id("churn", 2));
    expect((await moveAlias(arm, ENDPOINT_ID, "new", "serving")).problem).to.contain("this version is gone");
    expect(holders()).to.have.length(2);
  });

  it("takes it away from all where it is declared no more", async () => {
    await dropAlias(arm, ENDPOINT_ID, "serving");
    expect(holders()).to.deep.equal([]);
  });
});
