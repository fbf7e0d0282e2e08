import { expect } from "chai";
import fc from "fast-check";
import { plan, planRemoval } from "../../providers/rollout/plan";
import { planReturn } from "../../providers/rollout/return";
import type { Action, Observed, Traffic } from "../../providers/rollout/types";
import { generation, world } from "../helpers/rollout-specs";
import { state, type State } from "../helpers/rollout-states";
import { SimulatedEndpoint, sum } from "../helpers/simulated-endpoint";

const RUNS = { numRuns: 3_000 };
type Write = Extract<Action, { kind: "write" }>;

/** All that may be asked for in a state, and what is to be done then. */
function actions({ spec, observed, now }: State, left: string): Action[] {
  return [
    plan(spec, observed, now),
    planRemoval(observed, now),
    planReturn(spec, left, "somebody says so", observed, now),
  ];
}

/** The law holds for every action in every state. */
function always(law: (action: Action, observed: Observed) => void): void {
  fc.assert(
    fc.property(state, generation, (one, left) => {
      for (const action of actions(one, left)) law(action, one.observed);
    }),
    RUNS,
  );
}

function ofWrites(law: (write: Write, observed: Observed) => void): void {
  always((action, observed) => {
    if (action.kind === "write") law(action, observed);
  });
}

const share = (map: Traffic, name: string): number => map[name] ?? 0;

describe("whatever the state of an endpoint and whatever is wanted of it, a rollout", () => {
  it("writes traffic of 0 or 100 in total, in whole percents", () => {
    ofWrites(({ traffic }) => {
      expect([0, 100]).to.include(sum(traffic));
      for (const percent of Object.values(traffic))
        expect(Number.isInteger(percent) && percent > 0).to.equal(true);
    });
  });

  it("takes the traffic of an endpoint to 0 for its removal alone, or with the last that could answer", () => {
    fc.assert(
      fc.property(state, ({ spec, observed, now }) => {
        const action = plan(spec, observed, now);
        if (action.kind !== "write" || sum(action.traffic) === 100) return;
        const ready = Object.keys(observed.traffic).filter(
          (name) => observed.deployments[name]?.state === "ready",
        );
        expect(
          sum(observed.traffic) === 0 || ready.length === 0 || observed.journal?.moving !== undefined,
        ).to.equal(true);
      }),
      RUNS,
    );
  });

  it("gives no traffic to a deployment that isn't ready, but what such a one has when the rest is taken away", () => {
    const canTake = ({ deployments, traffic }: Observed, name: string): boolean => {
      const state = deployments[name]?.state;
      // What is changed in place while it serves, serves on.
      return state === "ready" || (state !== undefined && share(traffic, name) > 0);
    };
    fc.assert(
      fc.property(state, generation, ({ spec, observed, now }, left) => {
        const removal = planRemoval(observed, now);
        for (const action of [
          plan(spec, observed, now),
          planReturn(spec, left, "why", observed, now),
          removal,
        ])
          if (action.kind === "write")
            for (const [name, percent] of Object.entries(action.traffic)) {
              const had = share(observed.traffic, name);
              const isGiven = action === removal ? had === 0 : percent > had;
              if (isGiven) expect(canTake(observed, name), name).to.equal(true);
            }
      }),
      RUNS,
    );
  });

  it("mirrors to one deployment at most, 50 % at most, and never to one with live traffic or one that isn't ready", () => {
    ofWrites(({ traffic, mirror }, { deployments, traffic: before }) => {
      expect(Object.keys(mirror).length).to.be.at.most(1);
      for (const [name, percent] of Object.entries(mirror)) {
        expect(percent).to.be.within(1, 50);
        expect(share(traffic, name)).to.equal(0);
        expect(deployments[name]?.state === "ready" || share(before, name) > 0, name).to.equal(true);
      }
    });
  });

  it("deletes nothing that has traffic, mirrored or live, nothing that is somebody else's, and nothing twice", () => {
    always((action, { traffic, mirror, deployments }) => {
      if (action.kind !== "remove") return;
      expect(deployments[action.deployment])
        .to.include({ ours: true })
        .and.to.not.include({ state: "changing" });
      expect(share(traffic, action.deployment) + share(mirror, action.deployment)).to.equal(0);
    });
  });

  it("makes no deployment beyond Azure's twenty, and none in the place of somebody else's", () => {
    always((action, { deployments }) => {
      if (action.kind !== "deploy") return;
      const there = deployments[action.generation];
      if (there === undefined) expect(Object.keys(deployments).length).to.be.lessThan(20);
      else expect(there.ours).to.equal(true);
    });
  });

  it("puts back exactly the map that was saved, when it goes back and all of that map can serve", () => {
    fc.assert(
      fc.property(state, generation, (one, left) => {
        const { moving } = one.observed.journal ?? {};
        if (moving === undefined) return;
        for (const action of actions(one, left)) {
          const isBack =
            action.kind === "write" && action.journal !== undefined && action.journal.moving === undefined;
          if (!isBack || action.journal?.serving === moving.generation) continue;
          if (!Object.keys(moving.saved).every((name) => one.observed.deployments[name]?.state === "ready"))
            continue;
          if (/taken away/.test(action.why)) continue;
          expect(action.traffic).to.deep.equal(moving.saved);
        }
      }),
      RUNS,
    );
  });

  it("leaves others' deployments their share while it goes forward, unless it is told to take it", () => {
    fc.assert(
      fc.property(state, ({ spec, observed, now }) => {
        const action = plan({ ...spec, foreignTraffic: "keep" }, observed, now);
        const before = observed.journal?.moving;
        const isBack =
          before !== undefined &&
          action.kind === "write" &&
          action.journal?.moving === undefined &&
          action.journal?.serving !== before.generation;
        if (action.kind !== "write" || isBack) return;
        for (const [name, { ours }] of Object.entries(observed.deployments))
          if (!ours) expect(share(action.traffic, name), name).to.equal(share(observed.traffic, name));
      }),
      RUNS,
    );
  });

  it("lets no first generation serve without a share of the traffic, and makes none that would get none", () => {
    fc.assert(
      fc.property(state, ({ spec, observed, now }) => {
        if (observed.journal?.serving !== undefined) return;
        const action = plan(spec, observed, now);
        if (action.kind === "write" && action.journal?.serving !== undefined)
          expect(share(action.traffic, action.journal.serving)).to.be.greaterThan(0);
        const others = Object.keys(observed.traffic).filter((name) => !observed.deployments[name]?.ours);
        const kept = spec.foreignTraffic === "keep" && sum(observed.traffic) === 100;
        if (kept && others.length === Object.keys(observed.traffic).length && !observed.journal?.moving)
          expect(action.kind).to.be.oneOf(["fail", "detach"]);
      }),
      RUNS,
    );
  });

  it("comes to an end, whatever comes of what it does, and so does the removal", async () => {
    await fc.assert(
      fc.asyncProperty(state, world, fc.boolean(), async ({ spec, observed }, one, removed) => {
        const endpoint = SimulatedEndpoint.in(observed);
        const ending = await endpoint.run(removed ? undefined : spec, one);
        expect(ending?.kind).to.be.oneOf(["end", "fail"]);
      }),
      { numRuns: 1_000 },
    );
  });
});
