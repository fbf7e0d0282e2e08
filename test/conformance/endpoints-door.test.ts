import { expect } from "chai";
import execa from "execa";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { request } from "undici";
import { trustStore } from "../../local/commands/trust-store";
import { plainEnvironment } from "../../local/children";
import { SUBSCRIPTION_ID, TENANT_ID } from "../../local/cloud";
import { endpointsEnvironment } from "../../local/endpoints-environment";
import { readSecrets } from "../../local/secrets";
import { clientsPython, packageRoot, python } from "../../tools/paths";
import { AzureWorkspace } from "../helpers/azure-workspace";
import { ClientProcess } from "../helpers/client-process";
import { javaClient, javaSources } from "../helpers/java-client";
import { leaksIn } from "../helpers/leaks";
import { makeCertificate, addServicePrincipal } from "../helpers/service-principal";

/** Azure's clients for JavaScript and the package's own, each as it is. */
const JAVASCRIPT = `
const { ClientCertificateCredential, ClientSecretCredential } = require("@azure/identity");
const { ContainerClient } = require("@azure/storage-blob");
const { arm } = require("./dist/providers/clients/arm");
const { AZURE_TENANT_ID: tenant, AZURE_CLIENT_ID: client, AZURE_CLIENT_SECRET: secret, AZURE_AUTHORITY_HOST: authorityHost } = process.env;
(async () => {
  const options = { authorityHost, disableInstanceDiscovery: true };
  const bySecret = new ClientSecretCredential(tenant, client, secret, options);
  const byCertificate = new ClientCertificateCredential(tenant, process.env.CERTIFIED, { certificatePath: process.env.PEM }, options);
  const scope = "https://management.azure.com/.default";
  const container = new ContainerClient(authorityHost + "/" + process.env.ACCOUNT + "/mine", bySecret);
  await container.create();
  await container.uploadBlockBlob("folder/a file.txt", "content", 7);
  const names = [];
  for await (const { name } of container.listBlobsFlat()) names.push(name);
  const content = await container.getBlobClient("folder/a file.txt").downloadToBuffer();
  console.log(JSON.stringify({
    secret: (await bySecret.getToken(scope)).token.split(".").length,
    certificate: (await byCertificate.getToken(scope)).token.split(".").length,
    names,
    content: content.toString(),
    workspace: (await arm().read(process.env.WORKSPACE, { apiVersion: "2025-12-01" })).properties.mlFlowTrackingUri,
  }));
})();`;

