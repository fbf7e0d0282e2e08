import { expect } from "chai";
import { plainEnvironment } from "../../local/children";
import type { JsonObject } from "../../local/json";
import { createMlflow, type Mlflow } from "../../providers/clients/mlflow";
import { getModel } from "../../providers/clients/mlflow-registry";
import { experimentNamed, tagRecord } from "../../providers/clients/mlflow-tracking";
import { MlflowExperiment } from "../../providers/experiment/resource";
import { MlflowRegisteredModel } from "../../providers/registered-model/resource";
import { UNKNOWN } from "../../providers/rules";
import { python } from "../../tools/paths";
import { providerText, startDynamicProvider, type DynamicProvider } from "../helpers/dynamic-provider";
import {
  startDoor,
  startMlflowServer,
  type MlflowServerProcess,
  type Verdict,
} from "../helpers/mlflow-server";
import { failureOf, keptAfter, type Remembered } from "../helpers/provider-client";
import { REGISTRY_ID } from "../helpers/pulumi-mocks";

const type = "pulumi-nodejs:dynamic/pulumi-azureml:Some";

/** The two resources, and how a test sees what the server holds. */
const KINDS = {
  experiment: {
    text: async () =>
      String(await providerText(() => new MlflowExperiment("e", { name: "n", onDelete: "retain" }))),
    tag: "POST experiments/set-experiment-tag",
    make: "POST experiments/create",
    held: async (mlflow: Mlflow, name: string) => {
      const found = await experimentNamed(mlflow, name);
      return found === undefined || found.lifecycle_stage === "deleted" ? undefined : tagRecord(found.tags);
    },
  },
  "registered model": {
    text: async () =>
      String(await providerText(() => new MlflowRegisteredModel("m", { name: "n", onDelete: "retain" }))),
    tag: "POST registered-models/set-tag",
    make: "POST registered-models/create",
    held: async (mlflow: Mlflow, name: string) => {
      const found = await getModel(mlflow, name);
      return found && tagRecord(found.tags);
    },
  },
} as const;

