import { expect } from "chai";
import fc from "fast-check";
import { driftOf } from "../../providers/rollout/drift";
import { generationName } from "../../providers/generations/generation";
import { withJournal } from "../../providers/generations/journal-tags";
import { journalIn } from "../../providers/rollout/journal";
import { same, weights } from "../../providers/rollout/traffic";
import { generation, judgement, spec, to, well, world } from "../helpers/rollout-specs";
import { SimulatedEndpoint, sum, type World } from "../helpers/simulated-endpoint";

const served = async (): Promise<SimulatedEndpoint> => {
  const endpoint = new SimulatedEndpoint();
  await endpoint.run(to("v1"), well);
  return endpoint;
};

const runs = fc.array(fc.record({ spec, world, kill: fc.integer({ min: 0, max: 150 }) }), { maxLength: 6 });
const foreign = fc.uniqueArray(fc.constantFrom("blue", "green", "portal"), { maxLength: 3 });

/** An endpoint with other people's deployments, of which the first has some of the traffic. */
function endpointWith(names: readonly string[], percent: number): SimulatedEndpoint {
  const endpoint = new SimulatedEndpoint();
  for (const name of names) endpoint.addForeign(name);
  const [first, second] = names;
  if (first !== undefined && percent > 0)
    endpoint.traffic =
      second === undefined || percent === 100
        ? { [first]: 100 }
        : { [first]: percent, [second]: 100 - percent };
  return endpoint;
}

