import { expect } from "chai";
import fc from "fast-check";
import type { Text, TextBlob } from "../../providers/clients/blob-text";
import { principalOf } from "../../providers/clients/principal";
import { appended, eventsIn, recorderOf } from "../../providers/rollout/history";
import type { RolloutInputs } from "../../providers/rollout/provider";
import { restoredBody, saveSpec, specIn, storedSpec } from "../../providers/rollout/spec";
import type { RolloutSpec } from "../../providers/rollout/types";
import { SimulatedEndpoint, type World } from "../helpers/simulated-endpoint";
import { ENDPOINT_ID } from "../helpers/pulumi-mocks";

/** A blob in memory. */
class MemoryBlob implements TextBlob {
  content: Text | undefined;
  /** Run before a write: what somebody else does in between. */
  between: (() => void) | undefined;
  private writes = 0;

  put(text: string): void {
    this.content = { text, etag: String(++this.writes) };
  }
  async read(): Promise<Text | undefined> {
    return this.content;
  }
  async replace(text: string, before: Text | undefined): Promise<Text | undefined> {
    const { between } = this;
    this.between = undefined;
    between?.();
    if (before?.etag !== this.content?.etag) return undefined;
    this.put(text);
    return this.content;
  }
  async remove(): Promise<void> {
    this.content = undefined;
  }
}

const clock = (): number => Date.UTC(2026, 0, 2, 3, 4, 5);
const ada = async (): Promise<string> => "ada@contoso.com";

describe("the history of a rollout", () => {
  it("has when, who, what and the figures, in turn", async () => {
    const blob = new MemoryBlob();
    const record = recorderOf(blob, ada, clock, expect.fail);
    await record({ kind: "begun", generation: "v2", why: "v2 begins", traffic: { v1: 100 } });
    const candidate = { requests: 120, errorPercent: 0.123456, latencyP95: 41.98765 };
    await record({ kind: "measured", generation: "v2", why: "passed: …", figures: { candidate } });
    expect(eventsIn(blob.content?.text ?? "")).to.deep.equal([
      {
        at: "2026-01-02T03:04:05.000Z",
        by: "ada@contoso.com",
        kind: "begun",
        generation: "v2",
        why: "v2 begins",
        traffic: { v1: 100 },
      },
      {
        at: "2026-01-02T03:04:05.000Z",
        by: "ada@contoso.com",
        kind: "measured",
        generation: "v2",
        why: "passed: …",
        figures: { candidate: { requests: 120, errorPercent: 0.123, latencyP95: 41.988 } },
      },
    ]);
  });

  it("keeps what somebody else wrote in between", async () => {
    const blob = new MemoryBlob();
    const record = recorderOf(blob, ada, clock, expect.fail);
    await record({ kind: "begun", why: "first" });
    blob.between = () => {
      blob.put(appended(blob.content?.text ?? "", `{"at":"","by":"bob","kind":"step","why":"other"}`));
    };
    await record({ kind: "step", why: "second" });
    expect(eventsIn(blob.content?.text ?? "").map(({ why }) => why)).to.deep.equal([
      "first",
      "other",
      "second",
    ]);
  });

  it("that can't be written is said once, and goes on when it can be again", async () => {
    const blob = new MemoryBlob();
    const said: string[] = [];
    const record = recorderOf(blob, ada, clock, (line) => said.push(line));
    const fail = (): void => {
      throw new Error("no disk");
    };
    for (const why of ["lost", "lost, too"]) {
      blob.between = fail;
      await record({ kind: "step", why });
    }
    await record({ kind: "step", why: "kept" });
    expect(said).to.deep.equal(["the rollout's history can't be written: no disk"]);
    expect(eventsIn(blob.content?.text ?? "").map(({ why }) => why)).to.deep.equal(["kept"]);
  });

  it("is bounded, whole lines of the newest, whatever is written", () => {
    const line = fc.string({ maxLength: 3_000 }).map((why) => JSON.stringify({ at: "", kind: "step", why }));
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 400 }), (lines) => {
        const text = lines.reduce(appended, "");
        expect(text.length).to.be.at.most(400_000);
        const kept = eventsIn(text).map((event) => JSON.stringify(event));
        expect(kept).to.deep.equal(lines.slice(-kept.length));
      }),
      { numRuns: 20 },
    );
    const many = Array.from({ length: 1_200 }, (_, index) => `{"at":"","kind":"step","why":"${index}"}`);
    expect(eventsIn(many.reduce(appended, ""))).to.have.length(1_000);
  });

  it("leaves out what is no event", () => {
    expect(eventsIn(`nonsense\n{"other":1}\n\n{"at":"a","kind":"step","by":"b","why":"w"}\n`)).to.have.length(
      1,
    );
  });

  it("of a run tells each turn of it, by the provider's own loop", async () => {
    const spec = (generation: string): RolloutSpec => ({
      generation,
      instances: 1,
      steps: [
        { weight: 20, bakeSeconds: 60 },
        { weight: 100, bakeSeconds: 0 },
      ],
      smoked: true,
      judgement: {
        intervalSeconds: 60,
        failureLimit: 0,
        consecutiveErrorLimit: 4,
        inconclusiveLimit: 0,
        delaySeconds: 0,
        replays: false,
      },
      retireAfterSeconds: 0,
      keepGenerations: 0,
      maxHoldSeconds: 3600,
      foreignTraffic: "keep",
      onDrift: "putBack",
    });
    const well: World = { deploys: true, smokes: true, verdicts: ["passed"] };
    const endpoint = new SimulatedEndpoint();
    await endpoint.run(spec("v1"), well);
    const kinds = (): string[] =>
      endpoint.events.splice(0).map(({ kind, generation = "" }) => `${kind} ${generation}`);
    expect(kinds()).to.deep.equal(["begun v1", "deployed v1", "smoked v1", "promoted v1", "ended "]);
    await endpoint.run(spec("v2"), well);
    expect(kinds().filter((one) => !one.startsWith("measured"))).to.deep.equal([
      "begun v2",
      "deployed v2",
      "smoked v2",
      "step v2",
      "step v2",
      "promoted v2",
      "deleted v1",
      "ended ",
    ]);
    await endpoint.run(spec("v3"), { ...well, verdicts: ["failed"] });
    expect(kinds().slice(-3)).to.deep.equal(["measured v3", "rolledBack v3", "failed "]);
    await endpoint.run(spec("v2"), well);
    await endpoint.run(spec("v2"), well);
    expect(kinds(), "nothing happened the second time").to.deep.equal(["deleted v3", "ended "]);
  });
});

