import { expect } from "chai";
import * as fc from "fast-check";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { armFaults } from "../../local/faults/arm";
import { misbehave, type ContainerAnswer } from "../../local/faults/container";
import { blobFaults } from "../../local/faults/blobs";
import { FaultDraw } from "../../local/faults/draw";
import { mlflowFaults } from "../../local/faults/mlflow";
import { FaultSettings, type Behaviour, type Faults } from "../../local/faults/settings";
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
      [{ blobs: { full: 2 } }, "blobs.full"],
      [{ mlflow: { lost: 1 } }, "mlflow.lost"],
    ];
    for (const [faults, place] of wrong) expect(() => settings.set(faults)).to.throw(place);
    expect(settings.now.operations).to.deep.equal(NONE);
  });

  it("are drawn by the seed, in their share, and where they are wanted only", () => {
    const { now: none } = new FaultSettings(join(folder, "none.json"));
    const lost = ({ operations }: Faults): number => operations.lost;
    const drawOf = (seed: number, share: number): boolean[] => {
      const draw = new FaultDraw(() => ({
        ...none,
        seed,
        operations: { ...NONE, lost: share },
        only: "Online",
      }));
      return Array.from({ length: 400 }, () => draw.meets(lost, "/workspaces/w/onlineEndpoints/e"));
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
      ...none,
      seed: 1,
      operations: { ...NONE, lost: 1 },
      only: "/x",
    }));
    expect([
      draw.meets(lost, "/X/1"),
      draw.meets(lost, "/y"),
      draw.meets(({ operations }) => operations.done, "/x"),
    ]).to.deep.equal([true, false, false]);
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

  it("of blobs and of MLflow are those that are wanted, worded as the services do", () => {
    const faults = new FaultSettings(join(folder, "others.json"));
    const blobs = blobFaults(new FaultDraw(() => faults.now));
    const mlflow = mlflowFaults(new FaultDraw(() => faults.now));
    const met = (): readonly unknown[] => [
      codes(() => blobs.beforeRequest("st.blob.core.windows.net/box/a")),
      codes(() => blobs.beforeWrite("st.blob.core.windows.net/box/a")),
      blobs.cutsBody("st.blob.core.windows.net/box/a"),
      blobs.losesAnswer("st.blob.core.windows.net/box/a"),
      codes(() => mlflow("westeurope.api.azureml.ms/mlflow/v2.0")),
    ];
    expect(met()).to.deep.equal([[], [], false, false, []]);
    faults.set({ blobs: { refused: 1, full: 1, cut: 1, lost: 1 }, mlflow: { refused: 1 } });
    expect(met()).to.deep.equal([
      ["500 InternalError", "500 OperationTimedOut", "503 ServerBusy"],
      ["500 InternalError"],
      true,
      true,
      ["429 TooManyRequests", "500 ServiceError"],
    ]);
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

/** What 30 tries are refused with, each once. */
function codes(tried: () => void): readonly string[] {
  const seen = new Set<string>();
  for (let count = 0; count < 30; count += 1)
    try {
      tried();
    } catch (error) {
      const { status, statusCode, code } = error as { status?: number; statusCode?: number; code: string };
      seen.add(`${status ?? statusCode} ${code}`);
    }
  return [...seen].sort();
}
