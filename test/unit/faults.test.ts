import { expect } from "chai";
import * as fc from "fast-check";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { armFaults } from "../../local/faults/arm";
import { misbehave, type ContainerAnswer } from "../../local/faults/container";
import { FaultDraw } from "../../local/faults/draw";
import { FaultSettings, type Behaviour } from "../../local/faults/settings";
import type { Json } from "../../local/json";
import { codeOf, ENDPOINT, endpointBody, Harness } from "./arm-harness";

const NONE = { refused: 0, lost: 0, begun: 0, done: 0 };

describe("faults on demand", () => {
  const folder = mkdtempSync(join(tmpdir(), "faults-"));
  const file = join(folder, "faults.json");
  after(() => rmSync(folder, { recursive: true }));

  it("are none at first, stay after a restart, and are taken back as a whole", () => {
    expect(new FaultSettings(file).now.operations).to.deep.equal(NONE);
    new FaultSettings(file).set({ seed: 7, containers: { blue: { kind: "slow", milliseconds: 300 } } });
    const again = new FaultSettings(file);
    expect(again.now).to.deep.include({ seed: 7 });
    expect(again.now.containers).to.deep.equal({ blue: { kind: "slow", milliseconds: 300, share: 1 } });
    again.set({});
    expect(new FaultSettings(file).now.containers).to.deep.equal({});
  });

  it("that are none are refused with the place, and change nothing", () => {
    const settings = new FaultSettings(file);
    const wrong: readonly (readonly [Json, string])[] = [
      [{ operations: { lost: 2 } }, "operations.lost"],
      [{ containers: { blue: { kind: "tired" } } }, "containers.blue.kind"],
      [{ capacity: { instances: -1 } }, "capacity.instances"],
      [{ operation: {} }, "operation"],
    ];
    for (const [faults, place] of wrong) expect(() => settings.set(faults)).to.throw(place);
    expect(settings.now.operations).to.deep.equal(NONE);
  });

  it("are drawn by the seed, in their share, and where they are wanted only", () => {
    const drawOf = (seed: number, share: number): boolean[] => {
      const draw = new FaultDraw(() => ({
        seed,
        operations: { ...NONE, lost: share },
        only: "Online",
        containers: {},
      }));
      return Array.from({ length: 400 }, () => draw.meets("lost", "/workspaces/w/onlineEndpoints/e"));
    };
    fc.assert(
      fc.property(fc.integer(), fc.double({ min: 0, max: 1, noNaN: true }), (seed, share) => {
        const drawn = drawOf(seed, share);
        expect(drawOf(seed, share)).to.deep.equal(drawn);
        expect(drawn.filter(Boolean).length / 400).to.be.closeTo(share, 0.15);
      }),
      { numRuns: 50 },
    );
    const draw = new FaultDraw(() => ({
      seed: 1,
      operations: { ...NONE, lost: 1 },
      only: "/x",
      containers: {},
    }));
    expect([draw.meets("lost", "/X/1"), draw.meets("lost", "/y"), draw.meets("done", "/x")]).to.deep.equal([
      true,
      false,
      false,
    ]);
  });

  describe("in ARM", () => {
    const faults = new FaultSettings(join(folder, "arm.json"));
    let arm: Harness;
    beforeEach(async () => {
      faults.set({});
      arm = new Harness({ faults: armFaults(new FaultDraw(() => faults.now)) });
      await arm.makeWorkspace();
    });
    afterEach(async () => await arm.close());
    const states = async (): Promise<unknown> => {
      const { status, body } = await arm.ask("GET", ENDPOINT);
      return status === 404
        ? "none"
        : (body["properties"] as { provisioningState: string }).provisioningState;
    };

    it("refuse a request before anything is done", async () => {
      faults.set({ operations: { refused: 1 }, only: "onlineEndpoints" });
      const seen = new Set<number>();
      for (let count = 0; count < 30; count++)
        seen.add((await arm.ask("PUT", ENDPOINT, endpointBody())).status);
      expect([...seen].sort()).to.deep.equal([429, 500, 503]);
      faults.set({});
      expect(await states()).to.equal("none");
    });

    it("lose the answer to what is done", async () => {
      faults.set({ operations: { lost: 1 }, only: "onlineEndpoints" });
      const lost = await arm.ask("PUT", ENDPOINT, endpointBody()).then(
        () => "answered",
        () => "lost",
      );
      expect(lost).to.equal("lost");
      faults.set({});
      expect(await states()).to.not.equal("none");
    });

    for (const phase of ["begun", "done"])
      it(`fail an operation that is ${phase}`, async () => {
        faults.set({ operations: { [phase]: 1 }, only: "onlineEndpoints" });
        const failed = await arm.finish("PUT", ENDPOINT, endpointBody());
        expect(codeOf(failed)).to.equal("InternalServerError");
        expect(await states()).to.equal("Failed");
        faults.set({});
        await arm.make(ENDPOINT, endpointBody());
        expect(await states()).to.equal("Succeeded");
      });
  });

  describe("in a container", () => {
    const answer: ContainerAnswer = {
      statusCode: 200,
      headers: {},
      body: { arrayBuffer: () => Promise.resolve(Buffer.from("[1]")) },
    };
    const ask = async (behaviour: Behaviour | undefined, random = 0, signal = new AbortController().signal) =>
      await misbehave(
        behaviour,
        () => random,
        signal,
        () => Promise.resolve(answer),
      );

    it("make it slow, or not answer at all, until the front gives up", async () => {
      const begun = performance.now();
      expect(await ask({ kind: "slow", milliseconds: 30, share: 1 })).to.equal(answer);
      expect(performance.now() - begun).to.be.at.least(28);
      const hung = await ask({ kind: "hangs", share: 1 }, 0, AbortSignal.timeout(30)).catch(() => "given up");
      expect(hung).to.equal("given up");
    });

    it("make it fail or answer rubbish, in its share", async () => {
      expect(await ask({ kind: "fails", share: 0.1 }, 0.05)).to.include({ statusCode: 500 });
      expect(await ask({ kind: "fails", share: 0.1 }, 0.15)).to.equal(answer);
      const rubbish = await ask({ kind: "rubbish", share: 1 });
      expect(rubbish.statusCode).to.equal(200);
      const text = Buffer.from(new Uint8Array(await rubbish.body.arrayBuffer())).toString();
      expect(() => JSON.parse(text) as unknown).to.throw();
      expect(await ask(undefined)).to.equal(answer);
    });
  });
});
