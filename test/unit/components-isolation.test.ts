import { expect } from "chai";
import { computeSubnetOf, needsRegistry, privateEndpointsOf } from "../../components/isolation";

const subnetId =
  "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/v/subnets/endpoints";

describe("isolation", () => {
  it("a registry is made where something is closed: Azure ML's own would be open", () => {
    expect(needsRegistry()).to.equal(false);
    expect(needsRegistry({ mode: "public" })).to.equal(false);
    expect(needsRegistry({ mode: "public", ipAllowList: ["16.17.18.19"] })).to.equal(true);
    for (const mode of ["managedOutbound", "managedApprovedOnly"] as const)
      expect(needsRegistry({ mode })).to.equal(true);
    expect(needsRegistry({ mode: "private", subnetId })).to.equal(true);
  });

  it("computes are made in a subnet of yours in the mode private alone", () => {
    const computeSubnetId = subnetId.replace("endpoints", "computes");
    expect(computeSubnetOf()).to.equal(undefined);
    expect(computeSubnetOf({ mode: "managedOutbound", privateEndpoints: { subnetId } })).to.equal(undefined);
    expect(computeSubnetOf({ mode: "private", subnetId })).to.equal(subnetId);
    expect(computeSubnetOf({ mode: "private", subnetId, computeSubnetId })).to.equal(computeSubnetId);
  });

  it("private endpoints come with the mode private, and on request with a managed network", () => {
    expect(privateEndpointsOf()).to.equal(undefined);
    expect(privateEndpointsOf({ mode: "managedApprovedOnly" })).to.equal(undefined);
    expect(privateEndpointsOf({ mode: "managedOutbound", privateEndpoints: { subnetId } })).to.deep.equal({
      subnetId,
    });
    expect(privateEndpointsOf({ mode: "private", subnetId })?.subnetId).to.equal(subnetId);
  });
});
