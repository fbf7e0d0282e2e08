import { expect } from "chai";
import { createMlflow } from "../../providers/clients/mlflow";
import { getModel } from "../../providers/clients/mlflow-registry";
import type { MlflowServer } from "../../providers/clients/mlflow-server";
import * as experiment from "../../providers/experiment/provider";
import * as model from "../../providers/registered-model/provider";
import { clientsPython } from "../../tools/paths";
import { startMlflowServer, type MlflowServerProcess } from "../helpers/mlflow-server";

const ADMINISTRATOR = { username: "admin", password: "planted-administrator" };
const ANN = { username: "ann", password: "planted-ann-password" };

describe("an MLflow server with users of its own (`--app-name basic-auth`)", function () {
  this.timeout(180_000);
  let process_: MlflowServerProcess;
  let server: MlflowServer;
  const signInAs = ({ username, password }: typeof ANN): void => {
    process.env["TEST_MLFLOW_NAME"] = username;
    process.env["TEST_MLFLOW_PASSWORD"] = password;
  };

  before(async () => {
    process_ = await startMlflowServer(clientsPython, { administrator: ADMINISTRATOR });
    server = {
      trackingUri: process_.url,
      auth: {
        kind: "Basic",
        usernameVariable: "TEST_MLFLOW_NAME",
        passwordVariable: "TEST_MLFLOW_PASSWORD",
      },
    };
    signInAs(ADMINISTRATOR);
    await createMlflow(server).send("POST", "users/create", ANN);
  });
  after(async () => {
    delete process.env["TEST_MLFLOW_NAME"];
    delete process.env["TEST_MLFLOW_PASSWORD"];
    await process_?.stop();
  });

  const churn = () => ({ name: "churn", server, onDelete: "delete" as const });
  const refusal = async (work: Promise<unknown>): Promise<string> =>
    await work.then(
      () => expect.fail("nobody was refused"),
      (error: Error) => error.message,
    );

  it("lets one of them make experiments and models", async () => {
    signInAs(ANN);
    await experiment.create({ ...churn(), tags: { team: "risk" } });
    await model.create({ ...churn(), description: "who leaves" });
    expect((await getModel(createMlflow(server), "churn"))?.description).to.equal("who leaves");
  });

  it("refuses whoever may only read what the administrator made", async () => {
    signInAs(ADMINISTRATOR);
    const { id, outs = expect.fail() } = await model.create({ ...churn(), name: "closed" });
    signInAs(ANN);
    const message = await refusal(model.update(id, outs, { ...outs, description: "mine now" }));
    expect(message).to.contain("403").and.not.to.contain("planted");
  });

  it("refuses another password, which the error doesn't show", async () => {
    signInAs({ ...ANN, password: "planted-wrong" });
    const message = await refusal(experiment.create(churn()));
    expect(message).to.contain("401").and.to.contain("auth").and.not.to.contain("planted");
  });
});
