import type { ContainerClient } from "@azure/storage-blob";
import { expect } from "chai";
import fc from "fast-check";
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { contentOf, versionId, versionOf } from "../../providers/asset-version/content";
import { check, diff } from "../../providers/asset-version/provider";
import { register, versionProperties } from "../../providers/asset-version/register";
import type { AssetVersionInputs, AssetVersionOutputs } from "../../providers/asset-version/types";
import { createArm } from "../../providers/clients/arm";
import { UNKNOWN } from "../../providers/rules";
import { WORKSPACE_ID } from "../helpers/pulumi-mocks";
import { ScriptedArm, scriptedCredential } from "../helpers/scripted-arm";

const image: AssetVersionInputs = {
  workspaceId: WORKSPACE_ID,
  collection: "environments",
  name: "churn",
  definition: { osType: "Linux", image: "an/image:1", condaFile: "dependencies: [python=3.12]\n" },
  onDelete: "retain",
};
const digestOf = async (inputs: AssetVersionInputs): Promise<string> => (await contentOf(inputs)).digest;
const noUpload = (): ContainerClient => {
  throw new Error("nothing is to be uploaded");
};

describe("the content of a version", () => {
  const root = mkdtempSync(join(tmpdir(), "pulumi-azureml-asset-"));
  const built = (path: string, dockerfilePath = "Dockerfile"): AssetVersionInputs => ({
    ...image,
    definition: { osType: "Linux", build: { dockerfilePath } },
    path,
  });
  const folder = (name: string, text: string): string => {
    const path = join(root, name);
    mkdirSync(path, { recursive: true });
    writeFileSync(join(path, "Dockerfile"), text);
    return path;
  };
  after(() => rmSync(root, { recursive: true, force: true }));

  it("is what makes it another: image, packages, Dockerfile, files; not its place, name, tags or order", async () => {
    const plain = await digestOf(image);
    const { osType, ...rest } = image.definition;
    expect(
      await digestOf({ ...image, definition: { ...rest, osType }, name: "other", tags: { a: "b" } }),
    ).to.equal(plain);
    expect(
      await digestOf({ ...image, definition: { ...image.definition, image: "an/image:2" } }),
    ).to.not.equal(plain);
    expect(
      await digestOf({ ...image, definition: { ...image.definition, condaFile: "dependencies: []" } }),
    ).to.not.equal(plain);
    const context = await digestOf(built(folder("a", "FROM a")));
    expect(await digestOf(built(folder("b", "FROM a")))).to.equal(context);
    expect(await digestOf(built(folder("c", "FROM b")))).to.not.equal(context);
    expect(await digestOf(built(folder("a", "FROM a"), "gpu.Dockerfile"))).to.not.equal(context);
  });

  it("keeps its version from release to release: another would register everything again", async () => {
    expect(versionOf(await digestOf(image))).to.equal("sha256-b9ecb41c85ca8a74");
  });

  it("gives one version for one content, a legal one, and tells contents apart", async () => {
    const definitions = fc.dictionary(fc.string({ minLength: 1, maxLength: 8 }), fc.string({ maxLength: 8 }));
    await fc.assert(
      fc.asyncProperty(definitions, definitions, async (one, other) => {
        const versions = [one, other].map(async (definition) =>
          versionOf(await digestOf({ ...image, definition })),
        );
        const [first = "", second] = await Promise.all(versions);
        expect(first).to.match(/^sha256-[0-9a-f]{16}$/);
        const same =
          JSON.stringify(Object.entries(one).sort()) === JSON.stringify(Object.entries(other).sort());
        expect(first === second).to.equal(same);
      }),
    );
  });

  it("is not known where something of it is not, and refused where it is not there or empty", async () => {
    expect((await check(image, { ...image, definition: { image: UNKNOWN } })).inputs).to.include({
      digest: UNKNOWN,
    });
    mkdirSync(join(root, "empty"));
    for (const [path, reason] of [
      ["nowhere", "no such file or folder"],
      ["empty", "no files"],
    ] as const) {
      const { failures = [] } = await check(image, built(join(root, path)));
      expect(failures.map(({ property }) => property)).to.deep.equal(["path"]);
      expect(failures[0]?.reason).to.contain(reason);
    }
  });

  it("is no other by a file's time, nor by what git, Python and Finder leave beside it; by a line of it, it is", async () => {
    const path = join(root, "code");
    const script = join(path, "score.py");
    const code: AssetVersionInputs = { ...image, collection: "codes", definition: {}, path };
    mkdirSync(join(path, "__pycache__"), { recursive: true });
    writeFileSync(script, "answer = 1\n");
    const before = await digestOf(code);
    utimesSync(script, 1, 1);
    writeFileSync(join(path, "__pycache__", "score.cpython-312.pyc"), "compiled");
    writeFileSync(join(path, ".DS_Store"), "finder");
    mkdirSync(join(path, ".git"));
    writeFileSync(join(path, ".git", "HEAD"), "ref: refs/heads/main");
    expect(await digestOf(code)).to.equal(before);
    writeFileSync(script, "answer = 2\n");
    expect(await digestOf(code)).to.not.equal(before);
  });

  it("has the address that its kind wants: a blob's for a build context and code, Azure ML's for data", () => {
    const uploaded = {
      folder: "LocalUpload/x/image",
      file: "",
      blobUri: "https://st.blob.core.windows.net/c/LocalUpload/x/image",
    };
    expect(versionProperties(built("image"), "d", uploaded)).to.deep.include({
      build: { dockerfilePath: "Dockerfile", contextUri: `${uploaded.blobUri}/` },
      properties: { "pulumi-azureml.digest": "d" },
    });
    const code = { ...image, collection: "codes", definition: {} } as const;
    expect(versionProperties(code, "d", uploaded)).to.deep.include({ codeUri: uploaded.blobUri });
    const data = { ...image, collection: "data", definition: { dataType: "uri_file" } } as const;
    const file = { ...uploaded, folder: "LocalUpload/x", file: "churn.csv" };
    expect(versionProperties(data, "d", file)["dataUri"]).to.match(
      /\/datastores\/workspaceblobstore\/paths\/LocalUpload\/x\/churn\.csv$/,
    );
  });
});

