import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { expect } from "chai";
import { DEPLOYER, SUBSCRIPTION_ID } from "../../local/cloud";
import { chosenLogs } from "../../local/commands/logs";
import { readSecrets } from "../../local/secrets";
import { exampleModelFolder, python } from "../../tools/paths";
import { leaksIn, type Planted } from "../helpers/leaks";
import { LocalAzure } from "../helpers/local-azure";
import { startGuard, startMlflowServer, type MlflowServerProcess } from "../helpers/mlflow-server";
import { leaksInArgumentsDuring } from "../helpers/process-arguments";
import { ProgramStack } from "../helpers/program-stack";
import { Caller } from "../helpers/score";
import { makeStorageAccount, shareBlobs } from "../helpers/shared-blobs";

/** With what every encoding writes in its own way. */
const declared: Planted = {
  token: 'planted/token+of "another"=',
  password: "planted password: & über=alles",
  SAS: "sv=2024-08-04&sr=c&sp=rl&sig=cGxhbnRlZCBzaWduYXR1cmU%3D",
  "account key": "cGxhbnRlZCBhY2NvdW50IGtleSBvZiBhIHN0b3JhZ2UgYWNjb3VudA==",
  "client secret of another": "planted~client.secret-_of~another",
};
/** Of MLflow servers: in the environment of whoever runs `up`, and in no program and no state. */
const onServers: Planted = {
  "password of a server": "planted password+of/a server",
  "token of a server": "planted.token+of/a-server=",
};
/** The path of the address that is told of the rollout. */
const hook = "planted/path+of-a-webhook";
const group = `/subscriptions/${SUBSCRIPTION_ID}/resourceGroups/rg-shared`;
const account = "stsharedsecrets";
/** In the stack's settings: Pulumi copies them all into the state of the dynamic resources' provider. */
const settings = { kept: "planted setting that is secret", open: "planted setting that is not" };
/** Any bearer token, and any signature of a SAS, are secret though no test has planted them. */
const TOKEN = /eyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}/;
const SIGNATURE = /[?&]sig=[A-Za-z0-9%+/=]{20,}/;

/** What the engine and Pulumi's Node SDK say of each value that passes between them, at high verbosity and in debug events: not ours. */
const PULUMIS_OWN =
  /"msg":"(?:Unm|M)arshaling property for RPC|(?:Invoke|RegisterResource\w*) RPC finished: |"severity":"debug"/;
const ours = (text: string): string =>
  text
    .split("\n")
    .filter((line) => !PULUMIS_OWN.test(line))
    .join("\n");

