import { expect } from "chai";
import { omit } from "../../local/arm/objects";
import type { JsonObject } from "../../local/json";
import { Harness, propertiesOf, type Response, STORAGE, WORKSPACE } from "./arm-harness";

describe("assets in the local ARM", () => {
  let arm: Harness;
  beforeEach(async () => {
    arm = new Harness();
    await arm.makeWorkspace();
  });
  afterEach(async () => {
    const violations = arm.arm.violations();
    await arm.close();
    expect(violations, "answers that break Microsoft's models").to.deep.equal([]);
    expect(arm.logged, "faults").to.deep.equal([]);
  });

  const told = ({ status, body }: Response): string => {
    const error = body["error"] as JsonObject | undefined;
    return `${status} ${String(error?.["code"])} ${String(error?.["target"])}`;
  };

  describe("datastores", () => {
    const lake = `${WORKSPACE}/datastores/lake`;
    const own = `${WORKSPACE}/datastores/workspaceblobstore`;
    const blob = (more: JsonObject = {}): JsonObject => ({
      properties: {
        datastoreType: "AzureBlob",
        accountName: "mlstore",
        containerName: "raw",
        credentials: { credentialsType: "None" },
        ...more,
      },
    });
    const byKey = (key: string): JsonObject =>
      blob({ credentials: { credentialsType: "AccountKey", secrets: { secretsType: "AccountKey", key } } });
    const key = async (): Promise<string> => {
      const { keys } = (await arm.ask("POST", `${STORAGE}/listKeys`)).body;
      return String((keys as JsonObject[])[0]?.["value"]);
    };
    const defaults = async (): Promise<unknown[]> => {
      const { value } = (await arm.ask("GET", `${WORKSPACE}/datastores?isDefault=true`)).body;
      return (value as JsonObject[]).map(({ name }) => name);
    };

    it("lead to an account that there is, of the right kind, unless nobody is to look", async () => {
      expect(told(await arm.ask("PUT", lake, blob({ accountName: "nobody" })))).to.equal(
        "400 BadArgument properties.accountName",
      );
      const gen2 = {
        properties: {
          datastoreType: "AzureDataLakeGen2",
          accountName: "mlstore",
          filesystem: "raw",
          credentials: { credentialsType: "None" },
        },
      };
      expect(told(await arm.ask("PUT", lake, gen2))).to.equal("400 BadArgument properties.accountName");
      expect((await arm.ask("PUT", `${lake}?skipValidation=true`, gen2)).status).to.equal(201);
    });

    it("take no key but the account's, and none where it takes keys no more; they never show it", async () => {
      expect(told(await arm.ask("PUT", lake, byKey("wrong")))).to.equal(
        "400 BadArgument properties.credentials.secrets.key",
      );
      await arm.make(lake, byKey(await key()));
      expect(JSON.stringify((await arm.ask("GET", lake)).body)).to.not.contain(await key());
      const secrets = (await arm.ask("POST", `${lake}/listSecrets`, {})).body;
      expect(secrets["key"]).to.equal(await key());
      await arm.finish("PATCH", STORAGE, { properties: { allowSharedKeyAccess: false } });
      expect(told(await arm.ask("PUT", lake, byKey(await key())))).to.equal(
        "400 BadArgument properties.credentials",
      );
    });

    it("change how they are reached, not where they lead", async () => {
      await arm.make(lake, blob({ serviceDataAccessAuthIdentity: "WorkspaceSystemAssignedIdentity" }));
      const rest = omit(propertiesOf(byKey(await key())), ["containerName"]);
      const changed = propertiesOf((await arm.ask("PUT", lake, { properties: rest })).body);
      expect(changed).to.include({
        containerName: "raw",
        serviceDataAccessAuthIdentity: "WorkspaceSystemAssignedIdentity",
      });
      expect(changed["credentials"]).to.deep.equal({ credentialsType: "AccountKey" });
      expect(told(await arm.ask("PUT", lake, blob({ containerName: "other" })))).to.equal(
        "400 BadArgument properties.containerName",
      );
    });

    it("have one default among them, which only another takes the place of", async () => {
      expect(told(await arm.ask("PUT", lake, blob({ isDefault: true })))).to.equal(
        "400 BadArgument properties.isDefault",
      );
      await arm.make(lake, blob());
      const before = propertiesOf((await arm.ask("GET", own)).body);
      const credentials = { credentialsType: "None" };
      const without = omit(before, ["isDefault"]);
      expect(told(await arm.ask("PUT", own, { properties: { ...without, credentials } }))).to.equal(
        "400 BadArgument properties.isDefault",
      );
      expect((await arm.ask("PUT", own, { properties: { ...before, credentials } })).status).to.equal(200);
      expect(await defaults()).to.deep.equal(["workspaceblobstore"]);
      expect((await arm.ask("PUT", lake, blob({ isDefault: true }))).status).to.equal(200);
      expect(await defaults()).to.deep.equal(["lake"]);
      expect((await arm.ask("DELETE", lake)).status).to.equal(400);
      expect((await arm.ask("DELETE", own)).status).to.equal(200);
    });
  });

  describe("environments", () => {
    const at = (version: string): string => `${WORKSPACE}/environments/churn/versions/${version}`;
    const image = "mcr.microsoft.com/azureml/minimal:1";
    const condaFile = "dependencies:\n  - python=3.12\n";

    it("are an image, with conda packages or without, or a context to build one from", async () => {
      const contextUri = "https://mlstore.blob.core.windows.net/c/LocalUpload/x/image/";
      for (const [wrong, target] of [
        [{}, "image"],
        [{ image, build: { contextUri } }, "image"],
        [{ build: { contextUri }, condaFile }, "condaFile"],
        [{ image, condaFile: "a: [b" }, "condaFile"],
        [{ image, condaFile: "python=3.12" }, "condaFile"],
        [{ build: { contextUri: "azureml://datastores/a/paths/b" } }, "build.contextUri"],
      ] as const)
        expect(told(await arm.ask("PUT", at("1"), { properties: wrong as JsonObject })), target).to.equal(
          `400 BadArgument properties.${target}`,
        );
      for (const right of [{ image }, { image, condaFile }, { build: { contextUri } }])
        expect((await arm.ask("PUT", at(String(Object.keys(right))), { properties: right })).status).to.equal(
          201,
        );
    });

    it("never change; the one made last is the latest, whatever the versions are called; archived ones are set aside", async () => {
      const latest = async (): Promise<unknown> =>
        propertiesOf((await arm.ask("GET", `${WORKSPACE}/environments/churn`)).body)["latestVersion"];
      await arm.make(at("sha256-f"), { properties: { image } });
      arm.now = new Date(arm.now.getTime() + 1000);
      await arm.make(at("sha256-a"), { properties: { image: `${image}0` } });
      expect(await latest()).to.equal("sha256-a");
      expect(told(await arm.ask("PUT", at("sha256-a"), { properties: { image } }))).to.match(/^40[09] /);
      const shown = propertiesOf((await arm.ask("GET", at("sha256-a"))).body);
      await arm.make(at("sha256-a"), { properties: { ...shown, isArchived: true, tags: { a: "b" } } });
      const { value } = (await arm.ask("GET", `${WORKSPACE}/environments/churn/versions`)).body;
      expect((value as JsonObject[]).map(({ name }) => name)).to.deep.equal(["sha256-f"]);
      expect((await arm.ask("DELETE", at("sha256-a"))).status).to.equal(200);
      expect(await latest()).to.equal("sha256-f");
    });
  });

  describe("data", () => {
    const at = (version: string): string => `${WORKSPACE}/data/churn/versions/${version}`;
    const data = (dataType: string, dataUri: string): JsonObject => ({ properties: { dataType, dataUri } });

    it("are addresses, and all versions of a name of one type", async () => {
      expect(told(await arm.ask("PUT", at("1"), data("uri_file", "churn.csv")))).to.equal(
        "400 BadArgument properties.dataUri",
      );
      expect(
        told(await arm.ask("PUT", at("1"), data("uri_file", "azureml://datastores/a/paths/b/"))),
      ).to.equal("400 BadArgument properties.dataUri");
      await arm.make(at("1"), data("uri_folder", "azureml://datastores/a/paths/b/"));
      expect(
        told(await arm.ask("PUT", at("2"), data("uri_file", "azureml://datastores/a/paths/b"))),
      ).to.equal("400 BadArgument properties.dataType");
      const container = propertiesOf((await arm.ask("GET", `${WORKSPACE}/data/churn`)).body);
      expect(container).to.include({ dataType: "uri_folder", latestVersion: "1" });
    });
  });

  describe("registries", () => {
    const REGISTRY = `${WORKSPACE.slice(0, WORKSPACE.indexOf("/workspaces/"))}/registries/shared`;
    const region = (location: string, acrAccountSku = "Premium"): JsonObject => ({
      location,
      acrDetails: [{ systemCreatedAcrAccount: { acrAccountSku } }],
      storageAccountDetails: [{ systemCreatedStorageAccount: { storageAccountType: "Standard_LRS" } }],
    });
    const registry = (...regionDetails: JsonObject[]): JsonObject => ({
      location: "westeurope",
      identity: { type: "SystemAssigned" },
      properties: { regionDetails },
    });

    it("take their time, and tell their addresses, accounts and resource group", async () => {
      const whole = registry(region("westeurope"), region("northeurope"));
      await arm.make(REGISTRY, whole);
      const made = propertiesOf((await arm.ask("GET", REGISTRY)).body);
      expect(made["mlFlowRegistryUri"]).to.match(
        /^azureml:\/\/westeurope\.api\.azureml\.ms\/.*\/registries\/shared$/,
      );
      expect((made["managedResourceGroup"] as JsonObject)["resourceId"]).to.contain("/azureml-rg-shared_");
      expect(made).to.not.have.property("provisioningState");
      expect(JSON.stringify(made["regionDetails"])).to.contain("Microsoft.Storage/storageAccounts/st");
      const begun = await arm.ask("PUT", `${REGISTRY}-2`, whole);
      expect(begun.status).to.equal(201);
      expect(String(begun.headers["azure-asyncoperation"])).to.contain("/registryOperationsStatus/");
    });

    it("have their primary region among theirs, each once, on Premium, and lose none by a PUT", async () => {
      for (const wrong of [
        registry(region("northeurope")),
        registry(region("westeurope"), region("West Europe")),
        registry(),
      ])
        expect(told(await arm.ask("PUT", REGISTRY, wrong))).to.equal(
          "400 BadArgument properties.regionDetails",
        );
      expect(told(await arm.ask("PUT", REGISTRY, registry(region("westeurope", "Basic"))))).to.equal(
        "400 BadArgument properties.regionDetails.acrDetails",
      );
      await arm.make(REGISTRY, registry(region("westeurope")));
      await arm.make(REGISTRY, registry(region("westeurope"), region("northeurope")));
      expect(told(await arm.ask("PUT", REGISTRY, registry(region("westeurope"))))).to.equal(
        "400 BadArgument properties.regionDetails",
      );
      expect(told(await arm.ask("PUT", `${REGISTRY}.x`, registry(region("westeurope"))))).to.equal(
        "400 BadArgument registryName",
      );
    });

    it("hold assets as workspaces do, and take them along when they go", async () => {
      await arm.make(REGISTRY, registry(region("westeurope")));
      const environment = `${REGISTRY}/environments/churn/versions/sha256-a`;
      await arm.make(environment, { properties: { image: "an/image:1" } });
      expect(told(await arm.ask("PUT", environment, { properties: { image: "an/image:2" } }))).to.match(
        /^40[09] /,
      );
      const { value } = (await arm.ask("GET", `${REGISTRY}/environments`)).body;
      expect((value as JsonObject[]).map(({ name }) => name)).to.deep.equal(["churn"]);
      await arm.make(`${REGISTRY}/models/churn/versions/1`, {
        properties: { modelUri: "azureml://datastores/a/paths/b", modelType: "custom_model" },
      });
      await arm.finish("DELETE", REGISTRY);
      expect((await arm.ask("GET", REGISTRY)).status).to.equal(404);
      expect((await arm.ask("GET", environment)).status).to.equal(404);
    });
  });

  describe("connections", () => {
    const feed = `${WORKSPACE}/connections/feed`;
    const body = (pat: string): JsonObject => ({
      properties: { authType: "PAT", category: "PythonFeed", target: "https://feed", credentials: { pat } },
    });

    it("show what they sign in with to whoever asks for secrets, and in no other answer", async () => {
      const put = await arm.ask("PUT", feed, body("planted"));
      expect(put.status).to.equal(200);
      const patched = await arm.ask("PATCH", feed, {
        properties: { authType: "PAT", metadata: { a: "b" } },
      });
      const shown = [
        put,
        patched,
        await arm.ask("GET", feed),
        await arm.ask("GET", `${WORKSPACE}/connections`),
      ];
      expect(JSON.stringify(shown.map((each) => each.body))).to.not.contain("planted");
      const secrets = propertiesOf((await arm.ask("POST", `${feed}/listsecrets`)).body);
      expect(secrets["credentials"]).to.deep.equal({ pat: "planted" });
      expect(secrets["metadata"]).to.deep.equal({ a: "b" });
    });

    it("have a name of theirs, and credentials of their type", async () => {
      expect(told(await arm.ask("PUT", `${WORKSPACE}/connections/-x`, body("x")))).to.equal(
        "400 BadArgument connectionName",
      );
      const wrong = { properties: { ...propertiesOf(body("x")), authType: "ApiKey" } };
      expect(told(await arm.ask("PUT", feed, wrong))).to.match(/^400 BadArgument/);
    });
  });
});