describe("registering a version", () => {
  it("takes on one of this content that is there, and makes another where there is none", async () => {
    const there = { status: 200, body: { id: "x", name: "v", properties: { tags: {}, description: null } } };
    const missing = { status: 404 };
    const found = new ScriptedArm([there, there]);
    const known = await register(
      createArm({ credential: scriptedCredential, httpClient: found }),
      noUpload,
      image,
      () => undefined,
    );
    expect(found.asked().every((line) => line.startsWith("GET"))).to.equal(true);
    const server = new ScriptedArm([missing, missing, { status: 201 }, there]);
    const made = await register(
      createArm({ credential: scriptedCredential, httpClient: server }),
      noUpload,
      image,
      () => undefined,
    );
    expect(made).to.deep.equal(known);
    expect(made.id).to.equal(versionId(image, made.outs.version));
    expect(JSON.parse(String(server.requests[2]?.body))).to.deep.include({
      properties: {
        ...image.definition,
        tags: {},
        properties: { "pulumi-azureml.digest": made.outs.digest },
      },
    });
  });

  it("stops where the files are not those that the preview showed", async () => {
    const changed = { ...image, digest: "another" };
    const arm = createArm({ credential: scriptedCredential, httpClient: new ScriptedArm([]) });
    let message = "";
    await register(arm, noUpload, changed, () => undefined).catch(
      (error: Error) => (message = error.message),
    );
    expect(message).to.contain("changed while the command ran");
  });

  it("is planned as a new version beside the old for other content, and in place for what describes it", async () => {
    const olds: AssetVersionOutputs = { ...image, digest: "a", version: "sha256-a" };
    expect(await diff("id", olds, { ...olds, digest: "b" })).to.deep.include({
      replaces: ["digest"],
      deleteBeforeReplace: false,
    });
    expect(await diff("id", olds, { ...olds, tags: { a: "b" } })).to.deep.include({
      changes: true,
      replaces: [],
    });
    expect(await diff("id", olds, olds)).to.deep.include({ changes: false });
  });
});
