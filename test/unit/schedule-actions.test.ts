import { expect } from "chai";
import Fastify, { type FastifyInstance } from "fastify";
import type { Store } from "../../local/arm/store";
import type { Principal } from "../../local/identity/principal";
import type { AccessToken } from "../../local/identity/tokens";
import type { JsonObject } from "../../local/json";
import { runAction } from "../../local/schedules/run-action";
import { principal, WORKSPACE } from "./arm-harness";

/** What one of Azure's names was asked for. */
interface Asked {
  readonly method: string;
  readonly url: string;
  readonly host: string | undefined;
  readonly authorization: string | undefined;
  readonly deployment: unknown;
  readonly body: unknown;
}

describe("what a schedule does when it is time", () => {
  const scoringUri = "https://be-churn.westeurope.inference.ml.azure.com/jobs";
  const endpoint = { id: `${WORKSPACE}/batchEndpoints/be-churn`, body: { properties: { scoringUri } } };
  const invocation = { inputData: { input: { jobInputType: "UriFolder", uri: "azureml:rows:1" } } };
  const opened: FastifyInstance[] = [];
  after(async () => {
    await Promise.all(opened.map(async (each) => await each.close()));
  });

  function recorder(asked: Asked[], status: number): FastifyInstance {
    const server = Fastify();
    server.all("*", async ({ method, url, headers, body }, reply) => {
      const { host, authorization, "azureml-model-deployment": deployment } = headers;
      asked.push({ method, url, host, authorization, deployment, body });
      return await reply.status(status).send({ error: { code: "Told" } });
    });
    opened.push(server);
    return server;
  }

  async function run(action: JsonObject, status = 200): Promise<{ readonly arm: Asked[]; calls: Asked[] }> {
    const [arm, calls]: [Asked[], Asked[]] = [[], []];
    const to = {
      store: { get: (id: string) => (id === endpoint.id ? endpoint : undefined) } as unknown as Store,
      issueToken: async (audience: string, { objectId }: Principal): Promise<AccessToken> =>
        ({ token: `${objectId} for ${audience}` }) as AccessToken,
      arm: recorder(arm, status),
      endpoints: recorder(calls, status),
    };
    const at = new Date("2026-01-05T06:00:00Z");
    await runAction(to, `${WORKSPACE}/schedules/each-day`, action, principal, at);
    return { arm, calls };
  }
  const call = (definition: JsonObject): JsonObject => ({
    actionType: "InvokeBatchEndpoint",
    endpointInvocationDefinition: { properties: invocation, ...definition },
  });

  it("calls the batch endpoint's deployment as who declared it", async () => {
    const { arm, calls } = await run(call({ endpointName: "be-churn", deploymentName: "v2" }));
    expect(arm).to.deep.equal([]);
    expect(calls).to.have.length(1);
    expect(calls[0]).to.deep.include({
      ...{ method: "POST", url: "/jobs", host: "be-churn.westeurope.inference.ml.azure.com" },
      ...{ deployment: "v2", body: { properties: invocation } },
    });
    expect(calls[0]?.authorization).to.match(new RegExp(`^Bearer ${principal.objectId} for https://ml`));
  });

  it("calls the endpoint's default without a deployment", async () => {
    const { calls } = await run(call({ endpointName: "be-churn" }));
    expect(calls.map(({ deployment }) => deployment)).to.deep.equal([undefined]);
  });

  it("submits a job by the schedule's name and the time", async () => {
    const { arm } = await run({
      actionType: "CreateJob",
      jobDefinition: { jobType: "Command", status: "x" },
    });
    expect(arm.map(({ method, url, body }) => ({ method, url, body }))).to.deep.equal([
      {
        method: "PUT",
        url: `${WORKSPACE}/jobs/each-day-20260105T060000?api-version=2025-12-01`,
        body: { properties: { jobType: "Command" } },
      },
    ]);
  });

  it("says what is refused, and that an endpoint is gone", async () => {
    const failure = async (definition: JsonObject, status: number): Promise<string> => {
      const told = run(call(definition), status).then(
        () => "nothing",
        (error: unknown) => (error as Error).message,
      );
      return await told;
    };
    expect(await failure({ endpointName: "be-churn" }, 404))
      .to.contain("404")
      .and.to.contain("Told");
    expect(await failure({ endpointName: "be-gone" }, 200)).to.equal("its batch endpoint is gone");
  });
});
