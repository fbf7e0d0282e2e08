import { expect } from "chai";
import fc from "fast-check";
import { to, well } from "../helpers/rollout-specs";
import { SimulatedEndpoint } from "../helpers/simulated-endpoint";

/** What becomes of the traffic of deployments that the rollout did not make. */
describe("others' deployments on the endpoint of a rollout", () => {
  it("keep their share to the end, and through a rollback", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 99 }), fc.boolean(), async (percent, fails) => {
        const endpoint = new SimulatedEndpoint();
        await endpoint.run(to("v1"), well);
        endpoint.addForeign("blue");
        endpoint.traffic = { v1: 100 - percent, blue: percent };
        endpoint.maps.length = 0;
        await endpoint.run(to("v2"), fails ? { ...well, verdicts: ["passed", "failed"] } : well);
        for (const map of endpoint.maps) expect(map["blue"]).to.equal(percent);
        expect(endpoint.traffic).to.deep.equal({ [fails ? "v1" : "v2"]: 100 - percent, blue: percent });
      }),
    );
  });

  it("with all of the traffic let no first generation be made that leaves it to them, and lose it to one that takes it", async () => {
    const endpoint = new SimulatedEndpoint();
    for (const name of ["blue", "green"]) endpoint.addForeign(name);
    endpoint.traffic = { blue: 30, green: 70 };
    const ending = await endpoint.run(to("v1"), well);
    expect(ending).to.include({ kind: "fail" });
    expect(ending).to.have.property("reason").that.contains("blue, green");
    expect(ending).to.have.property("tryThis").that.contains('foreignTraffic: "take"');
    expect([...endpoint.deployments.keys()]).to.deep.equal(["blue", "green"]);
    expect([endpoint.traffic, endpoint.journal]).to.deep.equal([{ blue: 30, green: 70 }, undefined]);
    expect(await endpoint.run(to("v1", { foreignTraffic: "take" }), well)).to.include({ phase: "Serving" });
    expect(endpoint.traffic).to.deep.equal({ v1: 100 });
  });

  it("that get all of the traffic by hand keep it from a first generation on its way, which is kept for the next run", async () => {
    const endpoint = new SimulatedEndpoint();
    await endpoint.run(to("v1"), well, 2);
    endpoint.addForeign("blue");
    endpoint.traffic = { blue: 100 };
    expect(await endpoint.run(to("v1"), well)).to.include({ kind: "fail" });
    expect(endpoint.traffic).to.deep.equal({ blue: 100 });
    expect([...endpoint.deployments.keys()]).to.deep.equal(["v1", "blue"]);
    await endpoint.run(to("v1", { foreignTraffic: "take" }), well);
    expect(endpoint.traffic).to.deep.equal({ v1: 100 });
  });
});
