import { expect } from "chai";
import { createHash, randomBytes } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { JsonObject } from "../../local/json";
import { readSecrets } from "../../local/secrets";
import { CustomModelVersion } from "../../providers/models/resource";
import { AzureWorkspace } from "../helpers/azure-workspace";
import { providerText } from "../helpers/dynamic-provider";
import { silentRelay, SILENCE_AFTER } from "../helpers/silent-relay";
import { leaksIn } from "../helpers/leaks";
import { failureOf, type Remembered } from "../helpers/provider-client";
import { startWatchedProvider, type Watching, type WatchedProvider } from "../helpers/watched-provider";

const TYPE = "pulumi-nodejs:dynamic/pulumi-azureml:CustomModelVersion";
/** Seven small files, three blocks of the large one and their list. */
const WRITES = 11;
/** A write to blob storage that was done. */
const WRITTEN = /^201 PUT st\w+\.blob\.core\.windows\.net/;

/** A model of small files and a large one, registered by Pulumi's own provider process, while things go wrong. */
describe("a model that is registered while things go wrong", () => {
  let azure: AzureWorkspace;
  let text: string;
  const large = randomBytes(10_000_000);
  const running: WatchedProvider[] = [];

  before(async () => {
    azure = await AzureWorkspace.open("faulty");
    await azure.allowBlobs();
    text = String(await providerText(() => new CustomModelVersion("m", { name: "m", onDelete: "retain" })));
  });
  afterEach(async () => {
    await azure.faults();
    for (const provider of running.splice(0)) await provider.stop();
  });
  after(async () => await azure.close());

  const start = async (
    watching: Watching = {},
    environment = azure.environment,
  ): Promise<WatchedProvider> => {
    const provider = await startWatchedProvider(environment, azure.paths.folder, { speed: 50, ...watching });
    running.push(provider);
    return provider;
  };

  /** A folder of its own content, by the model's name. */
  function sourceOf(name: string): string {
    const folder = join(azure.paths.folder, name);
    mkdirSync(folder);
    writeFileSync(join(folder, "large.bin"), large);
    writeFileSync(join(folder, "name.txt"), name);
    for (let index = 0; index < 6; index += 1) writeFileSync(join(folder, `part-${index}`), `${index}`);
    return folder;
  }

  async function created(by: WatchedProvider, name: string, inputs: JsonObject): Promise<Remembered> {
    const whole = { name, onDelete: "retain", workspaceId: azure.id, ...inputs, __provider: text };
    const { inputs: checked, failures } = await by.client.check(TYPE, name, whole);
    expect(failures).to.deep.equal({});
    return await by.client.create(TYPE, name, checked);
  }

  /** Every version of the model, each with the digests of its files as blob storage has them. */
  async function versions(name: string): Promise<Record<string, Record<string, string>>> {
    const { status, text: model } = await azure.ask(
      "GET",
      `https://management.azure.com${azure.id}/models/${name}/versions?api-version=2025-12-01`,
    );
    if (status === 404) return {};
    const { value } = JSON.parse(model) as { value: { name: string; properties: { modelUri: string } }[] };
    return Object.fromEntries(
      await Promise.all(
        value.map(async (version) => [version.name, await contentOf(version.properties.modelUri)] as const),
      ),
    );
  }

  async function contentOf(modelUri: string): Promise<Record<string, string>> {
    const [, prefix = ""] = modelUri.split("/paths/");
    const { properties } = await azure.ml("GET", `${azure.id}/datastores/workspaceblobstore`);
    const { containerName = "" } = properties as { containerName?: string };
    const list = await azure.readBlob(`${containerName}?restype=container&comp=list&prefix=${prefix}/`);
    const names = [...list.toString().matchAll(/<Name>(.*?)<\/Name>/g)].map(([, name = ""]) => name);
    return Object.fromEntries(
      await Promise.all(
        names.map(async (name) => [
          name.slice(prefix.length + 1),
          sha256(await azure.readBlob(`${containerName}/${name}`)),
        ]),
      ),
    );
  }

  function expectWhole(found: Record<string, Record<string, string>>, folder: string): void {
    const files = readdirSync(folder).map((name) => [name, sha256(readFileSync(join(folder, name)))]);
    expect(found).to.deep.equal({ "1": Object.fromEntries(files) });
  }

  const writes = ({ lines }: WatchedProvider): number => lines().filter((line) => WRITTEN.test(line)).length;

  function expectNoSecret(message: string): void {
    const { clientSecret, adminSecret } = readSecrets(azure.paths);
    expect(leaksIn(message, { clientSecret, adminSecret })).to.deep.equal([]);
    expect(message).not.to.match(/Bearer|eyJ|[?&]sig=/);
  }

  const passing: Readonly<Record<string, JsonObject>> = {
    "storage that is busy": { blobs: { refused: 0.15 } },
    "connections that break in the middle of a body": { blobs: { cut: 0.15 } },
    "answers of storage that get lost": { blobs: { lost: 0.15 } },
    "a manager that throttles and fails": { operations: { refused: 0.15 } },
    "answers of the manager that get lost": { operations: { lost: 0.15 } },
    "all of that": {
      blobs: { refused: 0.05, cut: 0.05, lost: 0.05 },
      operations: { refused: 0.05, lost: 0.05 },
    },
  };
  for (const [what, faults] of Object.entries(passing))
    it(`is one whole version after ${what}`, async () => {
      const provider = await start();
      const met = (): boolean => {
        const lines = provider.lines();
        const sent = lines.filter((line) => line.startsWith("sent")).length;
        return sent > lines.filter((line) => /^[24]0\d/.test(line)).length;
      };
      for (let turn = 1; !met(); turn += 1) {
        expect(turn, "no fault was met").to.be.at.most(6);
        const name = `${what.replaceAll(/\W/g, "-")}-${turn}`;
        const folder = sourceOf(name);
        await azure.faults({ seed: turn, ...faults });
        const first = await created(provider, name, { path: folder }).catch((error: Error) => error);
        await azure.faults();
        if (first instanceof Error) {
          // Every try of a client met a fault.
          expect(first.message).to.match(/Try: |: (429|500|503) |hang up|ECONNRESET|TLS/);
          expectNoSecret(first.message);
          const half = await versions(name);
          if (Object.keys(half).length > 0) expectWhole(half, folder);
          await created(provider, name, { path: folder });
        }
        expectWhole(await versions(name), folder);
      }
    });

  it("from a version whose address is asked of a throttling MLflow is one whole version", async () => {
    const folder = sourceOf("first");
    const provider = await start();
    await created(provider, "first", { path: folder });
    await azure.faults({ seed: 5, mlflow: { refused: 0.3 } });
    for (const name of ["second", "third", "fourth"]) {
      await created(provider, name, { source: "models:/first/1" });
      expectWhole(await versions(name), folder);
    }
  });

  it("is one version, or two whole ones, when two processes register it at once meanwhile", async () => {
    const folder = sourceOf("twice");
    await azure.faults({
      seed: 5,
      blobs: { refused: 0.1, lost: 0.1 },
      operations: { refused: 0.1, lost: 0.1 },
    });
    const both = await Promise.all([start(), start()]);
    const made = await Promise.all(both.map(async (each) => await created(each, "twice", { path: folder })));
    await azure.faults();
    const found = await versions("twice");
    expect(Object.keys(found).join()).to.be.oneOf(["1", "1,2"]);
    expect(new Set(made.map(({ outputs }) => outputs["version"]))).to.deep.equal(new Set(Object.keys(found)));
    for (const content of Object.values(found)) expectWhole({ "1": content }, folder);
  });

  it("is one whole version after connections that go silent", async () => {
    const folder = sourceOf("silent");
    const relay = await silentRelay(Number(new URL(String(azure.environment["HTTPS_PROXY"])).port));
    try {
      const address = `http://127.0.0.1:${relay.port}`;
      const environment = { ...azure.environment, HTTPS_PROXY: address, https_proxy: address };
      await created(await start({ speed: 100 }, environment), "silent", { path: folder });
    } finally {
      relay.close();
    }
    expectWhole(await versions("silent"), folder);
    expect(relay.silenced()).to.equal(SILENCE_AFTER.length);
  });

  it("is no version while the disk is full, says so, and then only what is missing is sent", async () => {
    const folder = sourceOf("full");
    const provider = await start();
    await azure.faults({ blobs: { full: 1 }, only: "comp=blocklist" });
    const { message } = await failureOf(created(provider, "full", { path: folder }));
    expect(message).to.contain("large.bin").and.to.contain("500 InternalError").and.to.contain("Try: ");
    expectNoSecret(message);
    expect(await versions("full")).to.deep.equal({});
    expect(writes(provider)).to.equal(WRITES - 1);
    await azure.faults();
    const again = await start();
    await created(again, "full", { path: folder });
    expectWhole(await versions("full"), folder);
    expect(writes(again)).to.equal(1);
  });

  it("is one whole version though access tokens run out on the way", async () => {
    const folder = sourceOf("tokens");
    // What waits for its next try comes with a token that was not there at the first.
    await azure.faults({ seed: 5, tokenSeconds: 1, blobs: { refused: 0.3 }, only: "comp=block" });
    const provider = await start({ speed: 4 });
    await created(provider, "tokens", { path: folder });
    expectWhole(await versions("tokens"), folder);
    const signedIn = provider.lines().filter((line) => /^200 POST login\./.test(line));
    expect(signedIn.length).to.be.greaterThan(3);
  });

  const killed: readonly (readonly [string, string, number])[] = [
    ["before the first byte", "^sent PUT st", 1],
    ["between two files", "^201 PUT st[^?]*$", 3],
    ["between two blocks", "^201 PUT .*comp=block&", 2],
    ["before a file is put together from its blocks", "^sent PUT .*comp=blocklist", 1],
    ["before it is registered", "^sent PUT management", 1],
    ["before it knows that it is registered", "^20. PUT management", 1],
  ];
  for (const [where, line, count] of killed)
    it(`is one whole version after a kill ${where}, and only what is missing is sent`, async () => {
      const name = where.replaceAll(" ", "-");
      const folder = sourceOf(name);
      const provider = await start({ killAt: { line, count } });
      expect((await failureOf(created(provider, name, { path: folder }))).code).to.equal(14);
      const half = await versions(name);
      if (Object.keys(half).length > 0) expectWhole(half, folder);
      const again = await start();
      await created(again, name, { path: folder });
      expectWhole(await versions(name), folder);
      expect(writes(again)).to.be.at.most(WRITES - writes(provider));
    });
});

function sha256(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}
