import { expect } from "chai";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { digestOf, readFolder } from "../../providers/assets/files";
import { inspectModel } from "../../providers/mlflow-model/mlmodel";
import { check, diff } from "../../providers/mlflow-model/provider";
import type { ModelVersionInputs, ModelVersionOutputs } from "../../providers/models/types";
import { UNKNOWN } from "../../providers/rules";
import { WORKSPACE_ID } from "../helpers/pulumi-mocks";

const MLMODEL = `flavors:
  python_function:
    loader_module: mlflow.sklearn
mlflow_version: 2.22.5
signature:
  inputs: '[]'
`;

describe("an MLflow model folder", () => {
  const root = mkdtempSync(join(tmpdir(), "pulumi-azureml-model-"));
  let count = 0;
  /** A folder of its own with these files. */
  const folder = (files: Record<string, string>): string => {
    const path = join(root, `model-${(count += 1)}`);
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(join(path, name, ".."), { recursive: true });
      writeFileSync(join(path, name), text);
    }
    return path;
  };
  const good = {
    MLmodel: MLMODEL,
    "requirements.txt": "azureml-ai-monitoring==1.0.0\n",
    "data/model.pkl": "bytes",
  };
  const digest = async (files: Record<string, string>): Promise<string> =>
    digestOf(await readFolder(folder(files)));
  const inputs = (path: string): ModelVersionInputs => ({
    workspaceId: WORKSPACE_ID,
    name: "churn",
    path,
    onDelete: "retain",
  });
  const reasons = async (path: string): Promise<string[]> => {
    const { failures = [] } = await check(inputs(path), inputs(path));
    return failures.map(({ property, reason }) => `${property}: ${reason}`);
  };

  after(() => rmSync(root, { recursive: true, force: true }));

  it("is known by its content, wherever it is and whatever Python or Finder left in it", async () => {
    const plain = await digest(good);
    expect(plain).to.match(/^[0-9a-f]{64}$/);
    expect(await digest({ ...good, ".DS_Store": "x", "data/__pycache__/m.pyc": "y" })).to.equal(plain);
    expect(await digest({ ...good, "data/model.pkl": "other" })).to.not.equal(plain);
    expect(
      await digest({ MLmodel: MLMODEL, "requirements.txt": good["requirements.txt"], "model.pkl": "bytes" }),
    ).to.not.equal(plain);
  });

  it("keeps its digest from release to release: another would register every model again", async () => {
    expect(await digest({ MLmodel: "a", "data/b": "c" })).to.equal(
      "7ab66f5252d07f9b36206cd66656e6ce4ca9f568788ed3e1731fb8e5ceeeea0a",
    );
  });

  it("that is good says nothing", async () => {
    expect(inspectModel(folder(good))).to.deep.equal({ errors: [], warnings: [] });
  });

  it("that is missing, or no model, is refused by its path", async () => {
    expect((await reasons(join(root, "nowhere")))[0]).to.match(
      /^path: there is no such file or folder \(looked for .*nowhere\)\.$/,
    );
    expect((await reasons(folder({ "model.pkl": "x" })))[0]).to.match(/^path: has no file "MLmodel"/);
    expect((await reasons(folder({ MLmodel: "a: [b" })))[0]).to.match(/^path: its MLmodel is not YAML/);
    expect((await reasons(folder({ MLmodel: "flavors: {spark: {}}" })))[0]).to.match(
      /no python_function flavor \(it has spark\)/,
    );
  });

  it("of MLflow 3 is refused, with what to do", async () => {
    const three = folder({ ...good, MLmodel: MLMODEL.replace("2.22.5", "3.1.0") });
    expect((await reasons(three))[0]).to.match(/logged with MLflow 3.1.0.*mlflow<3/);
  });

  it("without azureml-ai-monitoring or a signature is warned of", () => {
    const { errors, warnings } = inspectModel(folder({ MLmodel: MLMODEL.replace(/signature:[^]*/, "") }));
    expect(errors).to.deep.equal([]);
    expect(warnings.join("\n")).to.contain("azureml-ai-monitoring").and.to.contain("no signature");
  });

  it("with a link to a folder is refused: its content could change unseen", async () => {
    const path = folder(good);
    symlinkSync(root, join(path, "link"));
    expect((await reasons(path))[0]).to.match(/link: is a symbolic link to a folder/);
  });

  it("has its digest in the preview, so that a new version is seen there", async () => {
    const path = folder(good);
    const checked = await check(inputs(path), inputs(path));
    expect(checked.failures ?? []).to.deep.equal([]);
    expect(checked.inputs?.digest).to.equal(await digest(good));
  });

  it("passes while a preview does not know it", async () => {
    const unknown = { ...inputs(UNKNOWN), workspaceId: UNKNOWN };
    expect(await check(unknown, unknown)).to.deep.equal({ inputs: { ...unknown, digest: UNKNOWN } });
  });

  it("with other content is another version, made before the one it follows goes; other tags are the same one", async () => {
    const olds: ModelVersionOutputs = {
      ...inputs("model"),
      digest: "one",
      version: "1",
      modelUri: "azureml://",
    };
    const same = { changes: false, replaces: [], deleteBeforeReplace: false };
    expect(await diff("", olds, { ...inputs("elsewhere"), digest: "one" })).to.deep.equal(same);
    expect(await diff("", olds, { ...inputs("model"), digest: "two" })).to.deep.equal({
      ...same,
      changes: true,
      replaces: ["digest"],
    });
    expect(await diff("", olds, { ...inputs("model"), digest: "one", tags: { a: "b" } })).to.deep.equal({
      ...same,
      changes: true,
    });
  });

  it("has files of any length: those above one read are hashed whole", async () => {
    const bytes = Buffer.alloc(3_000_000, 7);
    const path = folder(good);
    writeFileSync(join(path, "large"), bytes);
    const large = (await readFolder(path)).find((file) => file.path === "large");
    expect(large?.length).to.equal(bytes.length);
    expect(large?.sha256).to.deep.equal(createHash("sha256").update(bytes).digest());
  });
});
