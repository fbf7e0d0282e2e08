import { expect } from "chai";
import fc from "fast-check";
import type { StoredResource } from "../../local/arm/store";
import { MlflowError } from "../../local/mlflow/errors";
import type { ModelFiles } from "../../local/mlflow/model-files";
import { Registry } from "../../local/mlflow/registry";
import { checkFilter, matches, ordered, page, parseFilter } from "../../local/mlflow/registry-search";
import { armModel, armVersion, memoryStore, principal, workspace } from "./mlflow-fixtures";

const flavors = { python_function: { loader_module: "mlflow.sklearn" }, sklearn: { sklearn_version: "1.9" } };
const now = new Date("2026-11-23T10:00:00.000Z");

function registryOver(...resources: StoredResource[]) {
  const store = memoryStore(...resources);
  const files = { flavors: () => Promise.resolve(flavors) } as unknown as ModelFiles;
  return { store, registry: new Registry(store, files, () => now) };
}

const made = {
  name: "line",
  source: "runs:/ab/model",
  runId: "ab",
  description: undefined,
  tags: { a: "1" },
};

async function refusal(action: Promise<unknown>): Promise<MlflowError> {
  return await action.then(
    () => expect.fail("was not refused"),
    (error: unknown) => error as MlflowError,
  );
}

describe("MLflow's registry over ARM's models", () => {
  it("registers a version that ARM then has, with flavors, source, run and tags", async () => {
    const { store, registry } = registryOver(armModel("line"));
    const version = await registry.createVersion(workspace, principal, made);
    expect(version).to.include({
      name: "line",
      version: "1",
      run_id: "ab",
      source: "runs:/ab/model",
      status: "READY",
      current_stage: "None",
    });
    const { body } = store.get(`${workspace.id}/models/line/versions/1`) as StoredResource;
    expect(body["type"]).to.equal("Microsoft.MachineLearningServices/workspaces/models/versions");
    expect(body["properties"]).to.deep.include({
      modelType: "mlflow_model",
      modelUri:
        "azureml://subscriptions/s1/resourcegroups/rg-ml/workspaces/mlw-one/datastores/workspaceartifactstore/paths/ExperimentRun/dcid.ab/model",
      flavors: { python_function: { data: flavors.python_function }, sklearn: { data: flavors.sklearn } },
      jobName: "ab",
      tags: { a: "1" },
      isArchived: false,
    });
    expect(store.get(`${workspace.id}/models/line`)?.body["properties"]).to.include({
      latestVersion: "1",
      nextVersion: "2",
    });
  });

  it("shows a version that ARM registered, with an address that the plug-in can read", () => {
    const { registry } = registryOver(
      armModel("line"),
      armVersion("line", "4", { description: "d", tags: { k: "v" }, jobName: "run7" }),
    );
    expect(registry.version(workspace, "line", "4")).to.deep.include({
      version: "4",
      description: "d",
      run_id: "run7",
      tags: [{ key: "k", value: "v" }],
      source: "azureml://artifacts/datastores/workspaceblobstore/LocalUpload/f0/model",
      creation_timestamp: Date.parse("2026-01-02T03:04:05.000Z"),
      last_updated_timestamp: Date.parse("2026-01-02T03:04:06.000Z"),
    });
    expect(registry.model(workspace, "line").latest_versions.map((one) => one.version)).to.deep.equal(["4"]);
  });

  it("chooses the next version by itself, also when many register at once and after ARM chose one", async () => {
    const { registry } = registryOver(armModel("line"), armVersion("line", "4"));
    const versions = await Promise.all(
      Array.from(
        { length: 20 },
        async () => (await registry.createVersion(workspace, principal, made)).version,
      ),
    );
    expect(versions.map(Number).sort((a, b) => a - b)).to.deep.equal(
      Array.from({ length: 20 }, (_, i) => i + 5),
    );
  });

  it("never gives a deleted version's number again", async () => {
    const { registry } = registryOver(armModel("line"));
    await registry.createVersion(workspace, principal, made);
    await registry.deleteVersion(workspace, principal, "line", "1");
    expect((await registry.createVersion(workspace, principal, made)).version).to.equal("2");
  });

  it("refuses what another workspace or another store holds", async () => {
    const { registry } = registryOver(armModel("line"));
    const elsewhere =
      "azureml://x/mlflow/v2.0/subscriptions/s1/resourceGroups/rg-ml/providers/Microsoft.MachineLearningServices/workspaces/other/experiments/1/runs/ab/artifacts/model";
    for (const source of ["s3://b/m", elsewhere]) {
      const error = await refusal(registry.createVersion(workspace, principal, { ...made, source }));
      expect(error).to.include({ code: "INVALID_PARAMETER_VALUE", statusCode: 400 });
    }
  });

  it("tells a model that is there already from one that is missing", async () => {
    const { registry } = registryOver(armModel("line"));
    const model = { name: "Line", description: undefined, tags: {} };
    expect((await refusal(registry.createModel(workspace, principal, model))).code).to.equal(
      "RESOURCE_ALREADY_EXISTS",
    );
    expect(
      (await refusal(registry.createVersion(workspace, principal, { ...made, name: "curve" }))).code,
    ).to.equal("RESOURCE_DOES_NOT_EXIST");
    expect(
      (await refusal(registry.createModel(workspace, principal, { ...model, name: "a/b" }))).code,
    ).to.equal("INVALID_PARAMETER_VALUE");
  });

  it("moves stages, and archives the others only when asked", async () => {
    const { registry } = registryOver(
      armModel("line"),
      armVersion("line", "1"),
      armVersion("line", "2"),
      armVersion("line", "3"),
    );
    const move = async (version: string, archiveOthers: boolean) =>
      await registry.transition(workspace, principal, {
        name: "line",
        version,
        stage: "Staging",
        archiveOthers,
      });
    await move("1", false);
    await move("2", false);
    expect(registry.latest(workspace, "line", ["Staging"]).map((one) => one.version)).to.deep.equal(["2"]);
    await move("1", true);
    expect(registry.versions(workspace).map((one) => one.current_stage)).to.deep.equal([
      "Staging",
      "Archived",
      "None",
    ]);
  });

  it("keeps everything else when a tag changes", async () => {
    const before = armVersion("line", "1", { tags: { a: "1", b: "2" }, description: "d" });
    const { registry, store } = registryOver(armModel("line"), before);
    await registry.changeVersion(workspace, principal, "line", "1", { tags: { a: undefined, c: "3" } });
    const after = store.get(before.id)?.body;
    expect(after?.["properties"]).to.deep.equal({
      ...(before.body["properties"] as object),
      tags: { b: "2", c: "3" },
    });
    expect(after?.["systemData"]).to.include({ createdBy: "x", lastModifiedAt: now.toISOString() });
  });

  it("leaves out what is archived in ARM", () => {
    const { registry } = registryOver(
      armModel("line"),
      armVersion("line", "1", { isArchived: true }),
      armModel("old", { isArchived: true }),
    );
    expect(registry.versions(workspace)).to.deep.equal([]);
    expect(registry.models(workspace).map((one) => one.name)).to.deep.equal(["line"]);
  });
});

