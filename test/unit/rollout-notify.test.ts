import { expect } from "chai";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { postJson, type Patience } from "../../providers/clients/webhook";
import type { RolloutEvent } from "../../providers/rollout/events";
import { notifierOf, type Notification, type Notify } from "../../providers/rollout/notify";
import { plan } from "../../providers/rollout/plan";
import { run } from "../../providers/rollout/run";
import type { RolloutSpec } from "../../providers/rollout/types";
import { leaksIn } from "../helpers/leaks";
import { ENDPOINT_ID } from "../helpers/pulumi-mocks";
import { to as specTo, well } from "../helpers/rollout-specs";
import { SimulatedEndpoint, type World } from "../helpers/simulated-endpoint";

const SECRET = "hush/hush+of hooks";
const url = `https://hooks.example.com/${encodeURIComponent(SECRET)}?code=${encodeURIComponent(SECRET)}`;
const to = (generation: string, more: Partial<RolloutSpec> = {}): RolloutSpec =>
  specTo(generation, {
    steps: [
      { weight: 10, bakeSeconds: 60 },
      { weight: 100, bakeSeconds: 60 },
    ],
    retireAfterSeconds: 0,
    ...more,
  });

/** Who is told of a run, and what is said of it beside. */
class Told {
  readonly notifications: Notification[] = [];
  readonly said: string[] = [];
  readonly recorded: RolloutEvent[] = [];

  async run(
    endpoint: SimulatedEndpoint,
    spec: RolloutSpec,
    world: World,
    notify: Notify = { url },
    post: typeof postJson = async (_webhook, body) => {
      this.notifications.push(body as Notification);
      return { status: 204 };
    },
  ): Promise<void> {
    const say = (line: string): void => void this.said.push(line);
    const notifier = notifierOf(notify, ENDPOINT_ID, say, post);
    const record = async (event: RolloutEvent): Promise<void> => void this.recorded.push(event);
    await run(
      endpoint.service(world),
      (observed, now) => plan(spec, observed, now),
      () => undefined,
      notifier.beside(record),
    );
    await notifier.settled();
  }
}

const served = async (): Promise<SimulatedEndpoint> => {
  const endpoint = new SimulatedEndpoint();
  await endpoint.run(to("v1"), well);
  return endpoint;
};

describe("who is told of a rollout", () => {
  it("hears of a promotion, a rollback and a pause, with step, weight, figures, reason and time", async () => {
    const endpoint = await served();
    const told = new Told();
    await told.run(endpoint, to("v2"), well);
    await told.run(endpoint, to("v3"), {
      ...well,
      verdicts: ["failed"],
      figures: { requests: 40, errorPercent: 9 },
    });
    await told.run(endpoint, to("v4"), { ...well, verdicts: ["inconclusive"] });
    expect(told.said).to.deep.equal([]);
    const [promoted, rolledBack, paused, ...more] = told.notifications;
    expect(more).to.deep.equal([]);
    const { time, ...rest } = promoted ?? expect.fail("nobody was told");
    expect(new Date(time).toISOString()).to.equal(time);
    expect(rest).to.deep.equal({
      event: "promoted",
      endpointId: ENDPOINT_ID,
      endpoint: ENDPOINT_ID.slice(ENDPOINT_ID.lastIndexOf("/") + 1),
      generation: "v2",
      step: 2,
      weight: 100,
      traffic: { v2: 100 },
      reason: "v2 is proven and serves",
    });
    expect(rolledBack).to.deep.include({
      event: "rolledBack",
      generation: "v3",
      step: 1,
      weight: 0,
      traffic: { v2: 100 },
      figures: { candidate: { requests: 40, errorPercent: 9 } },
      reason: "v3 is rolled back: failed",
    });
    expect(paused).to.deep.include({ event: "paused", generation: "v4", step: 1, weight: 10 });
    expect(paused, "another generation's figures are not its own").to.not.have.property("figures");
  });

  it("hears of what was asked for and of nothing else", async () => {
    const endpoint = await served();
    const told = new Told();
    const notify: Notify = { url, on: ["rolledBack"] };
    await told.run(endpoint, to("v2"), well, notify);
    await told.run(endpoint, to("v3"), { ...well, verdicts: ["failed"] }, notify);
    expect(told.notifications.map(({ event }) => event)).to.deep.equal(["rolledBack"]);
    expect(
      told.recorded.some(({ kind }) => kind === "promoted"),
      "the history has all",
    ).to.equal(true);
  });

  it("holds nothing up: a rollout comes to its end while nobody answers", async () => {
    const endpoint = await served();
    let answer: () => void = expect.fail;
    const told = new Told();
    const running = told.run(endpoint, to("v2"), well, { url }, async () => {
      await new Promise<void>((resolve) => (answer = resolve));
      return { status: 200 };
    });
    while (!told.recorded.some(({ kind }) => kind === "ended")) await new Promise(setImmediate);
    expect(endpoint.traffic).to.deep.equal({ v2: 100 });
    answer();
    await running;
  });

  it("that can't be told is said to be, without the address", async () => {
    for (const [answer, why] of [
      [{ status: 500 }, "it answered 500"],
      [{ failure: "ECONNREFUSED" }, "ECONNREFUSED"],
    ] as const) {
      const told = new Told();
      const endpoint = await served();
      await told.run(endpoint, to("v2"), well, { url }, async () => answer);
      expect(told.said).to.deep.equal([`nobody is told by webhook that v2 is promoted: ${why}`]);
      expect(endpoint.traffic).to.deep.equal({ v2: 100 });
    }
    const told = new Told();
    await told.run(await served(), to("v2"), well, { url: "" }, async () => expect.fail("asked"));
    expect(told.said[0]).to.contain("its address is known to the program alone");
  });
});

