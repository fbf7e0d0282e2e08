import { expect } from "chai";
import type { Arm, ArmRequest } from "../../providers/clients/arm";
import { ArmError } from "../../providers/clients/arm-error";
import { azureService } from "../../providers/rollout/azure";
import { GENERATION_TAG } from "../../providers/rollout/journal";
import { plan } from "../../providers/rollout/plan";
import type { Service } from "../../providers/rollout/run";
import type { Action, RolloutSpec } from "../../providers/rollout/types";
import { ENDPOINT_ID } from "../helpers/pulumi-mocks";

const GENERATION = "v2";
const DEPLOYMENT_ID = `${ENDPOINT_ID}/deployments/${GENERATION}`;
const setting = (targetResourceUri: string, enabled = true): object => ({
  properties: { enabled, targetResourceUri },
});

const spec: RolloutSpec = {
  generation: GENERATION,
  instances: 2,
  steps: [{ weight: 100, bakeSeconds: 0 }],
  smoked: false,
  retireAfterSeconds: 0,
  keepGenerations: 0,
  maxHoldSeconds: 0,
  foreignTraffic: "keep",
  onDrift: "putBack",
};
const done: Action = { kind: "end", phase: "Serving" };
const deployWith = (instances: number): Action => ({ kind: "deploy", generation: GENERATION, instances });

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
  /** What the planner does with it as the one that serves. */
  const next = async (): Promise<Action> => {
    const observed = { ...(await service.observe()), began: 0, evidence: {} };
    const journal = { serving: GENERATION, refused: [], old: [] };
    return plan(spec, { ...observed, traffic: { [GENERATION]: 100 }, journal }, 0);
  };
  return { service, next, puts, listed, said };
}

describe("machines of a generation", () => {
  it("stay as autoscale set them, also when tags are written", async () => {
    const settings = [setting(DEPLOYMENT_ID.toUpperCase())];
    expect(await serviceIn({ capacity: 5, settings }).next()).to.deep.equal(done);
    const { service, next, puts } = serviceIn({ capacity: 5, tags: { team: "old" }, settings });
    expect(await next()).to.deep.equal(deployWith(5));
    expect(await service.deploy(GENERATION, 5)).to.equal(undefined);
    expect(puts).to.have.length(1);
    expect(puts[0]).to.deep.include({
      sku: { name: "Default", capacity: 5 },
      tags: { team: "risk", [GENERATION_TAG]: GENERATION },
    });
  });

  it("are the declared ones where no enabled autoscale is about them", async () => {
    for (const settings of [[], [setting(`${DEPLOYMENT_ID}0`)], [setting(DEPLOYMENT_ID, false)]]) {
      const { next } = serviceIn({ capacity: 5, settings });
      expect(await next()).to.deep.equal(deployWith(2));
    }
  });

  it("need no look at autoscale while they are the declared ones, or are not there", async () => {
    for (const capacity of [2, undefined]) {
      const { next, listed } = serviceIn({
        capacity,
        settings: new ArmError(500, "Internal", "not to be asked"),
      });
      expect(await next()).to.deep.equal(capacity === undefined ? deployWith(2) : done);
      expect(listed).to.deep.equal([`${ENDPOINT_ID}/deployments`]);
    }
  });

  it("are the declared ones, and it is said, where the settings may not be read; another error is one", async () => {
    const forbidden = new ArmError(403, "AuthorizationFailed", "no");
    const { next, said } = serviceIn({ capacity: 5, settings: forbidden });
    expect(await next()).to.deep.equal(deployWith(2));
    expect(said.join()).to.contain("may not be read");
    const broken = serviceIn({ capacity: 5, settings: new ArmError(500, "Internal", "broken") });
    const error: unknown = await broken.next().catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(ArmError);
  });
});
