import { expect } from "chai";
import { autoscaleId, type AutoscaleSpec } from "../../providers/autoscale/body";
import { normalAutoscale } from "../../providers/autoscale/spec";
import type { Arm, ArmRequest } from "../../providers/clients/arm";
import { ArmError } from "../../providers/clients/arm-error";
import { azureService } from "../../providers/rollout/azure";
import { GENERATION_TAG } from "../../providers/generations/generation";
import { plan } from "../../providers/rollout/plan";
import type { Service } from "../../providers/rollout/run";
import type { Action, RolloutSpec, Scaling } from "../../providers/rollout/types";
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
  const removed: string[] = [];
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
      if (id.endsWith("/deployments")) return there === undefined ? [] : [there];
      if (settings instanceof ArmError) throw settings;
      return settings;
    },
    put: async (id: string, { body }: ArmRequest) => {
      if (settings instanceof ArmError) throw settings;
      puts.push({ id, ...body });
    },
    remove: async (id: string) => void removed.push(id),
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
  return { service, next, puts, removed, said };
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

describe("the autoscale setting of a generation", () => {
  const autoscale: AutoscaleSpec = {
    instances: { least: 2, most: 8 },
    rules: [{ metric: "CpuUtilizationPercentage", above: 70, change: 1 }],
  };
  const attach: Scaling = { kind: "attach", deployment: GENERATION, autoscale };

  it("is written with its generation's tags, and read back as what it says, as this rollout's", async () => {
    const { service, puts } = serviceIn({ capacity: 2, settings: [] });
    expect(await service.scale(attach)).to.equal(undefined);
    const [put] = puts;
    expect(put).to.deep.include({
      id: autoscaleId(DEPLOYMENT_ID),
      location: "westeurope",
      tags: { team: "risk", [GENERATION_TAG]: GENERATION },
    });
    const { service: then } = serviceIn({ capacity: 2, settings: [put as object, setting("/elsewhere")] });
    expect((await then.observe()).settings).to.deep.equal([
      {
        id: autoscaleId(DEPLOYMENT_ID),
        deployment: GENERATION,
        ours: true,
        enabled: true,
        autoscale: normalAutoscale(autoscale),
      },
    ]);
  });

  it("is deleted by its own name", async () => {
    const { service, removed } = serviceIn({ capacity: 2, settings: [] });
    expect(await service.scale({ kind: "detach", deployment: GENERATION })).to.equal(undefined);
    expect(removed).to.deep.equal([autoscaleId(DEPLOYMENT_ID)]);
  });

  it("that Azure refuses is told with Azure's reason; an outage is no reason", async () => {
    const refused = serviceIn({ capacity: 2, settings: new ArmError(403, "AuthorizationFailed", "no") });
    expect(await refused.service.scale(attach)).to.equal("no");
    const out = serviceIn({ capacity: 2, settings: new ArmError(503, "Unavailable", "later") });
    const error: unknown = await out.service.scale(attach).catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(ArmError);
  });
});
