import { expect } from "chai";
import { doctorLines } from "../../cli/view/doctor";
import { wantedName } from "../../cli/doctor/doctor";
import { ownSetting } from "../../cli/doctor/stack";
import { ProviderError } from "../../providers/clients/errors";
import { clockFinding } from "../../providers/doctor/clock-skew";
import { examine } from "../../providers/doctor/examine";
import { ok, problem, unknown, type Finding, type Level } from "../../providers/doctor/finding";
import { quotaFinding } from "../../providers/doctor/machines";
import { availabilityFinding } from "../../providers/doctor/names";
import { permissionFindings, type Permission } from "../../providers/doctor/permissions";
import { isPrivateAddress, reachFinding, type Place, type Seen } from "../../providers/doctor/reach";
import { signedInBy, signInFindings } from "../../providers/doctor/sign-in";
import { providerFindings, subscriptionFinding } from "../../providers/doctor/subscription";
import { toolFindings, type Tools } from "../../providers/doctor/tools";
import { WORKSPACE_ID } from "../helpers/pulumi-mocks";

const GROUP = WORKSPACE_ID.split("/").slice(0, 5).join("/");
const SUBSCRIPTION = WORKSPACE_ID.split("/")[2] ?? "";
const TENANT = "11111111-2222-4333-8444-555555555555";
const OTHER_TENANT = "99999999-2222-4333-8444-555555555555";

/** `level about → repair` of what is not ok. */
const told = (findings: readonly Finding[]): string[] =>
  findings
    .filter(({ level }) => level !== "ok")
    .map(({ level, about, repair }) => `${level} ${about}${repair === undefined ? "" : ` → ${repair}`}`);
const level = (finding: Finding): Level => finding.level;

describe("the tools that doctor finds", () => {
  const wanted = {
    "@pulumi/pulumi": "3.248.0",
    "@pulumi/azure-native": "3.28.0",
    "@pulumi/random": "4.18.2",
  };
  const good: Tools = {
    node: "20.19.4",
    pulumi: "3.248.0",
    packages: wanted,
    wanted,
    python: { python: "3.11.7", mlflow: "2.22.5", azuremlMlflow: "1.62.0" },
  };
  const of = (change: Partial<Tools>): string[] => told(toolFindings({ ...good, ...change }));

  it("are fine where they are what the package is made for, or newer", () => {
    expect(of({})).to.deep.equal([]);
    expect(of({ node: "24.1.0", pulumi: "3.300.1" })).to.deep.equal([]);
  });

  it("are problems where nothing works with them, warnings where something may not", () => {
    expect(of({ node: "20.9.1" })).to.deep.equal(["problem Node.js → https://nodejs.org/en/download"]);
    expect(of({ pulumi: undefined })).to.deep.equal([
      "problem Pulumi → https://www.pulumi.com/docs/install/",
    ]);
    expect(of({ pulumi: "2.30.0" })[0]).to.match(/^problem Pulumi/);
    expect(of({ pulumi: "3.100.0" })[0]).to.match(/^warning Pulumi/);
    expect(of({ packages: { ...wanted, "@pulumi/azure-native": "2.90.0" } })).to.deep.equal([
      "problem @pulumi/azure-native → npm install --save-exact @pulumi/azure-native@3.28.0",
    ]);
    expect(of({ packages: { ...wanted, "@pulumi/random": "4.18.0" } })[0]).to.match(
      /^warning @pulumi\/random/,
    );
    expect(of({ packages: { ...wanted, "@pulumi/random": undefined } })[0]).to.match(
      /^warning @pulumi\/random/,
    );
  });

  it("of Python are needed for tracking alone; MLflow 3 is newer than what Azure ML serves", () => {
    expect(of({ python: undefined })).to.deep.equal(["unknown Python"]);
    expect(of({ python: { python: "3.12.1" } })).to.deep.equal(["unknown MLflow"]);
    expect(of({ python: { python: "3.12.1", mlflow: "3.4.0" } })).to.deep.equal([
      'warning MLflow → pip install "mlflow~=2.22.0"',
      "warning azureml-mlflow → pip install azureml-mlflow",
    ]);
  });
});

