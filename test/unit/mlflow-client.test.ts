import { expect } from "chai";
import { createMlflow, type Mlflow } from "../../providers/clients/mlflow";
import { hasCode } from "../../providers/clients/mlflow-error";
import { versionByAlias, versionsOf } from "../../providers/clients/mlflow-registry";
import { addressOf, type MlflowServer } from "../../providers/clients/mlflow-server";
import { getRun } from "../../providers/clients/mlflow-tracking";
import { ScriptedArm, scriptedCredential, TOKEN, type ScriptedAnswer } from "../helpers/scripted-arm";

const environment = { NAME: "ann", PASSWORD: "planted-password", KEY: "planted-token" };
const https: MlflowServer = { trackingUri: "https://mlflow.test/base/" };
const workspace: MlflowServer = {
  trackingUri: "azureml://westeurope.api.azureml.ms/mlflow/v1.0/subscriptions/S/resourceGroups/R",
};

describe("the MLflow client", () => {
  const on = (server: MlflowServer, ...answers: ScriptedAnswer[]): { mlflow: Mlflow; http: ScriptedArm } => {
    const http = new ScriptedArm(answers);
    return {
      http,
      mlflow: createMlflow(server, { environment, httpClient: http, credential: () => scriptedCredential }),
    };
  };
  const failure = async (work: () => unknown): Promise<Error> => {
    try {
      await work();
    } catch (error) {
      return error as Error;
    }
    throw new Error("nothing was refused");
  };

  it("calls a server by its address, and a workspace as Azure ML's plug-in does", async () => {
    for (const [server, url, authorization] of [
      [https, "https://mlflow.test/base/api/2.0/mlflow/runs/get?run_id=r", undefined],
      [
        workspace,
        "https://westeurope.api.azureml.ms/mlflow/v2.0/subscriptions/S/resourceGroups/R/api/2.0/mlflow/runs/get?run_id=r",
        `Bearer ${TOKEN}`,
      ],
      [
        { ...https, auth: { kind: "Token", tokenVariable: "KEY" } },
        "https://mlflow.test/base/api/2.0/mlflow/runs/get?run_id=r",
        "Bearer planted-token",
      ],
      [
        { ...https, auth: { kind: "Basic", usernameVariable: "NAME", passwordVariable: "PASSWORD" } },
        "https://mlflow.test/base/api/2.0/mlflow/runs/get?run_id=r",
        `Basic ${Buffer.from("ann:planted-password").toString("base64")}`,
      ],
    ] as const) {
      const { mlflow, http } = on(server, { status: 200, body: { run: { info: { run_id: "r" } } } });
      expect((await getRun(mlflow, "r"))?.info.run_id).to.equal("r");
      expect(http.requests[0]?.url).to.equal(url);
      expect(http.requests[0]?.headers.get("authorization")).to.equal(authorization);
    }
  });

  it("refuses addresses that would show a secret, each with what is allowed", async () => {
    const refused = async (server: MlflowServer): Promise<string> =>
      (await failure(() => addressOf(server, {}, () => scriptedCredential))).message;
    expect(await refused({ trackingUri: "http://mlflow.test" })).to.contain("allowHttp");
    expect(await refused({ trackingUri: "https://ann:planted-password@mlflow.test" }))
      .to.contain("has a user in it")
      .and.not.to.contain("planted");
    expect(await refused({ trackingUri: "databricks" })).to.contain("is no address");
    expect(await refused({ trackingUri: "ftp://mlflow.test" })).to.contain("Allowed: https");
    expect(await refused({ ...workspace, auth: { kind: "Token", tokenVariable: "KEY" } })).to.contain(
      "Entra",
    );
    for (const trackingUri of ["http://127.0.0.1:5000", "http://[::1]:5000", "http://localhost"])
      addressOf({ trackingUri }, {}, () => scriptedCredential);
    addressOf({ trackingUri: "http://mlflow.test", allowHttp: true }, {}, () => scriptedCredential);
  });

  it("names the environment variable that is missing", async () => {
    const { mlflow } = on({ ...https, auth: { kind: "Token", tokenVariable: "NOT_SET" } });
    expect((await failure(() => getRun(mlflow, "r"))).message).to.contain("export NOT_SET=");
  });

  it("waits as long as a throttling server says, and asks again where it stumbled", async () => {
    const { mlflow, http } = on(
      https,
      { status: 429, headers: { "retry-after": "0" } },
      { status: 503 },
      { status: 200, body: { run: { info: { run_id: "r" } } } },
    );
    expect((await getRun(mlflow, "r"))?.info.run_id).to.equal("r");
    expect(http.requests).to.have.length(3);
  });

  it("reads every page of a list", async () => {
    const version = (number: string): object => ({ name: "it's", version: number });
    const { mlflow, http } = on(
      https,
      { status: 200, body: { model_versions: [version("2"), version("10")], next_page_token: "next" } },
      { status: 200, body: { model_versions: [version("1")] } },
    );
    expect((await versionsOf(mlflow, "it's")).map((one) => one.version)).to.deep.equal(["10", "2", "1"]);
    expect(new URL(http.requests[1]?.url ?? "").searchParams.get("page_token")).to.equal("next");
    expect(new URL(http.requests[0]?.url ?? "").searchParams.get("filter")).to.equal(`name="it's"`);
  });

  it("tells what isn't there from what went wrong", async () => {
    const missing = { status: 404, body: { error_code: "RESOURCE_DOES_NOT_EXIST", message: "no run" } };
    expect(await getRun(on(https, missing).mlflow, "r")).to.equal(undefined);
    const unknown = { status: 400, body: { error_code: "INVALID_PARAMETER_VALUE", message: "no alias" } };
    expect(await versionByAlias(on(https, unknown).mlflow, "m", "a")).to.equal(undefined);
    const denied = await failure(() => getRun(on(https, { status: 403 }).mlflow, "r"));
    expect(denied.message).to.match(
      /^GET https:\/\/mlflow\.test\/base\/api\/2\.0\/mlflow\/runs\/get: 403: who asks/,
    );
    expect(hasCode(denied, "RESOURCE_DOES_NOT_EXIST")).to.equal(false);
    const lost = await failure(() => getRun(on(https, { status: 404 }).mlflow, "r"));
    expect(lost.message).to.contain("check the tracking URI");
  });

  it("follows no redirect: what signs the request is for this server alone", async () => {
    const moved = { status: 302, headers: { location: "https://elsewhere.test/login" } };
    const { mlflow, http } = on(https, moved);
    expect((await failure(() => getRun(mlflow, "r"))).message).to.contain("302");
    expect(http.requests).to.have.length(1);
  });
});
