import { expect } from "chai";
import type { OnlineDeploymentSpec } from "../../local/arm/effects";
import { servingDeployments } from "../../local/scoring/resume";
import { ENDPOINT, Harness } from "./arm-harness";

const BLUE = `${ENDPOINT}/deployments/blue`;
const GREEN = `${ENDPOINT}/deployments/green`;

describe("what serves again after a restart of the local Azure", () => {
  let arm: Harness;
  beforeEach(async () => {
    arm = new Harness();
    await arm.makeWorkspace();
    await arm.makeEndpoint("blue", "green");
  });
  afterEach(async () => await arm.close());

  const served = { id: BLUE, instances: 3 } as OnlineDeploymentSpec;
  const resumed = (): (readonly [id: string, instances: number])[] =>
    servingDeployments(arm.store, (id) => (id === BLUE ? served : undefined)).map(
      ({ id, instances }) => [id, instances] as const,
    );
  const becomes = async (id: string, provisioningState: string): Promise<void> => {
    const found = arm.store.get(id) ?? expect.fail(`there is no ${id}`);
    const properties = { ...Object(found.body["properties"]), provisioningState };
    await arm.store.put({ ...found, body: { ...found.body, properties } });
  };

  it("is what ARM has of a deployment that succeeded", () => {
    expect(resumed()).to.deep.equal([
      [BLUE, 1],
      [GREEN, 1],
    ]);
  });

  for (const state of ["Failed", "Updating"]) {
    it(`is what a deployment that is ${state} served before, if anything`, async () => {
      for (const id of [BLUE, GREEN]) await becomes(id, state);
      expect(resumed()).to.deep.equal([[BLUE, 3]]);
    });
  }

  it("is nothing of one that is being deleted", async () => {
    await becomes(BLUE, "Deleting");
    expect(resumed()).to.deep.equal([[GREEN, 1]]);
  });
});
