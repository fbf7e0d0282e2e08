import { expect } from "chai";
import execa from "execa";
import { decodeJwt } from "jose";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { DEPLOYER, SUBSCRIPTION_ID, TENANT_ID } from "../../local/cloud";
import { identityHeader } from "../../local/identity/identity-header";
import { readSecrets } from "../../local/secrets";
import { packageRoot } from "../../tools/paths";
import { AzureWorkspace } from "../helpers/azure-workspace";
import { LocalAzure } from "../helpers/local-azure";
import { ProgramStack } from "../helpers/program-stack";
import { addServicePrincipal, makeCertificate } from "../helpers/service-principal";
import {
  openGitHubIssuer,
  openTokenIssuer,
  type GitHubIssuer,
  type TokenIssuer,
} from "../helpers/token-issuer";

/** What the package has made of some settings. */
interface Outcome {
  readonly token?: string;
  readonly kind?: string;
  readonly source?: string;
  readonly error?: string;
}

interface Case {
  readonly environment?: Readonly<Record<string, string>>;
  readonly stack?: Readonly<Record<string, string>>;
}

/** The package's own credential, with one case's settings after another. */
const SIGN_IN = `
const { configure } = require("./dist/providers/clients/sign-in-settings");
const { credential } = require("./dist/providers/clients/credential");
const { describeCredential } = require("./dist/providers/clients/credential-plan");
(async () => {
  const outcomes = [];
  for (const { environment = {}, stack = {} } of JSON.parse(process.env.CASES)) {
    Object.assign(process.env, environment);
    configure({ config: { get: (key) => stack[key] } });
    credential().renew();
    try {
      const { token } = await credential().getToken("https://management.azure.com/.default");
      outcomes.push({ token, ...describeCredential() });
    } catch (error) {
      outcomes.push({ error: error.message });
    }
    for (const name of Object.keys(environment)) delete process.env[name];
  }
  console.log(JSON.stringify(outcomes));
})();`;

/** A workspace by the cloud that a metadata host describes. */
const READ = `
require("./dist/providers/clients/arm").arm().read(process.env.WORKSPACE, { apiVersion: "2025-12-01" })
  .then((workspace) => console.log(JSON.stringify(workspace.name)));`;

const MAIN = "repo:octo-org/octo-repo:ref:refs/heads/main";
const POD = "system:serviceaccount:ml:trainer";