/** In Pulumi's own process, on MLflow's own server; the steps of each kind build on one another. */
for (const [kind, { text, tag, make, held }] of Object.entries(KINDS))
  describe(`the provider process's ${kind}`, function () {
    this.timeout(180_000);
    let server: MlflowServerProcess;
    let door: Awaited<ReturnType<typeof startDoor>>;
    let provider: DynamicProvider;
    let mlflow: Mlflow;
    let provided: string;
    let verdict: (request: string) => Verdict = () => undefined;
    let it_: Remembered;

    const start = async (): Promise<DynamicProvider> => await startDynamicProvider(plainEnvironment({}));
    const inputs = (more: JsonObject = {}): JsonObject => ({
      server: { trackingUri: door.url },
      name: "churn",
      tags: { team: "risk" },
      onDelete: "delete",
      ...more,
    });
    const checked = async (more: JsonObject = {}): Promise<JsonObject> => {
      const { inputs: whole, failures } = await provider.client.check(type, "it", {
        ...inputs(more),
        __provider: provided,
      });
      expect(failures).to.deep.equal({});
      return whole;
    };
    const there = async (name = "churn"): Promise<unknown> => await held(mlflow, name);

    before(async () => {
      provided = await text();
      server = await startMlflowServer(python);
      door = await startDoor(server.url, ({ method = "", url = "" }) =>
        verdict(`${method} ${url.replace(/\?.*/, "").replace(/^\/api\/2\.0\/mlflow\//, "")}`),
      );
      mlflow = createMlflow({ trackingUri: server.url });
      provider = await start();
    });
    after(async () => {
      await provider?.stop();
      await door?.stop();
      await server?.stop();
    });
    afterEach(() => (verdict = () => undefined));

    it("passes what a preview does not know yet, and refuses what is wrong by its property", async () => {
      const unknown = { workspaceId: UNKNOWN, server: undefined, name: UNKNOWN, tags: UNKNOWN };
      expect(await checked(unknown)).to.include({ workspaceId: UNKNOWN, name: UNKNOWN, tags: UNKNOWN });
      const wrong = { ...inputs({ workspaceId: REGISTRY_ID, onDelete: "purge" }), __provider: provided };
      const { failures } = await provider.client.check(type, "it", wrong);
      expect(Object.keys(failures).sort()).to.deep.equal(["onDelete", "workspaceId"]);
    });

    it("that the server refuses leaves nothing to be remembered, and is not there", async () => {
      verdict = (request) => (request === make ? 403 : undefined);
      const failed = await failureOf(provider.client.create(type, "it", await checked()));
      expect(failed.message).to.contain("403");
      expect(keptAfter(failed)).to.equal(undefined);
      expect(await there()).to.equal(undefined);
    });

    it("whose making was answered to nobody is taken on by the next try", async () => {
      let lost = 0;
      verdict = (request) => (request === make && (lost += 1) === 1 ? "lose" : undefined);
      const first = provider.client.create(type, "it", await checked());
      it_ = await first.catch(async () => await provider.client.create(type, "it", await checked()));
      expect(lost).to.be.greaterThan(0);
      expect(it_.outputs["__provider"]).to.equal(provided);
      expect(await there()).to.include({ team: "risk" });
    });

    it("shows no change, and in a refresh what others changed", async () => {
      const seen = await provider.client.refresh(it_);
      expect((await provider.client.diff(it_, seen?.inputs ?? {})).kind).to.equal("none");
      expect(seen?.outputs["__provider"]).to.equal(provided);
      const other = await provider.client.update(it_, await checked({ tags: { team: "sales" } }));
      expect((await provider.client.refresh({ ...it_, outputs: it_.outputs }))?.inputs["tags"]).to.deep.equal(
        {
          team: "sales",
        },
      );
      it_ = await provider.client.update(other, await checked());
    });

    it("is planned to change in place, and to be another on another server", async () => {
      const plan = async (more: JsonObject): Promise<unknown> => {
        const { kind: change, replaces } = await provider.client.diff(it_, await checked(more));
        return [change, replaces];
      };
      expect(await plan({ tags: { team: "shops" } })).to.deep.equal(["some", []]);
      expect(await plan({ name: "renamed" })).to.deep.equal(["some", []]);
      expect(await plan({ server: { trackingUri: server.url } })).to.deep.equal(["some", ["server"]]);
      expect(await plan({ __provider: "another" })).to.deep.equal(["none", []]);
    });

    it("that failed half renamed is finished by the next try", async () => {
      const wish = { name: "renamed", tags: { team: "shops" } };
      verdict = (request) => (request === tag ? 403 : undefined);
      const failed = await failureOf(provider.client.update(it_, await checked(wish)));
      expect(failed.message).to.contain("403");
      expect(keptAfter(failed)).to.equal(undefined);
      expect(await there("renamed")).to.include({ team: "risk" });
      verdict = () => undefined;
      // The engine remembers what was before.
      it_ = await provider.client.update(it_, await checked(wish));
      expect(await there("renamed")).to.include({ team: "shops" });
      expect((await provider.client.diff(it_, await checked(wish))).kind).to.equal("none");
    });

    it("whose update was cancelled is finished by another process", async () => {
      const untilHeld = new Promise<void>((resolve) => {
        verdict = (request) => {
          if (request === tag) resolve();
          return request === tag ? "hold" : undefined;
        };
      });
      const wish = { name: "renamed", tags: { team: "night shift" } };
      const cut = failureOf(provider.client.update(it_, await checked(wish)));
      await Promise.race([cut, untilHeld]);
      // So the engine cancels: it tells the process, and ends it.
      await provider.client.cancel();
      await provider.stop();
      expect((await cut).message).to.not.equal("");
      verdict = () => undefined;
      provider = await start();
      it_ = await provider.client.update(it_, await checked(wish));
      expect(await there("renamed")).to.include({ team: "night shift" });
    });

    it("goes, and what is gone is deleted and refreshed without an error", async () => {
      await provider.client.delete(it_);
      expect(await there("renamed")).to.equal(undefined);
      await provider.client.delete(it_);
      expect(await provider.client.refresh(it_)).to.equal(undefined);
    });

    it("stays where it is to be retained", async () => {
      const kept = await provider.client.create(
        type,
        "it",
        await checked({ name: "kept", onDelete: "retain" }),
      );
      await provider.client.delete(kept);
      expect(await there("kept")).to.include({ team: "risk" });
    });
  });
