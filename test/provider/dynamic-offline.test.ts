import { expect } from "chai";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { JsonObject } from "../../local/json";
import { MlflowModelVersion } from "../../providers/models/resource";
import { OnlineEndpointSettings } from "../../providers/online-endpoint/resource";
import { Purge } from "../../providers/purge/resource";
import { UNKNOWN } from "../../providers/rules";
import { exampleModelFolder } from "../../tools/paths";
import { providerText, startDynamicProvider, type DynamicProvider } from "../helpers/dynamic-provider";
import { ENDPOINT_ID, WORKSPACE_ID } from "../helpers/pulumi-mocks";

const type = "pulumi-nodejs:dynamic/pulumi-azureml:Some";
const model = { workspaceId: WORKSPACE_ID, name: "churn", path: "model", onDelete: "retain" };

/** As in a preview on a machine that reaches nothing: neither credentials nor network. */
describe("dynamic providers in a preview", () => {
  let provider: DynamicProvider;
  let texts: { model: JsonObject; endpoint: JsonObject; purge: JsonObject };

  before(async () => {
    const text = async (declare: Parameters<typeof providerText>[0]): Promise<JsonObject> => ({
      __provider: (await providerText(declare)) as string,
    });
    texts = {
      model: await text(() => new MlflowModelVersion("m", model)),
      endpoint: await text(() => new OnlineEndpointSettings("e", { endpointId: ENDPOINT_ID })),
      purge: await text(() => new Purge("p", { targetId: WORKSPACE_ID, onDelete: "purge" })),
    };
    provider = await startDynamicProvider({
      PATH: process.env["PATH"],
      HTTPS_PROXY: "http://127.0.0.1:9",
      https_proxy: "http://127.0.0.1:9",
    });
  });
  after(async () => await provider.stop());

  const check = async (text: JsonObject, inputs: JsonObject): ReturnType<typeof provider.client.check> =>
    await provider.client.check(type, "it", { ...inputs, ...text });

  it("take values that are not known yet, in every place", async () => {
    for (const [text, inputs] of [
      [texts.model, { ...model, path: exampleModelFolder, workspaceId: UNKNOWN, tags: { a: UNKNOWN } }],
      [texts.model, { workspaceId: UNKNOWN, name: UNKNOWN, path: UNKNOWN, onDelete: UNKNOWN, tags: UNKNOWN }],
      [texts.endpoint, { endpointId: UNKNOWN, traffic: UNKNOWN, identity: UNKNOWN, authMode: UNKNOWN }],
      [texts.purge, { targetId: UNKNOWN, onDelete: UNKNOWN }],
    ] as const)
      expect((await check(text, inputs)).failures).to.deep.equal({});
  });

  it("know a model's digest, and say what is wrong with a folder by its property", async () => {
    const good = await check(texts.model, { ...model, path: exampleModelFolder });
    expect(good.inputs["digest"]).to.match(/^[0-9a-f]{64}$/);
    const bad = await check(texts.model, { ...model, path: join(exampleModelFolder, "..") });
    expect(Object.keys(bad.failures)).to.deep.equal(["path"]);
    expect(bad.failures["path"]).to.contain('has no file "MLmodel"');
  });

  it("plan nothing where only their own text is another: an upgrade of the package changes no resource", async () => {
    const inputs = { ...model, digest: "d" };
    const old = {
      type,
      name: "it",
      id: "x",
      inputs: { ...inputs, ...texts.model },
      outputs: { ...inputs, version: "1", modelUri: "azureml://x", ...texts.model },
    };
    const upgraded = `${texts.model["__provider"] as string}\n// of a later release`;
    const change = await provider.client.diff(old, { ...inputs, __provider: upgraded });
    expect(change).to.deep.include({ kind: "none", replaces: [] });
  });

  it("plan a new version beside the old for other content", async () => {
    const inputs = { ...model, digest: "d", ...texts.model };
    const old = { type, name: "it", id: "x", inputs, outputs: { ...inputs, version: "1" } };
    const change = await provider.client.diff(old, { ...inputs, digest: "e" });
    expect(change).to.deep.include({ kind: "some", replaces: ["digest"], deleteBeforeReplace: false });
  });

  it("fail a create with what to read, not with a stack trace", async () => {
    const inputs = { ...model, path: join(exampleModelFolder, "nowhere"), ...texts.model };
    const checked = await check(texts.model, inputs);
    expect(checked.failures["path"]).to.contain("there is no such file or folder");
    expect(readFileSync(join(exampleModelFolder, "MLmodel"), "utf8")).to.contain("python_function");
  });
});
