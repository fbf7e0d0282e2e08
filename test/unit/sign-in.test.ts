import {
  ClientAssertionCredential,
  ClientCertificateCredential,
  ClientSecretCredential,
  DefaultAzureCredential,
  ManagedIdentityCredential,
} from "@azure/identity";
import { expect } from "chai";
import * as fc from "fast-check";
import { existsSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { cloudOf } from "../../providers/clients/cloud";
import { cloudNameOf } from "../../providers/clients/cloud-names";
import { credentialOf } from "../../providers/clients/credential";
import { describeCredential, planCredential } from "../../providers/clients/credential-plan";
import { ProviderError } from "../../providers/clients/errors";
import { signInFault } from "../../providers/clients/sign-in-fault";
import { signInSettings } from "../../providers/clients/sign-in-settings";
import { packageRoot } from "../../tools/paths";
import { failure } from "../helpers/failure";

const ids = { ARM_TENANT_ID: "tenant", ARM_CLIENT_ID: "client" };
const azureIds = { AZURE_TENANT_ID: "tenant", AZURE_CLIENT_ID: "client" };
const github = {
  ACTIONS_ID_TOKEN_REQUEST_URL: "https://ci.example/token?job=1",
  ACTIONS_ID_TOKEN_REQUEST_TOKEN: "planted-request-token",
};

const plan = (environment: NodeJS.ProcessEnv, stack: Record<string, string> = {}) =>
  planCredential(signInSettings(environment, (key) => stack[key]));
const refusal = (environment: NodeJS.ProcessEnv): string => {
  try {
    plan(environment);
  } catch (error) {
    expect(error).to.be.instanceOf(ProviderError);
    return (error as Error).message;
  }
  return expect.fail("it was taken");
};

describe("who signs in", () => {
  it("is what azure-native would take, in its order", () => {
    const all = {
      ...ids,
      ARM_USE_DEFAULT_AZURE_CREDENTIAL: "true",
      ARM_CLIENT_CERTIFICATE_PATH: "/c.pem",
      ARM_CLIENT_SECRET: "s",
      ARM_USE_OIDC: "true",
      ARM_OIDC_TOKEN: "t",
      ARM_OIDC_TOKEN_FILE_PATH: "/t",
      ...github,
      ARM_USE_MSI: "true",
    };
    const order: readonly (readonly [string, string])[] = [
      ["ARM_USE_DEFAULT_AZURE_CREDENTIAL", "default"],
      ["ARM_CLIENT_CERTIFICATE_PATH", "certificate"],
      ["ARM_CLIENT_SECRET", "secret"],
      ["ARM_OIDC_TOKEN", "federated token"],
      ["ARM_OIDC_TOKEN_FILE_PATH", "federated token file"],
      ["ACTIONS_ID_TOKEN_REQUEST_URL", "federated token request"],
      ["ARM_USE_MSI", "managed identity"],
    ];
    const left: NodeJS.ProcessEnv = { ...all };
    for (const [variable, kind] of order) {
      expect(plan(left)).to.include({ kind, source: variable });
      Reflect.deleteProperty(left, variable);
      if (kind === "federated token request") delete left["ARM_USE_OIDC"];
    }
    expect(refusal(left)).to.contain("ARM_CLIENT_ID").and.to.contain("azure-native:clientSecret");
  });

  it("is then what Azure's client libraries would take, and Azure's own chain last", () => {
    const left: NodeJS.ProcessEnv = {
      ...azureIds,
      AZURE_TOKEN_CREDENTIALS: "prod",
      AZURE_CLIENT_SECRET: "s",
      AZURE_CLIENT_CERTIFICATE_PATH: "/c.pem",
      AZURE_FEDERATED_TOKEN_FILE: "/var/run/token",
      IDENTITY_ENDPOINT: "http://169.254.1.1/token",
    };
    const order: readonly (readonly [string, string])[] = [
      ["AZURE_TOKEN_CREDENTIALS", "default"],
      ["AZURE_CLIENT_SECRET", "secret"],
      ["AZURE_CLIENT_CERTIFICATE_PATH", "certificate"],
      ["AZURE_FEDERATED_TOKEN_FILE", "federated token file"],
      ["IDENTITY_ENDPOINT", "managed identity"],
    ];
    for (const [variable, kind] of order) {
      expect(plan(left)).to.include({ kind, source: variable });
      Reflect.deleteProperty(left, variable);
    }
    expect(plan(left)).to.deep.equal({ kind: "default", source: "no setting", tenantId: "tenant" });
    expect(plan({})).to.deep.equal({ kind: "default", source: "no setting" });
  });

  it("is what the stack's configuration has before the environment, setting by setting", () => {
    const stack = { "azure-native:clientId": "theirs", "azure-native:clientSecret": "planted" };
    expect(plan({ ...ids, ARM_CLIENT_SECRET: "other" }, stack)).to.deep.equal({
      kind: "secret",
      source: "azure-native:clientSecret",
      tenantId: "tenant",
      clientId: "theirs",
      secret: "planted",
    });
  });

  it("is nobody where what was begun is incomplete: what is missing is said", () => {
    const cases: readonly (readonly [NodeJS.ProcessEnv, ...string[]])[] = [
      [{ ARM_CLIENT_SECRET: "planted" }, "azure-native:tenantId or ARM_TENANT_ID", "ARM_CLIENT_ID"],
      [{ ...ids, ARM_TENANT_ID: "", ARM_CLIENT_SECRET: "planted" }, "ARM_CLIENT_SECRET", "ARM_TENANT_ID"],
      [{ ARM_CLIENT_CERTIFICATE_PATH: "/planted" }, "ARM_CLIENT_CERTIFICATE_PATH", "ARM_CLIENT_ID"],
      [{ ...ids, ARM_USE_OIDC: "true" }, "ARM_USE_OIDC", "ARM_OIDC_TOKEN", "id-token: write"],
      [{ ARM_USE_OIDC: "true", ARM_OIDC_TOKEN: "planted" }, "ARM_TENANT_ID", "ARM_CLIENT_ID"],
      [{ ...ids, ARM_USE_OIDC: "1", ARM_OIDC_TOKEN: "planted" }, "ARM_USE_OIDC", "true, false"],
      [{ AZURE_CLIENT_ID: "c", AZURE_CLIENT_SECRET: "planted" }, "AZURE_CLIENT_SECRET", "AZURE_TENANT_ID"],
      [{ AZURE_FEDERATED_TOKEN_FILE: "/planted" }, "AZURE_TENANT_ID", "AZURE_CLIENT_ID"],
    ];
    for (const [environment, ...words] of cases) {
      const said = refusal(environment);
      for (const word of words) expect(said).to.contain(word);
      expect(said).to.not.contain("planted");
    }
  });

  it("is decided for any settings, or refused in words, and its description holds nothing secret", () => {
    const names = [
      "ARM_TENANT_ID",
      "ARM_CLIENT_ID",
      "ARM_USE_OIDC",
      "ARM_USE_MSI",
      "AZURE_TENANT_ID",
      "AZURE_CLIENT_ID",
    ] as const;
    const secrets = [
      "ARM_CLIENT_SECRET",
      "ARM_CLIENT_CERTIFICATE_PASSWORD",
      "ARM_OIDC_TOKEN",
      "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
      "AZURE_CLIENT_SECRET",
    ] as const;
    const environments = fc.tuple(
      fc.subarray([...names]),
      fc.subarray([...secrets, "ARM_CLIENT_CERTIFICATE_PATH", "AZURE_FEDERATED_TOKEN_FILE"] as const),
    );
    let described = 0;
    fc.assert(
      fc.property(environments, ([plain, hidden]) => {
        const environment = {
          ...Object.fromEntries(plain.map((name) => [name, name.includes("USE") ? "true" : `of ${name}`])),
          ...Object.fromEntries(hidden.map((name) => [name, "planted"])),
        };
        const settings = signInSettings(environment);
        try {
          const { source, ...rest } = describeCredential(settings);
          described += 1;
          expect(JSON.stringify(rest)).to.not.contain("planted");
          expect(source === "no setting" || source in environment).to.equal(true);
        } catch (error) {
          expect(error).to.be.instanceOf(ProviderError);
          expect((error as Error).message).to.not.contain("planted");
        }
      }),
    );
    expect(described).to.be.greaterThan(5);
  });

  it("signs in by the credential of Azure's library that is for it", async () => {
    const cloud = await cloudOf(signInSettings({}));
    const made = (environment: NodeJS.ProcessEnv) => credentialOf(plan(environment), cloud);
    const oidc = { ...ids, ARM_USE_OIDC: "true" };
    expect(made({ ...ids, ARM_CLIENT_SECRET: "s" })).to.be.instanceOf(ClientSecretCredential);
    expect(made({ ...ids, ARM_CLIENT_CERTIFICATE_PATH: __filename })).to.be.instanceOf(
      ClientCertificateCredential,
    );
    for (const by of [{ ARM_OIDC_TOKEN: "t" }, { ARM_OIDC_TOKEN_FILE_PATH: "/t" }, github])
      expect(made({ ...oidc, ...by })).to.be.instanceOf(ClientAssertionCredential);
    expect(made({ ARM_USE_MSI: "true" })).to.be.instanceOf(ManagedIdentityCredential);
    expect(made({})).to.be.instanceOf(DefaultAzureCredential);
  });

  it("reaches every dynamic provider: each takes the stack's configuration", () => {
    const folder = join(packageRoot(), "providers");
    const all = readdirSync(folder).filter((name) => existsSync(join(folder, name, "provider.ts")));
    expect(all.length).to.be.greaterThan(15);
    const load = createRequire(__filename);
    for (const name of all)
      expect(load(join(folder, name, "provider.ts")), name).to.have.property("configure");
  });
});

describe("the cloud", () => {
  const HOST = { ARM_METADATA_HOSTNAME: "management.stack.example" };
  const metadata = {
    portal: "https://portal.azure.example/",
    resourceManager: "https://management.stack.example/",
    authentication: {
      loginEndpoint: "https://login.stack.example",
      audiences: ["https://management.core.example/", "https://management.stack.example/"],
    },
    suffixes: { storage: "core.example", keyVaultDns: "vault.example" },
  };

  it("is the public one, or that of the settings, by any of its names", () => {
    const named = (environment: NodeJS.ProcessEnv) => cloudNameOf(signInSettings(environment));
    expect(named({})).to.equal("public");
    expect(named({ ARM_ENVIRONMENT: "usgovernment" })).to.equal("usgovernment");
    expect(named({ AZURE_ENVIRONMENT: "AzureChinaCloud" })).to.equal("china");
    expect(named({ ARM_ENVIRONMENT: "china", ...HOST })).to.equal("custom");
    expect(() => named({ ARM_ENVIRONMENT: "moon" })).to.throw(ProviderError, "public, china, usgovernment");
  });

  it("has addresses and audiences of its own alone", async () => {
    for (const [name, domain] of [
      ["public", /azure\.(com|net)|windows\.net|microsoftonline\.com/],
      ["china", /\.cn/],
      ["usgovernment", /azure\.us|usgovcloudapi\.net|microsoftonline\.us/],
    ] as const) {
      const {
        name: itself,
        knownAuthority,
        ...addresses
      } = await cloudOf(
        signInSettings({ ARM_ENVIRONMENT: name, AZURE_AUTHORITY_HOST: "https://elsewhere.example" }),
      );
      expect(itself).to.equal(name);
      expect(knownAuthority).to.equal(true);
      for (const address of Object.values(addresses)) expect(address).to.match(domain);
    }
  });

  it("is what a metadata host says of it", async () => {
    expect(await cloudOf(signInSettings(HOST), async () => metadata)).to.deep.equal({
      name: "custom",
      authorityHost: "https://login.stack.example/",
      knownAuthority: false,
      resourceManager: "https://management.stack.example",
      resourceManagerScope: "https://management.stack.example/.default",
      scoringScope: "https://ml.azure.example/.default",
      vaultScope: "https://vault.example/.default",
      vaultSuffix: "vault.example",
      storageSuffix: "core.example",
      studio: "https://ml.azure.example",
    });
  });

  it("is none that would take a secret unencrypted", async () => {
    const insecure = {
      ...metadata,
      authentication: { ...metadata.authentication, loginEndpoint: "http://x" },
    };
    const error = await failure(cloudOf(signInSettings(HOST), async () => insecure));
    expect(error.message).to.contain("http://x").and.to.contain("ARM_METADATA_HOSTNAME");
    const authority = { AZURE_AUTHORITY_HOST: "http://login.example" };
    expect((await failure(cloudOf(signInSettings(authority)))).message).to.contain("AZURE_AUTHORITY_HOST");
  });

  it("takes an authority of one's own, which Microsoft's is not asked about", async () => {
    const { authorityHost, knownAuthority } = await cloudOf(
      signInSettings({ AZURE_AUTHORITY_HOST: "https://login.example" }),
    );
    expect({ authorityHost, knownAuthority }).to.deep.equal({
      authorityHost: "https://login.example/",
      knownAuthority: false,
    });
  });
});

describe("a sign-in that fails", () => {
  const who = {
    kind: "secret",
    source: "ARM_CLIENT_SECRET",
    clientId: "c-1",
    tenantId: "t-1",
    cloud: "public",
  } as const;

  it("says the cause, the setting that decided, and what to do", () => {
    const correlation = "11111111-2222-3333-4444-555555555555";
    for (const [number, words] of [
      ["7000222", "has expired"],
      ["7000215", "not the application's secret"],
      ["700016", "no such application in this tenant"],
      ["90002", "no such tenant"],
      ["700213", "no federated credential"],
      ["700024", "no longer valid"],
    ] as const) {
      const text = `invalid_client: AADSTS${number}: whatever planted. Correlation ID: ${correlation}`;
      const { message } = signInFault(new Error(text), who);
      expect(message).to.contain(words).and.to.contain(`AADSTS${number}`).and.to.contain(correlation);
      expect(message).to.contain("ARM_CLIENT_SECRET").and.to.contain("c-1").and.to.contain("Try: ");
      expect(message).to.not.contain("planted");
    }
  });

  it("says that nobody is signed in where Azure's own chain finds nobody", () => {
    const { message } = signInFault(new Error("ChainedTokenCredential failed"), {
      kind: "default",
      source: "no setting",
      cloud: "public",
    });
    expect(message).to.contain("nobody is signed in").and.to.contain("az login");
  });

  it("says that Entra can't be reached, without the password of a proxy", () => {
    const { message } = signInFault(new Error("connect ECONNREFUSED http://ann:planted@proxy:3128"), who);
    expect(message).to.contain("can't be asked").and.to.contain("proxy:3128").and.to.not.contain("planted");
  });
});