describe("what is kept of the declared rollout", () => {
  const inputs = {
    endpointId: ENDPOINT_ID,
    prefix: "churn",
    generation: "churn-0123456789",
    deployment: {
      location: "westeurope",
      sku: { name: "Default", capacity: 2 },
      properties: { model: "m", environmentVariables: { TOKEN: "hunter2" } },
      tags: { team: "risk" },
    },
    steps: [{ weight: 100, bakeSeconds: 1 }],
    smokeRequests: [],
    gates: [],
    minRequests: 0,
    judgement: { intervalSeconds: 60, failureLimit: 0, consecutiveErrorLimit: 4, inconclusiveLimit: 0 },
    retireAfterSeconds: 1,
    keepGenerations: 1,
    maxHoldSeconds: 1,
    foreignTraffic: "keep",
    onDrift: "putBack",
  } satisfies RolloutInputs;

  it("has no value of an environment variable; the live deployment gives them back", async () => {
    const blob = new MemoryBlob();
    await saveSpec(blob, inputs, expect.fail);
    expect(blob.content?.text).to.not.contain("hunter2");
    const spec = specIn(blob.content?.text) ?? expect.fail("there is no spec");
    expect(spec).to.deep.equal(storedSpec(inputs));
    const live = {
      properties: { environmentVariables: { TOKEN: "hunter2" }, provisioningState: "Succeeded" },
    };
    expect(restoredBody(spec, live)).to.deep.equal(inputs.deployment);
    expect(restoredBody(spec, undefined), "the values are gone with it").to.equal(undefined);
  });

  it("has no address that may hold a secret, and what else is told to whom", () => {
    const secret = { url: "https://hooks.example.com/hunter2", headers: { key: "hunter2" } };
    const { check, notify } = storedSpec({
      ...inputs,
      check: secret,
      notify: { ...secret, on: ["paused"] },
    }).inputs;
    expect({ check, notify }).to.deep.equal({ check: { url: "" }, notify: { url: "", on: ["paused"] } });
  });

  it("is the whole body where nothing is withheld, and is written only when it changes", async () => {
    const { environmentVariables, ...properties } = inputs.deployment.properties;
    expect(environmentVariables).to.be.an("object");
    const plain = { ...inputs, deployment: { ...inputs.deployment, properties } };
    expect(restoredBody(storedSpec(plain), undefined)).to.deep.equal(plain.deployment);
    const blob = new MemoryBlob();
    await saveSpec(blob, plain, expect.fail);
    const { etag } = blob.content ?? {};
    await saveSpec(blob, plain, expect.fail);
    expect(blob.content?.etag).to.equal(etag);
  });

  it("that another version wrote is none", () => {
    for (const text of [undefined, "", "{}", `{"format":2,"inputs":{}}`])
      expect(specIn(text)).to.equal(undefined);
  });
});

describe("who runs a command", () => {
  const token = (claims: object): string =>
    `h.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.s`;

  it("is the name that they sign in by, or the application's", () => {
    expect(principalOf(token({ upn: "ada@contoso.com", oid: "1" }))).to.equal("ada@contoso.com");
    expect(principalOf(token({ appid: "2", oid: "1" }))).to.equal("app 2");
    expect(principalOf(token({ oid: "1" }))).to.equal("1");
    expect(principalOf("opaque")).to.equal("unknown");
  });
});