describe("posting to somebody's address", () => {
  const patience: Patience = { timeout: 5_000, retries: 2, deadline: 5_000 };
  let asked: { readonly path: string; readonly body: string }[];
  /** Statuses in turn; the last one over and over. 0: never answered. */
  const against = async <T>(
    statuses: readonly number[],
    work: (address: string) => Promise<T>,
  ): Promise<T> => {
    asked = [];
    const server = createServer((request: IncomingMessage, response: ServerResponse) => {
      let body = "";
      request.on("data", (part: Buffer) => (body += part.toString()));
      request.on("end", () => {
        asked.push({ path: request.url ?? "", body });
        const status = statuses[Math.min(asked.length, statuses.length) - 1] ?? 0;
        if (status > 0) response.writeHead(status, { location: "/other", "retry-after-ms": "1" }).end();
      });
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    try {
      return await work(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    } finally {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    }
  };
  const answerTo = async (...statuses: number[]): ReturnType<typeof postJson> =>
    await against(
      statuses,
      async (address) => await postJson({ url: `${address}/hook` }, { event: "x" }, patience),
    );

  it("is tried again while it is busy or away, and not where it refuses", async () => {
    expect(await answerTo(503, 429, 200)).to.deep.equal({ status: 200 });
    expect(asked.map(({ body }) => body)).to.deep.equal(Array(3).fill('{"event":"x"}'));
    expect(await answerTo(503)).to.deep.equal({ status: 503 });
    expect(asked).to.have.length(3);
    expect(await answerTo(403)).to.deep.equal({ status: 403 });
    expect(asked).to.have.length(1);
  });

  it("follows no redirect", async () => {
    expect(await answerTo(307)).to.deep.equal({ status: 307 });
    expect(asked).to.have.length(1);
  });

  it("ends where nobody answers in time", async () => {
    const failed = await against(
      [0],
      async (address) => await postJson({ url: address }, {}, { timeout: 50 }),
    );
    expect(failed).to.deep.equal({ failure: "no answer in time" });
    const late = await against(
      [0],
      async (address) => await postJson({ url: address }, {}, { timeout: 60_000, retries: 9, deadline: 50 }),
    );
    expect(late).to.deep.equal({ failure: "no answer in time" });
  });

  it("sends nothing over plain HTTP to another machine, and says no secret", async () => {
    const failed = await postJson({ url: url.replace("https", "http") }, {}, patience);
    expect(failed).to.deep.equal({ failure: "its address is neither https:// nor of this machine" });
    expect(leaksIn(JSON.stringify(failed), { SECRET })).to.deep.equal([]);
  });
});
