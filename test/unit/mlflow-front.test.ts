import { expect } from "chai";
import type { FastifyInstance, InjectOptions } from "fastify";
import { MockAgent, type Dispatcher } from "undici";
import { ROLES } from "../../local/identity/roles";
import { TokenRefused } from "../../local/identity/principal";
import { createMlflowFront, mlflowParts } from "../../local/mlflow/front";
import type { Blobs } from "../../local/mlflow/model-files";
import type { MlflowServers } from "../../local/mlflow/server";
import { mlflowUi } from "../../local/mlflow/ui";
import Fastify from "fastify";
import {
  armModel,
  armVersion,
  memoryStore,
  principal,
  workspace,
  workspaceResource,
} from "./mlflow-fixtures";

const api = `/mlflow/v2.0${workspace.id}/api/2.0/mlflow`;
const run = { run: { info: { run_id: "ab", artifact_uri: "mlflow-artifacts:/1/ab/artifacts" } } };

describe("the MLflow front", () => {
  let front: FastifyInstance;
  let ui: FastifyInstance;
  let agent: MockAgent;
  let roles: readonly string[];

  beforeEach(async () => {
    roles = [ROLES["AzureML Data Scientist"]];
    agent = new MockAgent();
    agent.disableNetConnect();
    const server: Dispatcher = agent.get("http://mlflow");
    const store = memoryStore(workspaceResource, armModel("line"), armVersion("line", "1"));
    const options = {
      store,
      verifier: {
        verify: async (authorization: string | undefined) => {
          if (authorization !== "Bearer good")
            throw new TokenRefused("InvalidAuthenticationToken", "The access token is invalid.");
          return await Promise.resolve(principal);
        },
      },
      access: {
        hasRole: (_: unknown, wanted: readonly string[]) => roles.some((role) => wanted.includes(role)),
      },
      servers: { connect: async () => await Promise.resolve(server) } as unknown as MlflowServers,
      blobs: {} as Blobs,
      sasUrl: () => "",
      batch: { state: () => undefined, log: () => "" },
      commands: { state: () => undefined },
      pipelines: { state: () => undefined, log: () => "" },
      sweeps: { state: () => undefined },
      issueToken: async () => await Promise.resolve({ token: "new", expiresOn: 0, expiresIn: 3600 }),
    };
    const parts = mlflowParts(options);
    front = createMlflowFront(options, parts);
    ui = Fastify();
    await ui.register(mlflowUi, { store, servers: options.servers, parts });
  });

  afterEach(async () => {
    await front.close();
    await ui.close();
    await agent.close();
  });

  const ask = async (url: string, more: InjectOptions = {}) =>
    await front.inject({ url, headers: { authorization: "Bearer good" }, ...more });
  const mlflowAnswers = (path: string, method = "GET"): void => {
    agent
      .get("http://mlflow")
      .intercept({ path, method })
      .reply(200, JSON.stringify(run, null, 2), { headers: { "content-type": "application/json" } });
  };

  it("passes tracking on and gives Azure ML's artifact address", async () => {
    mlflowAnswers("/api/2.0/mlflow/runs/get?run_id=ab");
    const answer = await ask(`${api}/runs/get?run_id=ab`);
    expect(answer.json().run.info.artifact_uri).to.equal(
      `azureml://westeurope.api.azureml.ms/mlflow/v2.0${workspace.id}/experiments/1/runs/ab/artifacts`,
    );
  });

  it("finds the workspace whatever the case of its id", async () => {
    mlflowAnswers("/api/2.0/mlflow/runs/get?run_id=Ab");
    const lower = workspace.id.toLowerCase().replace("/providers", "/PROVIDERS");
    expect((await ask(`/mlflow/v1.0${lower}/api/2.0/mlflow/runs/get?run_id=Ab`)).statusCode).to.equal(200);
  });

  it("answers 401 to a wrong token, 404 to a workspace that isn't there, 403 without a role", async () => {
    expect(
      (await ask(`${api}/runs/get?run_id=ab`, { headers: { authorization: "Bearer bad" } })).statusCode,
    ).to.equal(401);
    const missing = await ask(`/mlflow/v2.0${workspace.id}2/api/2.0/mlflow/runs/get?run_id=ab`);
    expect([missing.statusCode, missing.json().error.code]).to.deep.equal([404, "UserError"]);
    roles = [];
    expect((await ask(`${api}/registered-models/search`)).statusCode).to.equal(403);
  });

  it("lets a reader search but not write", async () => {
    roles = [ROLES.Reader];
    mlflowAnswers("/api/2.0/mlflow/runs/search", "POST");
    const json = {
      headers: { authorization: "Bearer good", "content-type": "application/json" },
      method: "POST",
      payload: "{}",
    } as const;
    expect((await ask(`${api}/runs/search`, json)).statusCode).to.equal(200);
    for (const path of [
      "runs/create",
      "runs/create?x=/search",
      "registered-models/create",
      "runs/search/../create",
      "search?y=/api/2.0/mlflow/runs/create",
    ]) {
      expect((await ask(`${api}/${path}`, json)).statusCode, path).to.be.oneOf([403, 404]);
    }
    expect(
      (await ask(`/history/v1.0${workspace.id}/experiments/1/runs/ab/artifacts/batch/metadata`, json))
        .statusCode,
    ).to.equal(403);
  });

  it("does not serve what Azure ML does not", async () => {
    for (const path of [
      "logged-models",
      "traces",
      "registered-models/alias?name=line&alias=a",
      "gateway-proxy",
      "../mlflow-artifacts/artifacts/x",
    ]) {
      const answer = await ask(`${api}/${path}`);
      expect([answer.statusCode, answer.body], path).to.deep.equal([404, ""]);
    }
  });

  it("answers the registry from ARM", async () => {
    const found = await ask(`${api}/model-versions/search?filter=${encodeURIComponent("name = 'line'")}`);
    expect(found.json().model_versions.map((one: { version: string }) => one.version)).to.deep.equal(["1"]);
    const refused = await ask(
      `${api}/registered-models/search?filter=${encodeURIComponent("name LIKE 'l%'")}`,
    );
    expect([refused.statusCode, refused.json().error_code]).to.deep.equal([400, "INVALID_PARAMETER_VALUE"]);
  });

  it("renews a job's token for a run that is there", async () => {
    mlflowAnswers("/api/2.0/mlflow/runs/get?run_id=ab");
    const answer = await ask(`/history/v1.0${workspace.id}/experimentids/1/runs/ab/token`);
    expect(answer.json()).to.deep.equal({ token: "new", expiryTimeUtc: "1970-01-01T00:00:00.000Z" });
  });

  it("shows MLflow's pages of a workspace, and writes nothing from them", async () => {
    mlflowAnswers("/ajax-api/2.0/mlflow/runs/search", "POST");
    const json = { method: "POST", headers: { "content-type": "application/json" }, payload: "{}" } as const;
    expect(
      (await ui.inject({ url: "/mlflow/mlw-one/ajax-api/2.0/mlflow/runs/search", ...json })).statusCode,
    ).to.equal(200);
    expect(
      (await ui.inject({ url: "/mlflow/mlw-one/ajax-api/2.0/mlflow/runs/delete", ...json })).statusCode,
    ).to.equal(403);
    expect(
      (await ui.inject({ url: "/mlflow/mlw-one/ajax-api/2.0/mlflow/registered-models/create", ...json }))
        .statusCode,
    ).to.equal(403);
    const models = await ui.inject({
      url: `/mlflow/mlw-one/ajax-api/2.0/mlflow/registered-models/search?filter=${encodeURIComponent("name ILIKE '%IN%'")}`,
    });
    expect(models.json().registered_models[0].name).to.equal("line");
    expect((await ui.inject({ url: "/mlflow/mlw-one" })).headers.location).to.equal("/mlflow/mlw-one/");
    expect((await ui.inject({ url: "/mlflow/nowhere/" })).statusCode).to.equal(404);
  });
});