describe("the clock that doctor reads", () => {
  const at = Date.parse("2026-11-27T12:00:00Z");
  const off = (seconds: number): Finding =>
    clockFinding(new Date(at).toUTCString(), at + seconds * 1000 - 500, at + seconds * 1000 + 500);

  it("is refused beyond five minutes, ahead or behind", () => {
    expect([0, 60, 61, -300, 301, -301].map((seconds) => level(off(seconds)))).to.deep.equal([
      "ok",
      "ok",
      "warning",
      "warning",
      "problem",
      "problem",
    ]);
    expect(off(400).says).to.contain("400 s ahead");
    expect(off(-400).says).to.contain("400 s behind");
    expect(clockFinding(undefined, at, at).level).to.equal("unknown");
  });
});

describe("who doctor says is signed in", () => {
  const token = (claims: object): string =>
    `x.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.planted-signature`;
  const by = { kind: "secret", source: "ARM_CLIENT_SECRET", tenantId: TENANT, cloud: "public" } as const;

  it("is what the token's claims say, and nothing of the token", () => {
    const app = signedInBy(token({ oid: "o", tid: TENANT, appid: "c", idtyp: "app" }));
    expect(app).to.deep.equal({ objectId: "o", tenantId: TENANT, clientId: "c", type: "ServicePrincipal" });
    expect(signedInBy(token({ oid: "o", tid: TENANT, upn: "a@example.com" })).type).to.equal("User");
    const [finding] = signInFindings(by, app);
    expect(finding).to.deep.include({ level: "ok", about: "sign-in" });
    expect(finding?.says).to.equal(
      `secret by ARM_CLIENT_SECRET, object id o, client id c, tenant ${TENANT}, cloud public`,
    );
    expect(() => signedInBy("nonsense")).to.throw();
  });

  it("is a problem in another tenant than was asked for", () => {
    const who = signedInBy(token({ oid: "o", tid: OTHER_TENANT }));
    expect(told(signInFindings(by, who))).to.deep.equal([`problem sign-in → ARM_TENANT_ID=${OTHER_TENANT}`]);
    expect(told(signInFindings({ ...by, tenantId: "contoso.example" }, who))).to.deep.equal([]);
  });
});

describe("the subscription that doctor finds", () => {
  it("is there, enabled, and in the tenant of the sign-in", () => {
    const of = (subscription: Parameters<typeof subscriptionFinding>[1]): Finding =>
      subscriptionFinding(SUBSCRIPTION, subscription, TENANT);
    expect(of({ displayName: "ml", state: "Enabled", tenantId: TENANT }).level).to.equal("ok");
    expect(of(undefined).repair).to.contain("ARM_SUBSCRIPTION_ID");
    expect(of({ state: "Disabled", tenantId: TENANT })).to.include({ level: "problem" });
    expect(of({ state: "Enabled", tenantId: OTHER_TENANT }).repair).to.equal(`ARM_TENANT_ID=${OTHER_TENANT}`);
  });

  it("has every resource provider that the components need, or the line that registers it", () => {
    expect(told(providerFindings(SUBSCRIPTION, []))).to.have.length(8);
    const registered = told(providerFindings(SUBSCRIPTION, [])).map((line) => ({
      namespace: /--namespace (\S+)/.exec(line)?.[1] ?? "",
      registrationState: "Registered",
    }));
    expect(told(providerFindings(SUBSCRIPTION, registered))).to.deep.equal([]);
    const [first, ...others] = registered;
    const registering = { namespace: first?.namespace.toLowerCase() ?? "", registrationState: "Registering" };
    expect(told(providerFindings(SUBSCRIPTION, [registering, ...others]))).to.deep.equal([
      `problem resource provider ${first?.namespace} → az provider register --subscription ${SUBSCRIPTION} --namespace ${first?.namespace} --wait`,
    ]);
  });
});

