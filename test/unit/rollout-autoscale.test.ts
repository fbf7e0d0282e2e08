import { expect } from "chai";
import type { Arm, ArmRequest } from "../../providers/clients/arm";
import { ArmError } from "../../providers/clients/arm-error";
import { azureService } from "../../providers/rollout/azure";
import { GENERATION_TAG } from "../../providers/rollout/journal";
import type { Service } from "../../providers/rollout/run";
import { ENDPOINT_ID } from "../helpers/pulumi-mocks";

const GENERATION = "v2";
const DEPLOYMENT_ID = `${ENDPOINT_ID}/deployments/${GENERATION}`;
const setting = (targetResourceUri: string, enabled = true): object => ({
  properties: { enabled, targetResourceUri },
});

interface World {
  /** Machines that the generation has; none where it isn't there. */
  readonly capacity: number | undefined;
  readonly tags?: Readonly<Record<string, string>>;
  readonly settings: readonly object[] | ArmError;
}

/** A generation that is declared with 2 machines, and what is asked of Azure and said. */
function serviceIn({ capacity, tags, settings }: World) {
  const puts: ArmRequest["body"][] = [];
  const listed: string[] = [];
  const said: string[] = [];
  const live = {
    name: GENERATION,
    sku: { name: "Default", capacity },
    tags: { [GENERATION_TAG]: GENERATION, team: "risk", ...tags },
    properties: { provisioningState: "Succeeded" },
  };
  const there = capacity === undefined ? undefined : live;
  const arm = {
    read: async (id: string) =>
      id === DEPLOYMENT_ID ? there : { location: "westeurope", identity: {}, tags: {}, properties: {} },
    list: async (id: string) => {
      listed.push(id);
      if (id.endsWith("/deployments")) return there === undefined ? [] : [there];
      if (settings instanceof ArmError) throw settings;
      return settings;
    },
    put: async (_id: string, { body }: ArmRequest) => puts.push(body),
  } as unknown as Arm;
  const service: Service = azureService(
    arm,
    {
      endpointId: ENDPOINT_ID,
      generation: GENERATION,
      deployment: {
        location: "westeurope",
        sku: { name: "Default", capacity: 2 },
        properties: {},
        tags: { team: "risk" },
      },
      smokeRequests: [],
      gates: [],
      minRequests: 0,
    },
    () => undefined,
    (line) => said.push(line),
  );
  const outdated = async (): Promise<boolean | undefined> =>
    (await service.observe()).deployments[GENERATION]?.outdated;
  return { service, outdated, puts, listed, said };
}

describe("machines of a generation", () => {
  it("stay as autoscale set them, also when tags are written", async () => {
    const settings = [setting(DEPLOYMENT_ID.toUpperCase())];
    expect(await serviceIn({ capacity: 5, settings }).outdated()).to.equal(false);
    const { service, outdated, puts } = serviceIn({ capacity: 5, tags: { team: "old" }, settings });
    expect(await outdated()).to.equal(true);
    expect(await service.deploy(GENERATION)).to.equal(undefined);
    expect(puts).to.have.length(1);
    expect(puts[0]).to.deep.include({
      sku: { name: "Default", capacity: 5 },
      tags: { team: "risk", [GENERATION_TAG]: GENERATION },
    });
  });

  it("are the declared ones where no enabled autoscale is about them", async () => {
    for (const settings of [[], [setting(`${DEPLOYMENT_ID}0`)], [setting(DEPLOYMENT_ID, false)]]) {
      const { service, outdated, puts } = serviceIn({ capacity: 5, settings });
      expect(await outdated()).to.equal(true);
      await service.deploy(GENERATION);
      expect(puts[0]).to.deep.include({ sku: { name: "Default", capacity: 2 } });
    }
  });

  it("need no look at autoscale while they are the declared ones, or are not there", async () => {
    for (const capacity of [2, undefined]) {
      const { service, outdated, puts, listed } = serviceIn({
        capacity,
        settings: new ArmError(500, "Internal", "not to be asked"),
      });
      expect(await outdated()).to.equal(capacity === undefined ? undefined : false);
      await service.deploy(GENERATION);
      expect(puts[0]).to.deep.include({ sku: { name: "Default", capacity: 2 } });
      expect(listed).to.deep.equal([`${ENDPOINT_ID}/deployments`]);
    }
  });

  it("are the declared ones, and it is said, where the settings may not be read; another error is one", async () => {
    const forbidden = new ArmError(403, "AuthorizationFailed", "no");
    const { outdated, said } = serviceIn({ capacity: 5, settings: forbidden });
    expect(await outdated()).to.equal(true);
    expect(said.join()).to.contain("may not be read");
    const broken = serviceIn({ capacity: 5, settings: new ArmError(500, "Internal", "broken") });
    const error: unknown = await broken.outdated().catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(ArmError);
  });
});