describe("MLflow's registry searches", () => {
  it("find a name however it is quoted and whatever is in it", () => {
    fc.assert(
      fc.property(
        fc.string().filter((name) => !name.includes("'")),
        (name) => {
          expect(parseFilter(`name = '${name}'`)).to.deep.equal([
            { key: "name", operator: "=", values: [name] },
          ]);
        },
      ),
    );
    expect(parseFilter("name='a' AND run_id IN ('x', 'y')").map((one) => one.values)).to.deep.equal([
      ["a"],
      ["x", "y"],
    ]);
  });

  it("refuse what Azure ML can't search by, and ignore the clause of MLflow's client about prompts", () => {
    for (const filter of [
      "name LIKE 'a%'",
      "name ILIKE 'a%'",
      "tags.k = 'v'",
      "run_id = 'x'",
      "name != 'a'",
      "nonsense",
      "name = 'a' OR name = 'b'",
    ]) {
      expect(() => checkFilter(parseFilter(filter)), filter).to.throw(MlflowError);
    }
    expect(checkFilter(parseFilter("name = 'a' AND tag.`mlflow.prompt.is_prompt` != 'true'"))).to.have.length(
      1,
    );
  });

  it("match LIKE as SQL does, not as a pattern of ours", () => {
    expect(matches({ key: "name", operator: "LIKE", values: ["a.c%"] }, "abcd")).to.equal(false);
    expect(matches({ key: "name", operator: "ILIKE", values: ["%B_D"] }, "abcd")).to.equal(true);
  });

  it("give every item once, page by page", () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), fc.integer({ min: 1, max: 7 }), (items, size) => {
        const seen: number[] = [];
        let token: string | undefined;
        do {
          const part = page(items, size, token);
          seen.push(...part.items);
          token = part.next;
        } while (token !== undefined);
        expect(seen).to.deep.equal(items);
      }),
    );
  });

  it("sort by several keys and name the ones there are", () => {
    const items = [
      { name: "b", n: 1 },
      { name: "a", n: 1 },
      { name: "c", n: 2 },
    ];
    const keys = { name: (item: { name: string }) => item.name, n: (item: { n: number }) => item.n };
    expect(ordered(items, ["n DESC", "name ASC"], keys as never).map((one) => one.name)).to.deep.equal([
      "c",
      "a",
      "b",
    ]);
    expect(() => ordered(items, ["size"], keys as never)).to.throw("Use one of: name, n");
  });
});