describe("the roles that doctor finds missing", () => {
  const who = { objectId: "o", tenantId: TENANT, type: "User" } as const;
  const missing = (atGroup: readonly Permission[], atWorkspace?: readonly Permission[]): string[] =>
    told(
      permissionFindings(
        { id: GROUP, permissions: atGroup },
        atWorkspace && { id: WORKSPACE_ID, permissions: atWorkspace },
        who,
      ),
    ).map((line) => line.slice("problem role: ".length, line.indexOf(" →")));
  const blobs = { dataActions: ["Microsoft.Storage/storageAccounts/blobServices/containers/blobs/*"] };

  it("are none of an owner with a data role", () => {
    expect(missing([{ actions: ["*"] }, blobs])).to.deep.equal([]);
  });

  it("are told one by one, and what a role's notActions take is taken from that role alone", () => {
    const contributor = { actions: ["*"], notActions: ["Microsoft.Authorization/*/Write"] };
    expect(missing([contributor, blobs])).to.deep.equal(["assign roles"]);
    expect(missing([contributor, { actions: ["Microsoft.Authorization/*"] }])).to.deep.equal([
      "upload blobs",
    ]);
    expect(missing([{ actions: ["*/read"] }])).to.have.length(7);
    const ml = "Microsoft.MachineLearningServices/workspaces";
    const tracker = { actions: [`${ml}/experiments/*`] };
    expect(
      missing([contributor, { actions: ["Microsoft.Authorization/*"] }, blobs], [tracker]),
    ).to.deep.equal(["register models", "deploy", "score"]);
  });

  it("come with the line that assigns them, at the scope that was asked", () => {
    const [score] = permissionFindings(
      { id: GROUP, permissions: [] },
      { id: WORKSPACE_ID, permissions: [] },
      who,
    ).slice(-1);
    expect(score?.repair).to.equal(
      `az role assignment create --assignee-object-id o --assignee-principal-type User --role "AzureML Data Scientist" --scope ${WORKSPACE_ID}`,
    );
    const [create] = permissionFindings({ id: GROUP, permissions: [] }, undefined, who);
    expect(create?.repair).to.match(new RegExp(`--role "Contributor" --scope ${GROUP}$`));
  });
});

describe("the names and the quota that doctor asks for", () => {
  it("are free, taken, held by a deleted vault, or no names", () => {
    const vault = { kind: "keyVault", name: "kv-churn" } as const;
    expect(availabilityFinding(vault, { nameAvailable: true }).level).to.equal("ok");
    const taken = availabilityFinding(vault, { nameAvailable: false, message: "It is taken." });
    expect(taken.says).to.equal("kv-churn can't be had: It is taken");
    expect(availabilityFinding(vault, { nameAvailable: false }, true).repair).to.contain(
      "az keyvault recover",
    );
    for (const name of ["a", "9kv", "kv--x", "kv-"])
      expect(availabilityFinding({ kind: "keyVault", name }, {}).says, name).to.contain("is no name");
  });

  it("are named as KIND=NAME", () => {
    expect(wantedName("storageAccount=st")).to.deep.equal({ kind: "storageAccount", name: "st" });
    for (const text of ["st", "vault=x", "storageAccount="])
      expect(() => wantedName(text), text).to.throw(ProviderError, "keyVault=NAME");
  });

  it("count the fifth that Azure ML reserves", () => {
    const sizes = [{ name: "Standard_DS3_v2", family: "standardDSv2Family", cores: 4 }];
    const wanted = { instanceType: "Standard_DS3_v2", instances: 2, location: "westeurope" };
    const of = (limit: number): Finding =>
      quotaFinding(
        WORKSPACE_ID,
        wanted,
        [
          {
            id: `/subscriptions/${SUBSCRIPTION}/usages/x`,
            name: "Standard DSv2 Family Cluster Dedicated vCPUs",
            used: 0,
            limit,
          },
        ],
        sizes,
      );
    expect(of(12).level).to.equal("ok");
    expect(of(11).says).to.contain("12 cores for 2 of Standard_DS3_v2, with the 20 %");
    expect(quotaFinding(WORKSPACE_ID, { ...wanted, instanceType: "Standard_X" }, [], sizes).level).to.equal(
      "unknown",
    );
  });
});

