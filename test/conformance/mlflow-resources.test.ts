import { expect } from "chai";
import { createMlflow, type Mlflow } from "../../providers/clients/mlflow";
import { getModel } from "../../providers/clients/mlflow-registry";
import type { MlflowServer } from "../../providers/clients/mlflow-server";
import { experimentNamed, tagRecord } from "../../providers/clients/mlflow-tracking";
import * as experiment from "../../providers/experiment/provider";
import * as model from "../../providers/registered-model/provider";
import { clientsPython, python } from "../../tools/paths";
import { startGuard, startMlflowServer, type MlflowServerProcess } from "../helpers/mlflow-server";

for (const [version, executable] of [
  ["2.22", python],
  ["3.15", clientsPython],
] as const) {
  describe(`experiments and registered models on an MLflow ${version} server`, function () {
    this.timeout(180_000);
    let process_: MlflowServerProcess;
    let guard: Awaited<ReturnType<typeof startGuard>>;
    let server: MlflowServer;
    let mlflow: Mlflow;

    before(async () => {
      process_ = await startMlflowServer(executable);
      const pair = Buffer.from("ann:planted-password").toString("base64");
      guard = await startGuard(process_.url, `Basic ${pair}`);
      process.env["TEST_MLFLOW_NAME"] = "ann";
      process.env["TEST_MLFLOW_PASSWORD"] = "planted-password";
      server = {
        trackingUri: guard.url,
        auth: {
          kind: "Basic",
          usernameVariable: "TEST_MLFLOW_NAME",
          passwordVariable: "TEST_MLFLOW_PASSWORD",
        },
      };
      mlflow = createMlflow(server);
    });
    after(async () => {
      delete process.env["TEST_MLFLOW_NAME"];
      delete process.env["TEST_MLFLOW_PASSWORD"];
      await guard?.stop();
      await process_?.stop();
    });

    const churn = { name: "churn", tags: { team: "risk", stage: "dev" }, onDelete: "delete" as const };
    const tagsOf = async (name: string): Promise<Record<string, string>> =>
      tagRecord((await experimentNamed(mlflow, name))?.tags);

    it("an experiment is made with its tags, and taken on where it is there", async () => {
      const made = await experiment.create({ ...churn, server });
      expect(made.outs?.artifactLocation).to.equal(`mlflow-artifacts:/${made.id}`);
      expect(await tagsOf("churn")).to.include(churn.tags);
      const again = await experiment.create({ ...churn, tags: { team: "fraud" }, server });
      expect(again.id).to.equal(made.id);
      expect(await tagsOf("churn")).to.include({ team: "fraud", stage: "dev" });
    });

    it("an experiment is renamed and retagged; tags of others stay, and a refresh shows only what is declared", async () => {
      const made = await experiment.create({ ...churn, server });
      const outs = made.outs ?? expect.fail();
      await mlflow.send("POST", "experiments/set-experiment-tag", {
        experiment_id: made.id,
        key: "other",
        value: "theirs",
      });
      const news = { ...churn, server, name: "churn-2026", tags: { team: "risk" } };
      const { replaces, changes } = await experiment.diff(made.id, outs, news);
      expect({ replaces, changes }).to.deep.equal({ replaces: [], changes: true });
      const { outs: changed = expect.fail() } = await experiment.update(made.id, outs, news);
      const tags = await tagsOf("churn-2026");
      expect(tags).to.include({ team: "risk", other: "theirs" });
      // MLflow 2 has no way to take a tag of an experiment away.
      expect("stage" in tags).to.equal(version === "2.22");
      await mlflow.send("POST", "experiments/set-experiment-tag", {
        experiment_id: made.id,
        key: "team",
        value: "sales",
      });
      const seen = await experiment.read(made.id, changed);
      expect(seen.inputs).to.deep.include({ name: "churn-2026", tags: { team: "sales" } });
      await experiment.update(made.id, changed, { ...news, name: "churn" });
    });

    it("an experiment that is deleted is gone for a refresh, and comes back under its name with its id", async () => {
      const made = await experiment.create({ ...churn, server });
      const outs = made.outs ?? expect.fail();
      await experiment.delete(made.id, { ...outs, onDelete: "retain" });
      expect((await experiment.read(made.id, outs)).id).to.equal(made.id);
      await experiment.delete(made.id, outs);
      expect((await experiment.read(made.id, outs)).id).to.equal("");
      await experiment.delete(made.id, outs);
      expect((await experiment.create({ ...churn, server })).id).to.equal(made.id);
      expect((await experiment.read(made.id, outs)).id).to.equal(made.id);
    });

    it("a registered model is made, taken on, renamed, retagged, refreshed and deleted with its versions", async () => {
      const words = { name: "Who's leaving", description: "first", tags: { team: "risk", stage: "dev" } };
      const inputs = { ...words, server, onDelete: "delete" as const };
      const { id, outs = expect.fail() } = await model.create(inputs);
      await model.create(inputs);
      await mlflow.send("POST", "registered-models/set-tag", {
        name: words.name,
        key: "other",
        value: "theirs",
      });
      const news = { ...inputs, name: "leaving", description: "second", tags: { team: "fraud" } };
      expect((await model.diff(id, outs, news)).replaces).to.deep.equal([]);
      const { outs: changed = expect.fail() } = await model.update(id, outs, news);
      const live = await getModel(mlflow, "leaving");
      expect(live?.description).to.equal("second");
      expect(tagRecord(live?.tags)).to.deep.equal({ team: "fraud", other: "theirs" });
      await mlflow.send("PATCH", "registered-models/update", { name: "leaving", description: "by hand" });
      expect((await model.read(id, changed)).inputs).to.deep.include({
        description: "by hand",
        tags: { team: "fraud" },
      });
      await mlflow.send("POST", "model-versions/create", { name: "leaving", source: "mlflow-artifacts:/x" });
      await model.delete(id, { ...changed, onDelete: "retain" });
      expect(await getModel(mlflow, "leaving")).not.to.equal(undefined);
      await model.delete(id, changed);
      expect((await model.read(id, changed)).id).to.equal("");
      await model.delete(id, changed);
    });

    it("who doesn't know the password is told so, and reads none", async () => {
      process.env["TEST_MLFLOW_PASSWORD"] = "planted-wrong";
      try {
        const error = await experiment.create({ ...churn, server }).catch((reason: Error) => reason);
        expect(error).to.be.instanceOf(Error);
        const { message } = error as Error;
        expect(message).to.contain("401").and.to.contain("auth");
        expect(message).not.to.contain("planted");
        expect(guard.refused()).to.be.greaterThan(0);
      } finally {
        process.env["TEST_MLFLOW_PASSWORD"] = "planted-password";
      }
    });
  });
}
