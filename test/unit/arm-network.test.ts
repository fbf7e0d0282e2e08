import { expect } from "chai";
import type { JsonObject } from "../../local/json";
import { objectAt } from "../../local/arm/objects";
import { freeAddresses, rangeOf } from "../../local/arm/types/network/address-space";
import { codeOf, GROUP, Harness, propertiesOf, STORAGE, VAULT, WORKSPACE } from "./arm-harness";

const NETWORK = `${GROUP}/providers/Microsoft.Network/virtualNetworks/vnet`;
const SUBNET = `${NETWORK}/subnets/endpoints`;
const ZONE = `${GROUP}/providers/Microsoft.Network/privateDnsZones/privatelink.blob.core.windows.net`;
const LINK = `${ZONE}/virtualNetworkLinks/vnet`;
const ENDPOINT = `${GROUP}/providers/Microsoft.Network/privateEndpoints/pe-blob`;
const ZONE_GROUP = `${ENDPOINT}/privateDnsZoneGroups/default`;
const REGISTRY = `${GROUP}/providers/Microsoft.ContainerRegistry/registries/mlregistry`;

const location = "westeurope";
const subnet = (name: string, addressPrefix: string): JsonObject => ({ name, properties: { addressPrefix } });
const network = (...subnets: JsonObject[]): JsonObject => ({
  location,
  properties: { addressSpace: { addressPrefixes: ["10.0.0.0/16"] }, subnets },
});
const endpoint = (target: string, group: string, subnetId = SUBNET): JsonObject => ({
  location,
  properties: {
    subnet: { id: subnetId },
    privateLinkServiceConnections: [
      { name: "it", properties: { privateLinkServiceId: target, groupIds: [group] } },
    ],
  },
});
const link: JsonObject = {
  location: "global",
  properties: { registrationEnabled: false, virtualNetwork: { id: NETWORK } },
};
const zoneGroup: JsonObject = {
  properties: { privateDnsZoneConfigs: [{ name: "blob", properties: { privateDnsZoneId: ZONE } }] },
};