describe("the package's sign-in, by the local Azure's own token endpoint", function () {
  this.timeout(240_000);
  let github: GitHubIssuer;
  let issuer: TokenIssuer;
  let azure: LocalAzure;
  let workspace: AzureWorkspace;
  let application: { readonly clientId: string; readonly secret: string };
  let certified: string;
  let identity: string;
  let pem: string;
  let bare: NodeJS.ProcessEnv;

  before(async () => {
    github = await openGitHubIssuer();
    azure = new LocalAzure(github.setting);
    await azure.start();
    issuer = await openTokenIssuer(azure.paths);
    workspace = await AzureWorkspace.open("signin", azure);
    const made = await addServicePrincipal(azure.paths, "ci");
    application = { clientId: made.clientId, secret: String(made.secret) };
    const { certificate, privateKey } = await makeCertificate();
    certified = (await addServicePrincipal(azure.paths, "certified", certificate)).clientId;
    pem = join(azure.paths.folder, "certified.pem");
    writeFileSync(pem, `${privateKey}\n${certificate}`, { mode: 0o600 });
    const id = `${workspace.group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-signin`;
    const answer = await workspace.arm("PUT", id, "2023-01-31", { location: "westeurope" });
    identity = String((answer["properties"] as Record<string, unknown>)["clientId"]);
    for (const [name, from, subject] of [
      ["github", github.issuer, MAIN],
      ["cluster", issuer.issuer, POD],
    ] as const)
      await workspace.arm("PUT", `${id}/federatedIdentityCredentials/${name}`, "2023-01-31", {
        properties: { issuer: from, subject, audiences: ["api://AzureADTokenExchange"] },
      });
    bare = Object.fromEntries(
      Object.entries(azure.environment()).filter(([name]) => !/^(ARM|AZURE)_/.test(name)),
    );
  });
  after(async () => {
    await workspace?.close();
    await azure?.remove();
    await issuer?.close();
    await github?.close();
  });

  const run = async (script: string, environment: NodeJS.ProcessEnv): Promise<unknown> => {
    const { stdout } = await execa(process.execPath, ["-e", script], {
      cwd: packageRoot(),
      env: environment,
      extendEnv: false,
    });
    return JSON.parse(stdout);
  };
  const outcomes = async (cases: readonly Case[]): Promise<readonly Outcome[]> =>
    (await run(SIGN_IN, { ...bare, CASES: JSON.stringify(cases) })) as readonly Outcome[];
  const pod = async (claims = {}): Promise<string> => await issuer.sign(POD, claims);
  const file = (name: string, text: string): string => {
    const path = join(azure.paths.folder, name);
    writeFileSync(path, text, { mode: 0o600 });
    return path;
  };

  it("is by secret, certificate, federated token and managed identity, from the stack, ARM_* and AZURE_*", async () => {
    const tokenFile = file("token", `${await pod()}\n`);
    const arm = { ARM_TENANT_ID: TENANT_ID };
    const own = { AZURE_TENANT_ID: TENANT_ID };
    const stack = { "azure-native:tenantId": TENANT_ID };
    const oidc = { ...arm, ARM_CLIENT_ID: identity, ARM_USE_OIDC: "true" };
    const stackOidc = { ...stack, "azure-native:clientId": identity, "azure-native:useOidc": "true" };
    const msi = {
      IDENTITY_ENDPOINT: `http://127.0.0.1:${azure.run().ports.http}/msi/token`,
      IDENTITY_HEADER: identityHeader(readSecrets(azure.paths)),
    };
    const { clientId, secret } = application;
    const { ACTIONS_ID_TOKEN_REQUEST_URL: url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: requestToken } =
      github.jobEnvironment;
    const cases: readonly (readonly [Case, string, string, string])[] = [
      [
        { environment: { ...arm, ARM_CLIENT_ID: clientId, ARM_CLIENT_SECRET: secret } },
        clientId,
        "secret",
        "ARM_CLIENT_SECRET",
      ],
      [
        { environment: { ...own, AZURE_CLIENT_ID: clientId, AZURE_CLIENT_SECRET: secret } },
        clientId,
        "secret",
        "AZURE_CLIENT_SECRET",
      ],
      [
        { stack: { ...stack, "azure-native:clientId": clientId, "azure-native:clientSecret": secret } },
        clientId,
        "secret",
        "azure-native:clientSecret",
      ],
      [
        { environment: { ...arm, ARM_CLIENT_ID: certified, ARM_CLIENT_CERTIFICATE_PATH: pem } },
        certified,
        "certificate",
        "ARM_CLIENT_CERTIFICATE_PATH",
      ],
      [
        { environment: { ...own, AZURE_CLIENT_ID: certified, AZURE_CLIENT_CERTIFICATE_PATH: pem } },
        certified,
        "certificate",
        "AZURE_CLIENT_CERTIFICATE_PATH",
      ],
      [
        {
          stack: { ...stack, "azure-native:clientId": certified, "azure-native:clientCertificatePath": pem },
        },
        certified,
        "certificate",
        "azure-native:clientCertificatePath",
      ],
      [
        { environment: { ...oidc, ARM_OIDC_TOKEN: await pod() } },
        identity,
        "federated token",
        "ARM_OIDC_TOKEN",
      ],
      [
        { environment: { ...oidc, ARM_OIDC_TOKEN_FILE_PATH: tokenFile } },
        identity,
        "federated token file",
        "ARM_OIDC_TOKEN_FILE_PATH",
      ],
      [
        { environment: { ...oidc, ...github.jobEnvironment } },
        identity,
        "federated token request",
        "ACTIONS_ID_TOKEN_REQUEST_URL",
      ],
      [
        { environment: { ...oidc, ARM_OIDC_REQUEST_URL: url, ARM_OIDC_REQUEST_TOKEN: requestToken } },
        identity,
        "federated token request",
        "ARM_OIDC_REQUEST_URL",
      ],
      [
        { environment: { ...own, AZURE_CLIENT_ID: identity, AZURE_FEDERATED_TOKEN_FILE: tokenFile } },
        identity,
        "federated token file",
        "AZURE_FEDERATED_TOKEN_FILE",
      ],
      [
        { stack: { ...stackOidc, "azure-native:oidcToken": await pod() } },
        identity,
        "federated token",
        "azure-native:oidcToken",
      ],
      [
        { stack: { ...stackOidc, "azure-native:oidcTokenFilePath": tokenFile } },
        identity,
        "federated token file",
        "azure-native:oidcTokenFilePath",
      ],
      [
        {
          stack: {
            ...stackOidc,
            "azure-native:oidcRequestUrl": url,
            "azure-native:oidcRequestToken": requestToken,
          },
        },
        identity,
        "federated token request",
        "azure-native:oidcRequestUrl",
      ],
      [
        { environment: { ...msi, ARM_USE_MSI: "true", ARM_CLIENT_ID: identity } },
        identity,
        "managed identity",
        "ARM_USE_MSI",
      ],
      [
        { environment: { ...msi, AZURE_CLIENT_ID: identity } },
        identity,
        "managed identity",
        "IDENTITY_ENDPOINT",
      ],
      [
        { environment: msi, stack: { "azure-native:useMsi": "true" } },
        DEPLOYER.clientId,
        "managed identity",
        "azure-native:useMsi",
      ],
    ];
    const found = await outcomes(cases.map(([one]) => one));
    for (const [index, [, client, kind, source]] of cases.entries()) {
      const { token, ...rest } = found[index] ?? {};
      expect(rest, source).to.include({ kind, source });
      expect(decodeJwt(String(token)), source).to.include({ appid: client, tid: TENANT_ID });
    }
  });

  it("says what to do where it fails, and shows nothing secret", async () => {
    const arm = { ARM_TENANT_ID: TENANT_ID, ARM_CLIENT_ID: application.clientId };
    const oidc = { ARM_TENANT_ID: TENANT_ID, ARM_CLIENT_ID: identity, ARM_USE_OIDC: "true" };
    const elsewhere = "11111111-2222-4333-8444-555555555555";
    const expired = await pod({ exp: Math.floor(Date.now() / 1000) - 60 });
    const cases: readonly (readonly [Record<string, string>, ...string[]])[] = [
      [{ ...arm, ARM_CLIENT_SECRET: "planted-secret" }, "AADSTS7000215", "az ad app credential reset"],
      [
        { ...arm, ARM_TENANT_ID: elsewhere, ARM_CLIENT_SECRET: "planted-secret" },
        "secret by ARM_CLIENT_SECRET",
        elsewhere,
      ],
      [
        { ...arm, ARM_CLIENT_ID: elsewhere, ARM_CLIENT_SECRET: "planted-secret" },
        "AADSTS700016",
        "no such application",
      ],
      [{ ...arm, ARM_CLIENT_CERTIFICATE_PATH: pem }, "AADSTS700027", "certificate that the application has"],
      [{ ...arm, ARM_CLIENT_CERTIFICATE_PATH: file("planted.pem", "planted") }, "PEM", "openssl pkcs12"],
      [
        { ...oidc, ARM_OIDC_TOKEN: await issuer.sign("planted-subject") },
        "AADSTS700213",
        "federated-credential list",
      ],
      [{ ...oidc, ARM_OIDC_TOKEN: expired }, "AADSTS700024", "a fresh token"],
      [{ ...oidc, ARM_OIDC_TOKEN_FILE_PATH: "/nowhere/token" }, "/nowhere/token", "ENOENT"],
      [
        { ...oidc, ...github.jobEnvironment, ACTIONS_ID_TOKEN_REQUEST_TOKEN: "planted-token" },
        "HTTP 401",
        "id-token: write",
      ],
      [{ ARM_CLIENT_ID: application.clientId }, "nothing says what it signs in with"],
      [
        { AZURE_TOKEN_CREDENTIALS: "AzureCLICredential", PATH: "/nowhere" },
        "nobody is signed in",
        "az login",
      ],
    ];
    const found = await outcomes(cases.map(([environment]) => ({ environment })));
    for (const [index, [, ...words]] of cases.entries()) {
      const { error = expect.fail(`${words[0]}: it signed in`) } = found[index] ?? {};
      for (const word of words) expect(error).to.contain(word);
      expect(error)
        .to.contain("Try: ")
        .and.to.not.match(/planted-|eyJ/);
    }
  });

  it("works in the cloud that a metadata host describes", async () => {
    const { clientSecret } = readSecrets(azure.paths);
    const name = await run(READ, {
      ...bare,
      WORKSPACE: workspace.id,
      ARM_METADATA_HOSTNAME: "management.azure.com",
      ARM_TENANT_ID: TENANT_ID,
      ARM_CLIENT_ID: DEPLOYER.clientId,
      ARM_CLIENT_SECRET: clientSecret,
    });
    expect(name).to.equal("mlw-signin");
  });

  it("is by the stack's configuration in the real engine, which gives it to the dynamic providers", async () => {
    const { clientSecret, passphrase } = readSecrets(azure.paths);
    const stack = await ProgramStack.create(
      { paths: azure.paths, environment: () => ({ ...bare, PULUMI_CONFIG_PASSPHRASE: passphrase }) },
      "sign-in",
      { workspaceId: workspace.id },
    );
    expect(await stack.fails("up", "--yes", "--skip-preview")).to.contain("nobody is signed in");
    const config = async (name: string, value: string, ...secret: string[]) =>
      await stack.succeeds("config", "set", ...secret, `azure-native:${name}`, value);
    await config("tenantId", TENANT_ID);
    await config("clientId", DEPLOYER.clientId);
    await config("subscriptionId", SUBSCRIPTION_ID);
    await config("clientSecret", "planted-secret", "--secret");
    const refused = await stack.fails("up", "--yes", "--skip-preview");
    expect(refused).to.contain("AADSTS7000215").and.to.contain("azure-native:clientSecret");
    expect(refused).to.not.contain("planted-secret");
    await config("clientSecret", clientSecret, "--secret");
    const up = await stack.succeeds("up", "--yes", "--skip-preview");
    const state = await stack.succeeds("stack", "export");
    expect(`${up}${state}`).to.not.contain(clientSecret);
    await stack.succeeds("destroy", "--yes", "--skip-preview");
  });
});