/** Everything at 127.0.0.1, as for clients that take no proxy: the settings of `npm run local -- env --endpoints`. */
describe("unmodified clients by the local Azure's endpoints", function () {
  this.timeout(300_000);
  let azure: AzureWorkspace;
  let client: ClientProcess;
  let mlflow: ClientProcess;
  /** A run that plain MLflow has begun. */
  let run: string;
  let settings: Record<string, string>;
  let environment: NodeJS.ProcessEnv;
  let base: string;
  let token: string;

  before(async () => {
    azure = await AzureWorkspace.open("endpoints");
    await azure.allowBlobs();
    base = `https://127.0.0.1:${azure.doorPort}`;
    settings = endpointsEnvironment(
      azure.paths,
      readSecrets(azure.paths),
      azure.run,
      { trackingUri: azure.trackingUri, storageAccount: "stendpoints" },
      await trustStore(azure.paths),
    );
    environment = plainEnvironment(settings);
    const { name } = azure;
    const script = ["endpoints_azure.py", SUBSCRIPTION_ID, `rg-${name}`, `mlw-${name}`] as const;
    client = new ClientProcess(clientsPython, script, environment, azure.paths.folder);
    mlflow = new ClientProcess(python, ["endpoints_mlflow.py"], environment, azure.paths.folder);
    const { stdout } = await execa("curl", [
      ...["-sS", "-H", `x-identity-header: ${settings["IDENTITY_HEADER"]}`],
      `${settings["IDENTITY_ENDPOINT"]}?api-version=2019-08-01&resource=${base}`,
    ]);
    token = (JSON.parse(stdout) as { access_token: string }).access_token;
  });
  after(async () => {
    await client?.close();
    await mlflow?.close();
    await azure?.close();
  });

  it("take no proxy", async () => {
    expect(await client.call("proxies")).to.deep.equal([]);
  });

  it("azure-ai-ml finds the cloud by its metadata, signs in, uploads a model and downloads it", async () => {
    const { tracking, ...rest } = await client.call<{ tracking: string }>("azure_ai_ml");
    // It says the newer version of the address, whatever Azure does.
    expect(tracking.replace("/v2.0/", "/v1.0/")).to.equal(settings["MLFLOW_TRACKING_URI"]);
    expect(rest).to.deep.equal({
      account: "stendpoints",
      version: "1",
      texts: ["0.5"],
    });
  });

  it("azure-identity signs in by secret at another authority", async () => {
    expect(await client.call("identity", { authority: base, tenant: TENANT_ID })).to.equal(3);
  });

  it("azureml-mlflow tracks, logs, registers, searches and loads by azureml:// addresses", async () => {
    const { run: made, found, ...rest } = await mlflow.call<{ run: string; found: string[] }>("track");
    expect(found).to.deep.equal([made]);
    expect(rest).to.deep.equal({
      children: true,
      rmse: 0.25,
      text: "hello",
      version: "1",
      predicted: 4,
    });
  });

  it("plain MLflow and curl track by https:// and a bearer token", async () => {
    const uri = String(settings["MLFLOW_TRACKING_URI"]).replace("azureml:", "https:");
    const tracked = await mlflow.call<{ run: string; metrics: unknown }>("plain", {
      tracking_uri: uri,
      token,
    });
    expect(tracked.metrics).to.deep.equal({ loss: 0.125 });
    ({ run } = tracked);
    const { stdout } = await execa(
      "curl",
      [
        ...["-sS", "--fail-with-body", "-H", `authorization: Bearer ${token}`],
        `${uri}/api/2.0/mlflow/experiments/get-by-name?experiment_name=plain`,
      ],
      { env: environment, extendEnv: false },
    );
    expect(JSON.parse(stdout)).to.have.nested.property("experiment.name", "plain");
  });

  it("Azure's clients for JavaScript sign in by secret and certificate and reach blobs; so does the package's own", async () => {
    const { certificate, privateKey } = await makeCertificate();
    const pem = join(azure.paths.folder, "certified.pem");
    writeFileSync(pem, `${certificate}\n${privateKey}`, { mode: 0o600 });
    const { clientId } = await addServicePrincipal(azure.paths, "certified", certificate);
    const { stdout } = await execa(process.execPath, ["-e", JAVASCRIPT], {
      cwd: packageRoot(),
      env: {
        ...environment,
        ACCOUNT: "stendpoints",
        WORKSPACE: azure.id,
        CERTIFIED: clientId,
        PEM: pem,
      },
      extendEnv: false,
    });
    expect(JSON.parse(stdout)).to.deep.equal({
      secret: 3,
      certificate: 3,
      names: ["folder/a file.txt"],
      content: "content",
      workspace: settings["MLFLOW_TRACKING_URI"],
    });
  });

  it("MLflow's Java client tracks, by a trust store", async () => {
    const jars = await javaClient();
    const uri = String(settings["MLFLOW_TRACKING_URI"]).replace("azureml:", "https:");
    const folder = join(azure.paths.folder, "java");
    mkdirSync(join(folder, "outputs"), { recursive: true });
    await execa("java", [join(javaSources, "Track.java"), uri], {
      env: {
        ...environment,
        CLASSPATH: `${jars}/*`,
        MLFLOW_RUN_ID: run,
        MLFLOW_TRACKING_TOKEN: token,
      },
      extendEnv: false,
      cwd: folder,
    });
    const { stdout } = await execa(
      "curl",
      ["-sS", "-H", `authorization: Bearer ${token}`, `${uri}/api/2.0/mlflow/runs/get?run_id=${run}`],
      { env: environment, extendEnv: false },
    );
    const { data } = (
      JSON.parse(stdout) as { run: { data: { params: unknown; metrics: { value: number }[] } } }
    ).run;
    expect(data.params).to.deep.equal([{ key: "language", value: "java" }]);
    expect(data.metrics.map(({ value }) => value)).to.include(1 / 3);
  });

  it("no client is given what admin calls need", async () => {
    const ask = async (secret: string): Promise<number> => {
      const { statusCode, body } = await request(`http://127.0.0.1:${azure.run.ports.http}/admin/status`, {
        headers: { "x-admin-secret": secret },
      });
      await body.dump();
      return statusCode;
    };
    const { adminSecret } = readSecrets(azure.paths);
    expect(await ask(adminSecret)).to.equal(200);
    expect(await ask(String(settings["IDENTITY_HEADER"]))).to.equal(401);
    expect(leaksIn(JSON.stringify(settings), { adminSecret })).to.deep.equal([]);
  });

  it("who has no token, or comes from another site's page or by another name, is refused", async () => {
    const status = async (...args: string[]): Promise<string> =>
      (
        await execa("curl", ["-s", "-o", "/dev/null", "-w", "%{http_code}", ...args], {
          env: environment,
          extendEnv: false,
        })
      ).stdout;
    const url = `${base}${azure.id}?api-version=2025-12-01`;
    const signedIn = ["-H", `authorization: Bearer ${token}`] as const;
    expect(await status(...signedIn, url)).to.equal("200");
    expect(await status(url)).to.equal("401");
    expect(await status(...signedIn, "-H", "origin: https://evil.example", url)).to.equal("403");
    expect(await status(...signedIn, "-H", "host: evil.example", url)).to.equal("421");
    expect(await status(...signedIn, `${base}/nonsense/path`)).to.equal("404");
    expect(await status(...signedIn, `${base}/..%2f`)).to.equal("404");
  });
});
