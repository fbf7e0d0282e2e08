import { expect } from "chai";
import execa from "execa";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { connect, type AddressInfo } from "node:net";
import { SUBSCRIPTION_ID } from "../../local/cloud";
import type { Finding } from "../../providers/doctor/finding";
import { packageRoot } from "../../tools/paths";
import { AzureWorkspace } from "../helpers/azure-workspace";
import { LocalAzure } from "../helpers/local-azure";
import { addServicePrincipal } from "../helpers/service-principal";

interface Examined {
  readonly exitCode: number;
  readonly findings: readonly Finding[];
  readonly said: string;
}

const ROLES = "providers/Microsoft.Authorization/roleAssignments";
const CONTRIBUTOR = "b24988ac-6180-42a0-ab88-20f7382dd24c";
const BLOB_DATA_CONTRIBUTOR = "ba92f5b4-2d11-453d-a403-e96b0029c9fe";
const ELSEWHERE = "00000000-1111-4222-8333-444444444444";

/** The real command against one local Azure, in which one thing after the other is broken and mended. */
describe("`npx pulumi-azureml doctor` on the local Azure", function () {
  this.timeout(300_000);
  const azure = new LocalAzure();
  let workspace: AzureWorkspace;
  let relay: Server;
  /** Hosts that the way to Azure does not lead to. */
  let closed: string | undefined;

  before(async () => {
    await azure.start();
    workspace = await AzureWorkspace.open("doctor", azure);
    await workspace.ml("PUT", `${workspace.id}/onlineEndpoints/oe-doctor`, {
      location: "westeurope",
      identity: { type: "SystemAssigned" },
      properties: { authMode: "Key" },
    });
    relay = await proxyBefore(azure.run().ports.proxy, () => closed);
  });
  after(async () => {
    relay?.close();
    await workspace?.close();
    await azure.remove();
  });

  const doctor = async (
    environment: NodeJS.ProcessEnv = {},
    ...args: readonly string[]
  ): Promise<execa.ExecaReturnValue> =>
    await execa(process.execPath, ["dist/cli/main.js", "doctor", ...args], {
      cwd: packageRoot(),
      env: { ...azure.environment(), ...environment },
      extendEnv: false,
      reject: false,
    });
  const examined = async (
    environment: NodeJS.ProcessEnv = {},
    ...args: readonly string[]
  ): Promise<Examined> => {
    const which = args.length > 0 ? args : ["--workspace", workspace.id];
    const { exitCode, stdout, stderr } = await doctor(environment, ...which, "--json");
    expect(stdout, stderr).to.match(/^\{/);
    const { findings } = JSON.parse(stdout) as { findings: readonly Finding[] };
    return { exitCode, findings, said: stdout + stderr };
  };
  /** Exactly this one is a problem, with a repair that has these words. */
  const findsOnly = ({ exitCode, findings }: Examined, about: string, repair: string): void => {
    const problems = findings.filter(({ level }) => level === "problem");
    expect(problems.map((finding) => finding.about)).to.deep.equal([about]);
    expect(problems[0]?.repair).to.contain(repair);
    expect(exitCode).to.equal(1);
  };
  const throughRelay = (): NodeJS.ProcessEnv => {
    const proxy = `http://127.0.0.1:${(relay.address() as AddressInfo).port}`;
    return { HTTPS_PROXY: proxy, https_proxy: proxy };
  };
  const assign = async (at: number, principalId: string, role: string): Promise<void> => {
    await workspace.arm(
      "PUT",
      `${workspace.group}/${ROLES}/d0c70000-0000-4000-8000-00000000000${at}`,
      "2022-04-01",
      {
        properties: {
          principalId,
          principalType: "ServicePrincipal",
          roleDefinitionId: `/subscriptions/${SUBSCRIPTION_ID}/providers/Microsoft.Authorization/roleDefinitions/${role}`,
        },
      },
    );
  };

  it("finds the missing role to upload blobs, and gives the line that assigns it", async () => {
    const found = await examined();
    findsOnly(
      found,
      "role: upload blobs",
      `--role "Storage Blob Data Contributor" --scope ${workspace.group}`,
    );
    await workspace.allowBlobs();
  });

  it("finds all in good order where it is, tells who is signed in, and shows no secret", async () => {
    const environment = azure.environment();
    const args = [
      "--workspace",
      workspace.id,
      "--name",
      "storageAccount=stfree",
      "keyVault=kv-free",
      "containerRegistry=crfree",
    ];
    const machines = ["--instance-type", "Standard_DS3_v2", "--instances", "2"];
    const found = await examined({}, ...args, ...machines);
    const notOk = found.findings.filter(({ level }) => level !== "ok").map(({ about }) => about);
    // What Python there is on this machine is its own.
    expect(notOk.filter((about) => !/^(Python|MLflow|azureml-mlflow|Pulumi)$/.test(about))).to.deep.equal([]);
    expect(found.exitCode).to.equal(0);
    expect(found.findings.map(({ about }) => about)).to.include.members([
      "Node.js", "@pulumi/pulumi", "clock", "sign-in", "subscription", "resource providers", "reach: Entra", "reach: storage", "reach: key vault",
      "reach: tracking", "reach: scoring of oe-doctor", "role: assign roles", "role: score", "name of keyVault", "quota of Standard_DS3_v2",
    ]); // prettier-ignore
    expect(found.findings.find(({ about }) => about === "sign-in")?.says).to.match(
      /^secret by ARM_CLIENT_SECRET, object id [0-9a-f-]{36}, client id /,
    );
    expect(found.said).to.contain("sign-in").and.not.contain(environment["ARM_CLIENT_SECRET"]);
  });

  it("finds an unregistered resource provider", async () => {
    const at = `/subscriptions/${SUBSCRIPTION_ID}/providers/Microsoft.KeyVault`;
    await workspace.arm("POST", `${at}/unregister`, "2021-04-01");
    findsOnly(await examined(), "resource provider Microsoft.KeyVault", "az provider register");
    await workspace.arm("POST", `${at}/register`, "2021-04-01");
  });

  it("finds names that are taken, held by a deleted vault, or none", async () => {
    const name = async (wanted: string): Promise<Examined> => await examined({}, "--name", wanted);
    findsOnly(await name("storageAccount=stdoctor"), "name of storageAccount", "by its ARM id");
    findsOnly(
      await name("containerRegistry=cr-doctor"),
      "name of containerRegistry",
      "5 to 50 letters and digits",
    );
    const vault = `${workspace.group}/providers/Microsoft.KeyVault/vaults/kv-gone`;
    const tenantId = azure.environment()["ARM_TENANT_ID"] ?? "";
    await workspace.arm("PUT", vault, "2024-11-01", {
      location: "westeurope",
      properties: { tenantId, sku: { family: "A", name: "standard" }, enableRbacAuthorization: true },
    });
    await workspace.arm("DELETE", vault, "2024-11-01");
    findsOnly(await name("keyVault=kv-gone"), "name of keyVault", "az keyvault purge --name kv-gone");
  });

  it("finds the quota that is gone, and a clock that is off", async () => {
    await workspace.faults({ quota: { cores: 4 } });
    findsOnly(
      await examined({}, "--instance-type", "Standard_DS3_v2", "--location", "westeurope"),
      "quota of Standard_DS3_v2",
      "fewer instances",
    );
    await workspace.faults({ dateSeconds: -400 });
    findsOnly(await examined({}, "--location", "westeurope"), "clock", "timedatectl");
    await workspace.faults();
  });

  for (const [host, about] of [
    ["westeurope.api.azureml.ms", "reach: tracking"],
    ["stdoctor.blob.core.windows.net", "reach: storage"],
    ["oe-doctor.westeurope.inference.ml.azure.com", "reach: scoring of oe-doctor"],
  ] as const)
    it(`finds that no way leads to ${host}`, async () => {
      closed = host;
      try {
        findsOnly(await examined({ ...throughRelay() }), about, host);
      } finally {
        closed = undefined;
      }
    });

  it("finds a sign-in that is refused, and leaves open what needs one", async () => {
    const secret = await examined({ ARM_CLIENT_SECRET: "planted-wrong-secret" });
    findsOnly(secret, "sign-in", "az ad app credential reset");
    expect(secret.said).not.to.contain("planted-wrong-secret");
    expect(secret.findings.find(({ about }) => about === "roles")).to.include({ level: "unknown" });
    expect(secret.findings.find(({ about }) => about === "reach: Entra")).to.include({ level: "ok" });
    findsOnly(await examined({ ARM_TENANT_ID: ELSEWHERE }), "sign-in", "az account show");
  });

  it("finds a subscription and a workspace that aren't there", async () => {
    const { exitCode, findings } = await examined(
      { ARM_SUBSCRIPTION_ID: ELSEWHERE },
      "--location",
      "westeurope",
    );
    const problems = findings.filter(({ level }) => level === "problem");
    expect([exitCode, ...problems.map(({ about }) => about)]).to.deep.equal([1, "subscription"]);
    const gone = await examined({}, "--workspace", `${workspace.id}-gone`);
    findsOnly(gone, "workspace", "az ml workspace list");
  });

  it("finds that a Contributor assigns no roles", async () => {
    const { clientId, secret, objectId } = await addServicePrincipal(azure.paths, "contributor");
    await assign(1, objectId, CONTRIBUTOR);
    await assign(2, objectId, BLOB_DATA_CONTRIBUTOR);
    findsOnly(
      await examined({ ARM_CLIENT_ID: clientId, ARM_CLIENT_SECRET: String(secret) }),
      "role: assign roles",
      `--assignee-object-id ${objectId} --assignee-principal-type ServicePrincipal --role "Role Based Access Control Administrator"`,
    );
  });

  it("finds an engine that is not on PATH", async () => {
    findsOnly(await examined({ PATH: "/nowhere" }), "Pulumi", "https://www.pulumi.com/docs/install/");
  });

  it("warns of a private workspace that a proxy leads to, in lines for people", async () => {
    const { location, identity, properties } = await workspace.ml("GET", workspace.id);
    const { storageAccount, keyVault } = properties as Record<string, string>;
    await workspace.ml("PUT", workspace.id, {
      location: String(location),
      identity: { type: String((identity as Record<string, string>)["type"]) },
      properties: {
        storageAccount: String(storageAccount),
        keyVault: String(keyVault),
        publicNetworkAccess: "Disabled",
      },
    });
    const { exitCode, stdout, stderr } = await doctor({}, "--workspace", workspace.id);
    expect(exitCode, stdout + stderr).to.equal(0);
    expect(stdout).to.match(/^warning +reach: tracking .* is closed to the internet; a proxy leads there/m);
    expect(stdout).to.contain("→ a link of private DNS zone privatelink.api.azureml.ms");
    expect(stderr).to.match(/^\d+ of \d+: roles$/m);
  });

  it("takes sign-in, machines and region from a stack", async () => {
    const stack = await azure.stack({ "azure-native:clientSecret": "planted-of-the-stack" });
    const args = ["--stack", "local", "--config-file", stack.file];
    const refused = await examined({}, ...args);
    findsOnly(refused, "sign-in", "az ad app credential reset");
    expect(refused.said).to.contain("azure-native:clientSecret").and.not.contain("planted-of-the-stack");
    stack.unset("azure-native:clientSecret");
    const { exitCode, findings } = await examined({}, ...args);
    expect(exitCode).to.equal(0);
    expect(findings.filter(({ about }) => about.startsWith("quota of Standard_"))).to.have.length(1);
    const unknownStack = await doctor({}, "--stack", "nowhere");
    expect(unknownStack).to.include({ exitCode: 1 });
    expect(unknownStack.stderr).to.contain("stack nowhere: ").and.contain("pulumi stack ls");
  });

  it("says what is wrong with its command line", async () => {
    expect((await doctor({}, "--instances", "none")).exitCode).to.equal(2);
    expect((await doctor({}, "--name", "vault=x")).stderr).to.contain("storageAccount=NAME");
  });
});

/** A proxy on the way to the local Azure's own, which leads to no `closed` host. */
async function proxyBefore(port: number, closed: () => string | undefined): Promise<Server> {
  const server = createServer();
  server.on("connect", (request, client, head: Buffer) => {
    client.on("error", () => undefined);
    if (request.url === `${closed()}:443`) {
      client.end("HTTP/1.1 502 Bad Gateway\r\nconnection: close\r\n\r\n");
      return;
    }
    const onward = connect(port, "127.0.0.1", () => {
      onward.write(`CONNECT ${request.url} HTTP/1.1\r\nhost: ${request.url}\r\n\r\n`);
      onward.write(head);
      client.pipe(onward).pipe(client);
    });
    onward.on("error", () => client.destroy());
    onward.on("close", () => client.destroy());
    client.on("close", () => onward.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return server;
}