describe("Microsoft.Network in the local ARM", () => {
  let arm: Harness;
  beforeEach(async () => {
    arm = new Harness();
    await arm.makeWorkspace();
    await arm.make(NETWORK, network(subnet("endpoints", "10.0.1.0/24")));
  });
  afterEach(async () => {
    const violations = arm.arm.violations();
    await arm.close();
    expect(violations, "answers that break Microsoft's models").to.deep.equal([]);
    expect(arm.logged, "faults").to.deep.equal([]);
  });
  const refused = async (id: string, body: JsonObject): Promise<unknown> =>
    codeOf(await arm.finish("PUT", id, body));
  const shown = async (id: string): Promise<JsonObject> => propertiesOf((await arm.ask("GET", id)).body);

  it("a network shows its subnets, however they were made", async () => {
    await arm.make(`${NETWORK}/subnets/computes`, { properties: { addressPrefix: "10.0.2.0/24" } });
    const subnets = (await shown(NETWORK))["subnets"] as JsonObject[];
    expect(subnets.map(({ name }) => name)).to.have.members(["endpoints", "computes"]);
    await arm.make(NETWORK, network(subnet("endpoints", "10.0.1.0/24")));
    expect((await arm.ask("GET", `${NETWORK}/subnets/computes`)).status).to.equal(404);
  });

  it("refuses subnets that are outside of the network, or in one another's way", async () => {
    expect(await refused(NETWORK, network(subnet("a", "10.1.0.0/24")))).to.equal("NetcfgInvalidSubnet");
    expect(await refused(NETWORK, network(subnet("a", "10.0.0.0/23"), subnet("b", "10.0.1.0/24")))).to.equal(
      "NetcfgSubnetRangesOverlap",
    );
    expect(
      await refused(`${NETWORK}/subnets/b`, { properties: { addressPrefix: "10.0.1.128/25" } }),
    ).to.equal("NetcfgSubnetRangesOverlap");
  });

  it("a private endpoint is approved where it leads to, and holds an address of its subnet", async () => {
    await arm.make(ENDPOINT, endpoint(STORAGE, "blob"));
    const [connection] = (await shown(STORAGE))["privateEndpointConnections"] as JsonObject[];
    expect(objectAt(connection ?? {}, "properties")["privateEndpoint"]).to.deep.equal({ id: ENDPOINT });
    expect((await shown(ENDPOINT))["customDnsConfigs"]).to.deep.equal([
      { fqdn: "mlstore.blob.core.windows.net", ipAddresses: ["10.0.1.4"] },
    ]);
    expect((await shown(SUBNET))["privateEndpoints"]).to.deep.equal([{ id: ENDPOINT }]);
    await arm.finish("DELETE", ENDPOINT);
    expect((await shown(STORAGE))["privateEndpointConnections"]).to.deep.equal([]);
  });

  it("leads to each service of a workspace and its vault", async () => {
    await arm.make(`${ENDPOINT}-vault`, endpoint(VAULT, "vault"));
    await arm.make(`${ENDPOINT}-ws`, endpoint(WORKSPACE, "amlworkspace"));
    for (const id of [VAULT, WORKSPACE])
      expect((await shown(id))["privateEndpointConnections"]).to.have.length(1);
    const names = ((await shown(`${ENDPOINT}-ws`))["customDnsConfigs"] as JsonObject[]).map(({ fqdn }) =>
      String(fqdn),
    );
    expect(names.filter((name) => name.endsWith(".api.azureml.ms"))).to.have.length(3);
  });

  it("refuses a private endpoint to nowhere, to a service that the type hasn't, from another region", async () => {
    expect(await refused(ENDPOINT, endpoint(`${STORAGE}x`, "blob"))).to.equal("InvalidResourceReference");
    expect(await refused(ENDPOINT, endpoint(STORAGE, "vault"))).to.equal(
      "PrivateEndpointCannotBeCreatedWithGroupId",
    );
    expect(await refused(ENDPOINT, endpoint(STORAGE, "blob", `${SUBNET}x`))).to.equal(
      "InvalidResourceReference",
    );
    expect(await refused(ENDPOINT, { ...endpoint(STORAGE, "blob"), location: "northeurope" })).to.equal(
      "InvalidResourceReference",
    );
    await arm.make(REGISTRY, { location, sku: { name: "Standard" } });
    expect(await refused(ENDPOINT, endpoint(REGISTRY, "registry"))).to.equal("FeatureNotSupported");
  });

  it("a subnet with a private endpoint in it stays", async () => {
    await arm.make(ENDPOINT, endpoint(STORAGE, "blob"));
    for (const id of [SUBNET, NETWORK])
      expect(codeOf(await arm.finish("DELETE", id))).to.equal("InUseSubnetCannotBeDeleted");
    await arm.finish("DELETE", ENDPOINT);
    await arm.finish("DELETE", NETWORK);
    expect((await arm.ask("GET", SUBNET)).status).to.equal(404);
  });

  it("a zone group writes the endpoint's address into its zone, and takes it away again", async () => {
    await arm.make(ZONE, { location: "global" });
    await arm.make(LINK, link);
    await arm.make(ENDPOINT, endpoint(STORAGE, "blob"));
    await arm.make(ZONE_GROUP, zoneGroup);
    expect((await shown(`${ZONE}/A/mlstore`))["aRecords"]).to.deep.equal([{ ipv4Address: "10.0.1.4" }]);
    expect(await shown(ZONE)).to.include({ numberOfRecordSets: 2, numberOfVirtualNetworkLinks: 1 });
    await arm.finish("DELETE", ENDPOINT);
    expect((await arm.ask("GET", `${ZONE}/A/mlstore`)).status).to.equal(404);
  });

  it("a zone is global, linked to a network once, and stays while it is linked", async () => {
    expect(await refused(ZONE, { location })).to.equal("LocationNotAvailableForResourceType");
    await arm.make(ZONE, { location: "global" });
    await arm.make(LINK, link);
    expect(await refused(`${LINK}2`, link)).to.equal("Conflict");
    expect(codeOf(await arm.finish("DELETE", ZONE))).to.equal("CannotDeleteResource");
    await arm.finish("DELETE", LINK);
    await arm.finish("DELETE", ZONE);
    expect((await arm.ask("GET", ZONE)).status).to.equal(404);
  });

  it("gives out a range's addresses from the fifth on, each once", () => {
    expect(rangeOf("10.0.0.1/24")).to.equal(undefined);
    const range = rangeOf("10.0.0.248/29") ?? expect.fail();
    expect(freeAddresses(range, new Set(["10.0.0.252"]), 5)).to.deep.equal(["10.0.0.253", "10.0.0.254"]);
  });
});
