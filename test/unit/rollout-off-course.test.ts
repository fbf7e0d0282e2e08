import { expect } from "chai";
import type { Arm } from "../../providers/clients/arm";
import { withJournal } from "../../providers/generations/journal-tags";
import { isOffCourse } from "../../providers/rollout/off-course";
import { to, well } from "../helpers/rollout-specs";
import { SimulatedEndpoint } from "../helpers/simulated-endpoint";

const ID =
  "/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/w/onlineEndpoints/churn";

describe("an endpoint whose `up` to another generation was killed", () => {
  it("is a change to a program that was reverted since, and none to one that goes on", async () => {
    const endpoint = new SimulatedEndpoint();
    await endpoint.run(to("v1"), well);
    const halfway = { steps: [{ weight: 20, bakeSeconds: 900 }], maxHoldSeconds: 1 };
    await endpoint.run(to("v2", halfway), well);
    expect(endpoint.traffic).to.deep.equal({ v1: 80, v2: 20 });
    const { traffic, mirror, journal } = endpoint;
    const live = {
      location: "westeurope",
      tags: withJournal({}, journal),
      properties: { authMode: "Key", traffic, mirrorTraffic: mirror },
    };
    const arm = { read: async () => live } as unknown as Arm;
    const said: string[] = [];
    const asked = async (generation: string): Promise<boolean> =>
      await isOffCourse(arm, ID, to(generation, halfway), { v1: 100 }, (line) => said.push(line));
    expect(await asked("v2")).to.equal(false);
    expect(await asked("v1")).to.equal(true);
    expect(said).to.deep.equal(["churn: v2 was left on its way; `up` puts back v1 100 %"]);
  });
});