describe("the plan of a rollout", () => {
  it("keeps Azure's rules whatever is asked for, whatever fails, and whenever it is killed; and ends", async () => {
    await fc.assert(
      fc.asyncProperty(foreign, fc.integer({ min: 0, max: 100 }), runs, async (names, percent, all) => {
        const endpoint = endpointWith(names, percent);
        for (const one of all) await endpoint.run(one.spec, one.world, one.kill);
        for (const name of names) expect(endpoint.deployments.has(name)).to.equal(true);
        for (const name of endpoint.settings.keys())
          expect(endpoint.deployments.has(name), "no setting without its deployment").to.equal(true);
      }),
      { numRuns: 2_000 },
    );
  });

  it("after any history, what is asked for last serves when all is well with it", async () => {
    await fc.assert(
      fc.asyncProperty(runs, generation, async (all, last) => {
        const endpoint = new SimulatedEndpoint();
        for (const one of all) await endpoint.run(one.spec, one.world, one.kill);
        const wish = to(last, { retry: "now", maxHoldSeconds: 1e6, promote: last, alias: "serving" });
        expect(await endpoint.run(wish, well)).to.include({ kind: "end", phase: "Serving" });
        expect(endpoint.traffic).to.deep.equal({ [last]: 100 });
        expect(endpoint.aliased).to.equal(last);
        expect([...endpoint.deployments.keys()], "no orphan").to.deep.equal([last]);
      }),
      { numRuns: 2_000 },
    );
  });

  it("a run that was killed at any action, and run again, ends as one that was not", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 90 }), { maxLength: 4 }), async (kills) => {
        const endpoint = await served();
        for (const kill of kills) await endpoint.run(to("v2"), well, kill);
        expect(await endpoint.run(to("v2"), well)).to.include({ phase: "Serving" });
        expect(endpoint.traffic).to.deep.equal({ v2: 100 });
        expect([...endpoint.deployments.keys()]).to.deep.equal(["v2"]);
      }),
    );
  });

  it("once something serves, something serves at every instant", async () => {
    await fc.assert(
      fc.asyncProperty(runs, async (all) => {
        const endpoint = await served();
        endpoint.maps.length = 0;
        for (const one of all) await endpoint.run(one.spec, one.world, one.kill);
        for (const map of endpoint.maps) expect(sum(map)).to.equal(100);
      }),
    );
  });

  it("what is moved by hand is put back, or left, as declared; a preview sees it, and sees nothing else", async () => {
    const share = fc.integer({ min: 0, max: 100 });
    await fc.assert(
      fc.asyncProperty(
        share,
        fc.boolean(),
        fc.constantFrom("putBack", "adopt"),
        async (percent, halfway, onDrift) => {
          const kept = { keepGenerations: 1, onDrift } as const;
          const steps = {
            steps: [
              { weight: 40, bakeSeconds: 0, pause: true },
              { weight: 100, bakeSeconds: 0 },
            ],
          };
          const endpoint = await served();
          const spec = to("v2", { ...kept, ...(halfway ? steps : {}) });
          await endpoint.run(spec, well);
          const before = endpoint.traffic;
          expect(driftOf(spec, endpoint)).to.equal(undefined);
          const byHand = weights({ v1: 100 - percent, v2: percent });
          endpoint.traffic = byHand;
          const isMoved = !same(before, byHand);
          expect(driftOf(spec, endpoint)?.traffic).to.deep.equal(isMoved ? before : undefined);
          await endpoint.run(spec, well);
          expect(same(endpoint.traffic, onDrift === "adopt" ? byHand : before)).to.equal(true);
          expect(await endpoint.run(to("v3", kept), well)).to.include({ phase: "Serving" });
          expect(endpoint.traffic).to.deep.equal({ v3: 100 });
        },
      ),
    );
  });

  it("the first generation takes no steps", async () => {
    const endpoint = await served();
    expect(endpoint.maps.filter((map) => sum(map) > 0)).to.deep.equal([{ v1: 100 }]);
  });

  it("the next one is mirrored, then takes its weights, then all", async () => {
    const endpoint = await served();
    endpoint.maps.length = 0;
    expect(await endpoint.run(to("v2"), well)).to.include({ phase: "Serving" });
    const distinct = endpoint.maps.filter(
      (map, index, all) => index === 0 || JSON.stringify(map) !== JSON.stringify(all[index - 1]),
    );
    expect(distinct).to.deep.equal([{ v1: 100 }, { v2: 10, v1: 90 }, { v2: 100 }]);
  });

  it("a generation that fails its smoke requests gets no traffic and is refused, until there is a new retry token", async () => {
    const endpoint = await served();
    endpoint.maps.length = 0;
    const failing = { ...well, smokes: false };
    const refusal = { kind: "fail", reason: "v2 was refused before: wrong answer" };
    expect(await endpoint.run(to("v2"), failing)).to.deep.equal(refusal);
    expect(await endpoint.run(to("v2"), well)).to.deep.equal(refusal);
    for (const map of endpoint.maps) expect(map).to.deep.equal({ v1: 100 });
    expect(await endpoint.run(to("v2", { retry: "fixed" }), well)).to.include({ phase: "Serving" });
  });

  it("a broken gate puts the saved map back, while it is watched at 100 % too", async () => {
    for (const verdicts of [
      ["failed"],
      ["passed", "passed", "passed", "passed", "passed", "passed", "failed"],
    ]) {
      const endpoint = await served();
      await endpoint.run(to("v2"), { ...well, verdicts: verdicts as World["verdicts"] });
      expect(endpoint.traffic).to.deep.equal({ v1: 100 });
      expect(endpoint.journal?.serving).to.equal("v1");
      expect(endpoint.journal?.refused.map((one) => one.generation)).to.deep.equal(["v2"]);
    }
  });

  it("too few requests pause it at its weight; promote goes on, and only for the generation that it names", async () => {
    const endpoint = await served();
    const thin: World = { ...well, verdicts: ["inconclusive"] };
    expect(await endpoint.run(to("v2"), thin)).to.include({ phase: "Paused" });
    expect(await endpoint.run(to("v2", { promote: "v1" }), well)).to.include({ phase: "Paused" });
    expect(await endpoint.run(to("v2", { promote: "v2" }), well)).to.include({ phase: "Serving" });
  });

  it("metrics that can't be read never promote", async () => {
    const endpoint = await served();
    expect(await endpoint.run(to("v2"), { ...well, verdicts: ["error"] })).to.include({ kind: "fail" });
    expect(endpoint.traffic).to.deep.equal({ v1: 100 });
  });

  it("a step is passed by a measurement after all of its figures have arrived, and broken by one at any time", async () => {
    const endpoint = await served();
    const began = endpoint.now;
    await endpoint.run(to("v2", { maxHoldSeconds: 1e6 }), well);
    // Three steps of 300 s, each with 240 s for its last figures.
    expect(endpoint.now - began).to.be.within(3 * 540_000, 3 * 600_000 + 60_000);
    const broken = await served();
    await broken.run(to("v2"), { ...well, verdicts: ["inconclusive", "failed"] });
    expect(broken.measurements).to.have.length(2);
    expect(broken.traffic).to.deep.equal({ v1: 100 });
  });

  it("figures that are missing while they can still arrive pause nothing", async () => {
    const late = await served();
    const verdicts = [...Array<"inconclusive">(9).fill("inconclusive"), "passed"] as const;
    const one = {
      steps: [{ weight: 100, bakeSeconds: 300 }],
      maxHoldSeconds: 1e6,
    };
    expect(await late.run(to("v2", one), { ...well, verdicts })).to.include({ phase: "Serving" });
  });

  it("missing requests are sent once a step and no more, and the step waits for their figures", async () => {
    const endpoint = await served();
    const replays = { ...judgement, replays: true };
    const one = { steps: [{ weight: 100, bakeSeconds: 300 }], judgement: replays, maxHoldSeconds: 1e6 };
    expect(await endpoint.run(to("v2", one), { ...well, missing: 50 })).to.include({ phase: "Serving" });
    expect(endpoint.replayed).to.equal(50);
    const without = await served();
    expect(await without.run(to("v2"), { ...well, missing: 50 })).to.include({ phase: "Paused" });
    expect(without.replayed).to.equal(0);
  });

  it("abort puts the saved map back", async () => {
    const endpoint = await served();
    const paused = {
      steps: [
        { weight: 20, bakeSeconds: 0, pause: true },
        { weight: 100, bakeSeconds: 0 },
      ],
    };
    expect(await endpoint.run(to("v2", paused), well)).to.include({ phase: "Paused" });
    expect(endpoint.traffic).to.deep.equal({ v1: 80, v2: 20 });
    expect(await endpoint.run(to("v2", { ...paused, abort: "v2" }), well)).to.include({ kind: "fail" });
    expect(endpoint.traffic).to.deep.equal({ v1: 100 });
  });

  it("a run holds no longer than it may, and the next goes on from there", async () => {
    const endpoint = await served();
    const short = to("v2", { maxHoldSeconds: 200 });
    const phases = [];
    for (let count = 0; count < 20; count++) {
      const ending = await endpoint.run(short, well);
      phases.push(ending?.kind === "end" ? ending.phase : undefined);
      if (phases.at(-1) === "Serving") break;
    }
    expect(phases.length).to.be.greaterThan(2);
    expect(phases.slice(0, -1).every((phase) => phase === "Advancing")).to.equal(true);
    expect(endpoint.traffic).to.deep.equal({ v2: 100 });
  });

  it("a revert in the middle, and a still newer generation, leave no orphan", async () => {
    for (const next of ["v1", "v3"]) {
      const endpoint = await served();
      await endpoint.run(to("v2"), well, 6);
      expect(endpoint.deployments.has("v2")).to.equal(true);
      expect(await endpoint.run(to(next), well)).to.include({ phase: "Serving" });
      expect(endpoint.traffic).to.deep.equal({ [next]: 100 });
      expect([...endpoint.deployments.keys()]).to.deep.equal([next]);
    }
  });

  it("back to a kept generation takes no steps", async () => {
    const endpoint = await served();
    const kept = { keepGenerations: 1 };
    await endpoint.run(to("v2", kept), well);
    endpoint.maps.length = 0;
    await endpoint.run(to("v1", kept), well);
    expect(new Set(endpoint.maps.map((map) => JSON.stringify(map)))).to.deep.equal(
      new Set([JSON.stringify({ v2: 100 }), JSON.stringify({ v1: 100 })]),
    );
  });

  it("removal at any moment leaves other people's deployments and nothing else", async () => {
    await fc.assert(
      fc.asyncProperty(foreign, fc.integer({ min: 0, max: 100 }), runs, async (names, percent, all) => {
        const endpoint = endpointWith(names, percent);
        for (const one of all) await endpoint.run(one.spec, one.world, one.kill);
        expect(await endpoint.run(undefined, well)).to.deep.equal({ kind: "end", phase: "Gone" });
        expect([...endpoint.deployments.keys()]).to.have.members(names);
        expect(endpoint.journal).to.equal(undefined);
      }),
    );
  });
});