describe("what doctor reaches", () => {
  const open: Place = { name: "storage", url: "https://st.blob.core.windows.net/", isPrivate: false };
  const closed: Place = { ...open, isPrivate: true, zone: "privatelink.blob.core.windows.net" };
  const of = (place: Place, seen: Seen): Finding => reachFinding(place, seen);

  it("answers, whatever it answers without a token", () => {
    for (const status of [200, 400, 401, 404, 409])
      expect(of(open, { address: "20.1.2.3", status }).level, String(status)).to.equal("ok");
    expect(of(open, { status: 403 }).level).to.equal("warning");
    expect(of(open, { status: 503 }).repair).to.contain("st.blob.core.windows.net, port 443");
  });

  it("is told by what fails: name, certificate, way", () => {
    const failure = (code: string): string | undefined =>
      of(open, { failure: { code, message: "it failed" } }).repair;
    expect(failure("ENOTFOUND")).to.contain("nslookup st.blob.core.windows.net");
    expect(failure("SELF_SIGNED_CERT_IN_CHAIN")).to.contain("NODE_EXTRA_CA_CERTS");
    expect(failure("ETIMEDOUT")).to.contain("port 443");
    const refused = { code: "", message: "the proxy wants another user", repair: "HTTPS_PROXY=…" };
    expect(of(open, { failure: refused })).to.deep.include({ level: "problem", repair: "HTTPS_PROXY=…" });
  });

  it("of a private workspace leads to a private address, or the zone that is missing is named", () => {
    expect(of(closed, { address: "10.0.0.4", status: 401 }).level).to.equal("ok");
    const outside = of(closed, { address: "20.1.2.3", status: 401 });
    expect(outside.level).to.equal("problem");
    expect(outside.repair).to.equal(
      "a link of private DNS zone privatelink.blob.core.windows.net to this machine's network, and `pulumi up` inside that network",
    );
    expect(of(closed, { status: 403 })).to.include({ level: "problem", repair: outside.repair });
    expect(of(closed, { failure: { code: "ENOTFOUND", message: "no such name" } }).repair).to.equal(
      outside.repair,
    );
    expect(of(closed, { status: 401 }).level).to.equal("warning");
  });

  it("is private by RFC 1918, 4193 and 6598", () => {
    for (const address of ["10.0.0.1", "172.16.0.1", "172.31.9.9", "192.168.1.1", "100.64.0.1", "fd00::1"])
      expect(isPrivateAddress(address), address).to.equal(true);
    for (const address of ["20.0.0.1", "172.32.0.1", "192.169.0.1", "100.128.0.1", "2603:1030::1"])
      expect(isPrivateAddress(address), address).to.equal(false);
  });
});

describe("doctor's checks", () => {
  it("are made side by side; one that fails or never ends hides no other", async () => {
    const progress: string[] = [];
    const found = await examine(
      [
        { name: "silent", find: () => new Promise(() => undefined) },
        { name: "failing", find: () => Promise.reject(new Error("at https://user:planted@host/\nmore")) },
        { name: "good", find: () => Promise.resolve([ok("good", "there")]) },
      ],
      { seconds: 0.05, say: (line) => progress.push(line) },
    );
    expect(found.map(({ level: one, about, says }) => `${one} ${about}: ${says}`)).to.deep.equal([
      "unknown silent: nothing has come of it within 0.05 s",
      "unknown failing: at https://host/",
      "ok good: there",
    ]);
    expect(progress).to.deep.equal(["1 of 3: failing", "2 of 3: good", "3 of 3: silent"]);
  });

  it("are a line each, with what to do below and a count at the end", () => {
    const findings = [
      ok("clock", "as Azure's"),
      problem("Pulumi", "not on PATH", "install it"),
      unknown("Python", "none"),
    ];
    expect(doctorLines(findings)).to.deep.equal([
      "ok        clock   as Azure's",
      "PROBLEM   Pulumi  not on PATH",
      "          → install it",
      "not told  Python  none",
      "",
      "1 problem, 1 not told, 1 ok",
    ]);
  });

  it("take the stack's own settings, whatever its project is called", () => {
    const config = { "azure-native:location": "northeurope", "churn:location": "westeurope" };
    expect(ownSetting({ outputs: {}, config }, "location")).to.equal("westeurope");
    expect(ownSetting({ outputs: {}, config }, "instances")).to.equal(undefined);
  });
});
