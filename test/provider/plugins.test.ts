import { expect } from "chai";
import fastify from "fastify";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { openAuthority } from "../../local/door/authority";
import { createProxy } from "../../local/door/proxy";
import { createDoor } from "../../local/door/server";
import { localTransport } from "../../local/plugins/azure-native/arm-transport";
import { AzureNative } from "../../local/plugins/azure-native/provider";
import { serve } from "../../local/plugins/provider-server";
import { Random } from "../../local/plugins/random/provider";
import { configOf } from "../helpers/azure-native-plugin";
import { UNKNOWN } from "../../local/plugins/values";
import { statePaths } from "../../local/state";
import { packageRoot } from "../../tools/paths";
import { MemoryArm } from "../helpers/memory-arm";
import { failureOf, ProviderClient } from "../helpers/provider-client";

describe("the stand-in azure-native plugin without the local Azure", () => {
  it("refuses to talk to anybody: no certificate authority, no requests", async () => {
    const server = await serve(new AzureNative());
    const plugin = new ProviderClient(server.port);
    const authority = process.env["NODE_EXTRA_CA_CERTS"];
    process.env["NODE_EXTRA_CA_CERTS"] = "/nowhere/authority.pem";
    try {
      const failure = await failureOf(plugin.configure(configOf()));
      expect(failure.details).to.match(/talks only to the local Azure.*npm run local -- exec/);
    } finally {
      if (authority === undefined) Reflect.deleteProperty(process.env, "NODE_EXTRA_CA_CERTS");
      else process.env["NODE_EXTRA_CA_CERTS"] = authority;
      plugin.close();
      server.close();
    }
  });

  it("says what is not set when it cannot sign in", async () => {
    const saved = { ...process.env };
    for (const name of Object.keys(process.env)) {
      if (/^(ARM|AZURE)_/.test(name)) Reflect.deleteProperty(process.env, name);
    }
    const failure = await failureOf(new AzureNative(new MemoryArm().transport).configure({}));
    Object.assign(process.env, saved);
    expect(failure.message).to.contain(
      "azure-native:clientSecret (or ARM_CLIENT_SECRET, AZURE_CLIENT_SECRET)",
    );
  });
});

describe("the stand-in azure-native plugin's way to the local Azure", () => {
  const folders: string[] = [];
  const closers: (() => Promise<unknown>)[] = [];

  after(async () => {
    for (const close of closers) await close();
    for (const folder of folders) rmSync(folder, { recursive: true });
  });

  async function localAzure(): Promise<{ readonly proxy: string; readonly authority: string }> {
    const folder = mkdtempSync(join(tmpdir(), "plugins-"));
    folders.push(folder);
    const paths = statePaths(folder);
    const arm = fastify();
    arm.get("/*", async (request) => ({ asked: request.headers.host }));
    const door = await createDoor({ authority: await openAuthority(paths), parts: { arm } });
    const proxy = await createProxy({ doorPort: door.port, log: () => undefined });
    closers.push(proxy.close, door.close, () => arm.close());
    return { proxy: `http://127.0.0.1:${proxy.port}`, authority: paths.authorityCertificate };
  }

  it("goes through the door, and trusts nobody but that door's certificate authority", async () => {
    const [own, other] = [await localAzure(), await localAzure()];
    const request = {
      method: "GET",
      url: "https://management.azure.com/subscriptions",
      headers: {},
    } as const;
    const right = localTransport({ HTTPS_PROXY: own.proxy, NODE_EXTRA_CA_CERTS: own.authority });
    expect((await right(request)).body).to.deep.equal({ asked: "management.azure.com" });
    const wrong = localTransport({ HTTPS_PROXY: own.proxy, NODE_EXTRA_CA_CERTS: other.authority });
    expect((await failureOf(wrong(request))).message).to.match(/certificate|self-signed/);
  });
});

describe("the stand-in random plugin, over gRPC", () => {
  const type = "random:index/randomString:RandomString";
  let plugin: ProviderClient;
  let stop: () => void;

  beforeEach(async () => {
    const server = await serve(new Random());
    plugin = new ProviderClient(server.port);
    stop = () => {
      plugin.close();
      server.close();
    };
  });

  afterEach(() => stop());

  it("keeps its value over updates and refreshes, and makes another for another argument or keeper", async () => {
    const inputs = { length: 8, special: false, upper: false, keepers: { stack: "a" } };
    const state = await plugin.create(type, "suffix", inputs);
    expect(state.outputs["result"]).to.match(/^[a-z0-9]{8}$/);
    expect(await plugin.refresh(state)).to.deep.equal(state);
    expect((await plugin.diff(state, inputs)).kind).to.equal("none");
    const other = await plugin.diff(state, { ...inputs, length: 9, keepers: { stack: "b" } });
    expect([...other.replaces].sort()).to.deep.equal(["keepers.stack", "length"]);
  });

  it("does not know its value in a preview", async () => {
    expect((await plugin.create(type, "suffix", { length: 8 }, true)).outputs).to.deep.equal({
      length: 8,
      result: UNKNOWN,
    });
  });

  it("refuses arguments no string can be made of", async () => {
    expect((await plugin.check(type, "s", {})).failures).to.have.keys("length");
    expect((await plugin.check(type, "s", { length: 2, minLower: 3 })).failures).to.have.keys("length");
    expect((await plugin.check(type, "s", { length: 2, lenght: 3 })).failures).to.have.keys("lenght");
    expect((await plugin.check(type, "s", { length: UNKNOWN })).failures).to.deep.equal({});
  });

  it("refuses a type it does not know by name", async () => {
    const failure = await failureOf(plugin.check("random:index/randomPet:RandomPet", "pet", {}));
    expect(failure.details).to.match(/RandomPet is not among.*RandomString/);
  });

  it("is a process that prints its port, and ends when the engine is killed", async function () {
    this.timeout(20_000);
    const main = join(packageRoot(), "local", "plugins", "random", "main.ts");
    const engine = `const plugin = require("child_process").spawn(process.execPath, ["-r", "ts-node/register/transpile-only", ${JSON.stringify(main)}], { stdio: "inherit" });
      setInterval(() => undefined, 1000);`;
    const parent = spawn(process.execPath, ["-e", engine], {
      cwd: packageRoot(),
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [line] = (await once(parent.stdout, "data")) as [Buffer];
    const client = new ProviderClient(Number(line.toString()));
    expect(await client.version()).to.match(/^\d+\.\d+\.\d+$/);
    client.close();
    parent.kill("SIGKILL");
    // The plugin holds the other end of the pipe: it closes when the plugin has ended.
    await once(parent.stdout, "close");
  });
});