describe("the journal of a rollout", () => {
  it("comes back from tags that Azure takes, and leaves the others alone", () => {
    const text = fc.string({ unit: "grapheme", maxLength: 240 });
    const journal = fc.record({
      serving: text,
      refused: fc.array(fc.record({ generation: text, reason: text }), { maxLength: 5 }),
      old: fc.array(fc.record({ generation: text, until: fc.nat(), proven: fc.boolean() }), {
        maxLength: 20,
      }),
    });
    fc.assert(
      fc.property(journal, journal, (first, second) => {
        const tags = withJournal(withJournal({ team: "risk" }, first), second);
        expect(journalIn(tags)).to.deep.equal(second);
        expect(Object.values(tags).every((value) => value.length <= 256)).to.equal(true);
        expect(withJournal(tags, undefined)).to.deep.equal({ team: "risk" });
      }),
    );
  });
});

describe("the name of a generation", () => {
  it("is one that Azure takes, and of the content alone", () => {
    fc.assert(
      fc.property(fc.string(), fc.dictionary(fc.string(), fc.string()), (prefix, served) => {
        const name = generationName(prefix, served);
        expect(name).to.match(/^(?=.{3,32}$)[a-z][a-z0-9]*(-[a-z0-9]+)*$/);
        const reversed = Object.fromEntries(Object.entries(served).reverse());
        expect(generationName(prefix, reversed)).to.equal(name);
        expect(generationName(prefix, { ...served, more: {} })).to.not.equal(name);
      }),
    );
  });
});