/** A stack that uses a secret of every kind, run by the real engine; what anybody gets to read is searched for them. */
describe("the secrets of a stack on the local Azure", () => {
  const azure = new LocalAzure();
  let stack: ProgramStack;
  let planted: Planted = declared;
  let verbose = "";
  let leakedInArguments: string[] = [];
  let server: MlflowServerProcess;
  const basic = `Basic ${Buffer.from(`reader:${onServers["password of a server"]}`).toString("base64")}`;
  const guards: Awaited<ReturnType<typeof startGuard>>[] = [];
  let told = 0;
  /** It refuses what it is told, so that `up` says so. */
  const webhook: Server = createServer((incoming, outgoing) => {
    if (incoming.url === `/${hook}`) told += 1;
    incoming.resume().on("end", () => outgoing.writeHead(404).end());
  });
  const found = (text: string): string[] => [
    ...leaksIn(text, planted),
    ...(TOKEN.test(text) ? ["a token"] : []),
    ...(SIGNATURE.test(text) ? ["a signature"] : []),
  ];

  before(async () => {
    [server] = await Promise.all([startMlflowServer(python), azure.start()]);
    for (const authorization of [basic, `Bearer ${onServers["token of a server"]}`])
      guards.push(await startGuard(server.url, authorization));
    await new Promise<void>((resolve) => webhook.listen(0, "127.0.0.1", resolve));
    await makeStorageAccount(azure, group, account, "westeurope");
    const blobs = readdirSync(exampleModelFolder).map((name) => [
      `theirs/model/${name}`,
      readFileSync(join(exampleModelFolder, name)),
    ]);
    const sas = await shareBlobs(azure, account, Object.fromEntries(blobs) as Record<string, Buffer>);
    planted = {
      ...declared,
      ...onServers,
      webhook: hook,
      "signature of a source": new URLSearchParams(sas).get("sig") ?? "",
    };
    const file = join(azure.paths.folder, "planted.json");
    const address = `http://127.0.0.1:${(webhook.address() as AddressInfo).port}/${hook}`;
    const inUse = { ...declared, "signed address": sas, webhook: address };
    writeFileSync(file, JSON.stringify(inUse), { mode: 0o600 });
    Object.assign(process.env, {
      SECRETS_USER: "reader",
      SECRETS_PASSWORD: onServers["password of a server"],
      SECRETS_TOKEN: onServers["token of a server"],
    });
    stack = await ProgramStack.create(azure, "secrets", {
      deployer: DEPLOYER.objectId,
      model: exampleModelFolder,
      secrets: file,
      open: settings.open,
      passwordServer: guards[0]?.url,
      tokenServer: guards[1]?.url,
      blobs: `https://${account}.blob.core.windows.net/shared/theirs/model`,
    });
    await stack.succeeds("config", "set", "--secret", "kept", settings.kept);
  });
  after(async () => {
    for (const name of ["SECRETS_USER", "SECRETS_PASSWORD", "SECRETS_TOKEN"])
      Reflect.deleteProperty(process.env, name);
    webhook.close();
    for (const guard of guards) await guard.stop();
    await server?.stop();
    await azure.remove();
  });

  it("are really in use: the stack comes up with them, and its endpoint is called with its key", async () => {
    const { clientSecret, adminSecret, passphrase } = readSecrets(azure.paths);
    planted = {
      ...planted,
      "secret setting": settings.kept,
      ...{ "client secret": clientSecret, "admin secret": adminSecret, passphrase },
    };
    leakedInArguments = await leaksInArgumentsDuring(planted, async () => {
      const { exitCode, stdout, stderr } = await stack.pulumi(
        ...["up", "--yes", "--skip-preview", "--verbose=9", "--logtostderr", "--logflow"],
      );
      verbose = `${stdout}\n${stderr}`;
      expect(exitCode, stdout).to.equal(0);
    });
    const { key = "", scoringUri = "" } = await stack.outputs();
    const caller = new Caller(azure, scoringUri, key);
    expect((await caller.score({ input_data: [] })).status).to.not.equal(401);
    await caller.close();
    planted = { ...planted, "endpoint key": key };
    expect(told).to.equal(1);
    expect(verbose).to.contain("nobody is told by webhook").and.to.contain("it answered 404");
    expect(guards.map((guard) => guard.refused())).to.deep.equal([0, 0]);
  });

  it("are found where they may stand: the search is no blind one", async () => {
    const shown = await stack.succeeds("stack", "export", "--show-secrets");
    const seen = leaksIn(shown, planted).map((leak) => leak.replace(/, .*/, ""));
    const inState = [...Object.keys(declared), "secret setting", "endpoint key"];
    expect(seen).to.include.members([...inState, "webhook", "signature of a source"]);
    // Those of servers are not even there; the search would find them as they are sent.
    expect(leaksIn(shown, onServers)).to.deep.equal([]);
    expect(leaksIn(basic, onServers)).to.deep.equal(["password of a server, base64"]);
    expect(leaksIn(readFileSync(azure.paths.secrets, "utf8"), planted)).to.include("client secret, as it is");
  });

  it("stand in no state, no preview and no output", async () => {
    for (const command of [
      ["stack", "export"],
      ["stack", "output", "--json"],
      ["preview", "--json"],
      ["preview", "--diff"],
      ["refresh", "--yes", "--diff"],
      ["up", "--yes", "--skip-preview", "--json"],
    ])
      expect(found(ours(await stack.succeeds(...command))), command.join(" ")).to.deep.equal([]);
  });

  it("must be secret in the stack's settings too: what isn't stands in the state as it is", async () => {
    expect(await stack.succeeds("stack", "export")).to.include(settings.open);
  });

  it("stand in no log, however verbose", () => {
    expect(ours(verbose).length).to.be.greaterThan(100_000);
    expect(found(ours(verbose))).to.deep.equal([]);
    // What no resource has among its properties is not even in what Pulumi says of them.
    const { "client secret": client = "", "admin secret": admin = "", passphrase = "" } = planted;
    expect(leaksIn(verbose, { client, admin, passphrase, ...onServers })).to.deep.equal([]);
    expect(verbose).to.not.match(TOKEN);
  });

  it("are among no process's arguments", () => {
    expect(leakedInArguments).to.deep.equal([]);
  });

  it("stand in no log of the local Azure", () => {
    const files = chosenLogs(azure.paths, "");
    expect(files).to.include("local-azure.log");
    for (const file of files)
      expect(found(readFileSync(join(azure.paths.folder, file), "utf8")), file).to.deep.equal([]);
  });

  it("stand in no error", async () => {
    stack.set("blobs", `https://${account}.blob.core.windows.net/shared/theirs/no-model`);
    const unread = await stack.fails("up", "--yes", "--skip-preview");
    expect(unread).to.contain("no-model: there are no files");
    expect(found(unread)).to.deep.equal([]);
    stack.set("feed", `https://reader:${encodeURIComponent(declared["password"] ?? "")}@pkgs.example.com/`);
    expect(found(await stack.fails("up", "--yes", "--skip-preview"))).to.deep.equal([]);
  });
});
