import { expect } from "chai";
import type { FastifyInstance, LightMyRequestResponse } from "fastify";
import type { Store, StoredResource } from "../../local/arm/store";
import type { JsonObject } from "../../local/json";
import type { Deployment } from "../../local/scoring/deployment";
import { createScoringFront } from "../../local/scoring/front";
import type { Scoring } from "../../local/scoring/instances";
import { ScoringMetrics } from "../../local/scoring/metrics";

const id = "/subscriptions/S/resourceGroups/R/providers/P/workspaces/W/onlineEndpoints/Churn";
const host = "churn.westeurope.inference.ml.azure.com";

/** A deployment whose one process answers as told, and that remembers what it was asked. */
function deployment(answer: () => Promise<{ statusCode: number; body: string }>, ready = true) {
  const asked: string[] = [];
  const instance = {
    request: async ({ body }: { body: Buffer }) => {
      asked.push(body.toString());
      const { statusCode, body: text } = await answer();
      return {
        statusCode,
        headers: { "content-type": "application/json", server: "gunicorn" },
        body: { arrayBuffer: async () => Buffer.from(text) },
      };
    },
  };
  const target = {
    pending: 0,
    limit: 2,
    spec: { requestTimeout: 50 },
    acquire: async () => (ready ? instance : undefined),
    release: () => undefined,
  };
  return { asked, target: target as unknown as Deployment };
}

const ok = async (): Promise<{ statusCode: number; body: string }> => ({ statusCode: 200, body: "[1]" });

describe("the address of an online endpoint", () => {
  let properties: JsonObject;
  let targets: Record<string, Deployment>;
  let metrics: ScoringMetrics;
  let front: FastifyInstance;

  const endpoint = (): StoredResource => ({
    id,
    body: { location: "West Europe", properties },
    internal: { keys: { primaryKey: "first", secondaryKey: "second" } },
  });
  const store = {
    get: (wanted: string) => (wanted === id ? endpoint() : undefined),
    list: () => [endpoint()],
  } as unknown as Store;

  beforeEach(() => {
    properties = { authMode: "Key", traffic: { blue: 100, green: 0 } };
    targets = {};
    metrics = new ScoringMetrics();
    const scoring = {
      targets: (wanted: string) => targets[wanted.split("/").pop() ?? ""],
    } as unknown as Scoring;
    const verifier = { verify: () => Promise.reject(new Error("not asked")) };
    front = createScoringFront({
      ...{ store, scoring, verifier, metrics, access: { hasRole: () => true } },
      random: () => 0.3,
    });
  });

  const post = (headers: Record<string, string> = {}, path = "/score"): Promise<LightMyRequestResponse> =>
    front.inject({
      method: "POST",
      url: path,
      headers: { host, authorization: "Bearer first", ...headers },
      payload: "x",
    });

  it("answers with the model's answer, the deployment's name and a request id", async () => {
    targets["blue"] = deployment(ok).target;
    const response = await post();
    expect([response.statusCode, response.body]).to.deep.equal([200, "[1]"]);
    expect(response.headers).to.include({
      "azureml-model-deployment": "blue",
      "content-type": "application/json",
    });
    expect(response.headers["x-ms-request-id"]).to.match(/^[0-9a-f-]{36}$/);
    expect(response.headers).not.to.have.property("server");
  });

  it("sends a request that names a deployment there, whatever the traffic map says", async () => {
    targets["green"] = deployment(ok).target;
    const response = await post({ "azureml-model-deployment": "green" });
    expect([response.statusCode, response.headers["azureml-model-deployment"]]).to.deep.equal([200, "green"]);
    expect((await post({ "azureml-model-deployment": "red" })).statusCode).to.equal(404);
  });

  it("copies its share of requests to the mirrored deployment, but none that name one", async () => {
    const mirrored = deployment(() => Promise.reject(new Error("broken")));
    targets["blue"] = deployment(ok).target;
    targets["green"] = mirrored.target;
    properties = { ...properties, mirrorTraffic: { green: 40 } };
    expect((await post()).statusCode).to.equal(200);
    expect((await post({ "azureml-model-deployment": "blue" })).statusCode).to.equal(200);
    expect(mirrored.asked).to.deep.equal(["x"]);
    properties = { ...properties, mirrorTraffic: { green: 30 } };
    await post();
    expect(mirrored.asked).to.have.length(1);
  });

  it("tells a model's own error as 424, whatever it was", async () => {
    targets["blue"] = deployment(async () => ({ statusCode: 503, body: "busy" })).target;
    const response = await post();
    expect(response.statusCode).to.equal(424);
    expect(response.headers).to.include({
      "ms-azureml-model-error-statuscode": "503",
      "ms-azureml-model-error-reason": "model_error",
    });
  });

  it("answers 429 when full, and 503 when no process takes requests", async () => {
    targets["blue"] = Object.assign(deployment(ok).target, { pending: 2 });
    expect((await post()).statusCode).to.equal(429);
    targets["blue"] = deployment(ok, false).target;
    expect((await post()).statusCode).to.equal(503);
    targets["blue"] = deployment(() =>
      Promise.reject(Object.assign(new Error("reset"), { code: "ECONNRESET" })),
    ).target;
    expect((await post()).statusCode).to.equal(503);
  });

  it("does not count what it could not do because the local Azure was starting again", async () => {
    const { target } = deployment(ok, false);
    targets["blue"] = target;
    target.resuming = true;
    expect((await post()).statusCode).to.equal(503);
    const query = { scope: id, from: new Date(0), to: new Date(Date.now() + 60_000) };
    expect(metrics.query({ metric: "RequestsPerMinute", ...query })).to.deep.equal([]);
    target.resuming = false;
    await post();
    expect(metrics.query({ metric: "RequestsPerMinute", ...query })).to.have.length(1);
  });

  it("has no other paths, and counts what it answered", async () => {
    targets["blue"] = deployment(ok).target;
    expect((await post({}, "/predict")).statusCode).to.equal(404);
    await post();
    await post();
    const [series] = metrics.query({
      metric: "RequestsPerMinute",
      scope: id,
      from: new Date(0),
      to: new Date(8e15),
    });
    expect(series?.data.reduce((sum, { count }) => sum + count, 0)).to.equal(2);
  });
});
