import { expect } from "chai";
import { createArm } from "../../providers/clients/arm";
import { createVaults, readSecret, VaultError } from "../../providers/clients/vault";
import type { Deadline } from "../../providers/clients/deadline";
import { bodyOf, isSame, observed } from "../../providers/datastore/body";
import { check, diff } from "../../providers/datastore/provider";
import type { DatastoreInputs, LiveDatastore } from "../../providers/datastore/types";
import { deleteDatastore, writeDatastore } from "../../providers/datastore/write";
import { UNKNOWN } from "../../providers/rules";
import { failure } from "../helpers/failure";
import { GROUP_ID, WORKSPACE_ID } from "../helpers/pulumi-mocks";
import { ScriptedArm, scriptedCredential, type ScriptedAnswer } from "../helpers/scripted-arm";

const secretId = "https://kv-test.vault.azure.net/secrets/storage-key";
const version = "0123456789abcdef0123456789abcdef";
const KEY = "planted-account-key";
const inputs: DatastoreInputs = {
  workspaceId: WORKSPACE_ID,
  name: "lake",
  storage: {
    kind: "AzureBlob",
    accountId: `${GROUP_ID}/providers/Microsoft.Storage/storageAccounts/stdata`,
    containerName: "raw",
  },
};
const live = (properties: Partial<LiveDatastore["properties"]> = {}): LiveDatastore => ({
  properties: {
    datastoreType: "AzureBlob",
    accountName: "stdata",
    containerName: "raw",
    credentials: { credentialsType: "None" },
    serviceDataAccessAuthIdentity: "WorkspaceSystemAssignedIdentity",
    isDefault: false,
    ...properties,
  },
});
const forbidden: ScriptedAnswer = {
  status: 403,
  body: {
    error: {
      code: "Forbidden",
      message: "Caller is not authorized",
      innererror: { code: "ForbiddenByRbac" },
    },
  },
};
const secret: ScriptedAnswer = { status: 200, body: { value: KEY, id: `${secretId}/${version}` } };
const missing: ScriptedAnswer = { status: 404, body: { error: { code: "ResourceNotFound" } } };

function deadlineAfter(waits: number): Deadline {
  let left = waits;
  return { allowance: "2 minutes", sleep: async () => (left -= 1) >= 0 };
}

function azure(answers: readonly ScriptedAnswer[], vaultAnswers: readonly ScriptedAnswer[] = []) {
  const said: string[] = [];
  const server = new ScriptedArm([...answers]);
  const vault = new ScriptedArm([...vaultAnswers]);
  return {
    said,
    server,
    vault,
    arm: createArm({ credential: scriptedCredential, httpClient: server }),
    vaults: createVaults({ credential: scriptedCredential, httpClient: vault }),
    deadline: deadlineAfter(3),
    say: (line: string) => void said.push(line),
  };
}

describe("a datastore's body", () => {
  it("of a new one has its place from the account's id, and no credentials but the identity of who uses it", () => {
    expect(bodyOf({ ...inputs, isDefault: true }, undefined).properties).to.deep.equal({
      datastoreType: "AzureBlob",
      containerName: "raw",
      accountName: "stdata",
      subscriptionId: GROUP_ID.split("/")[2],
      resourceGroup: "rg-test",
      credentials: { credentialsType: "None" },
      description: undefined,
      tags: {},
    });
  });

  it("of the default one says so whatever else changes, and keeps what only its creation could set", () => {
    const { properties } = bodyOf(
      inputs,
      live({ isDefault: true, tags: { theirs: "kept", mine: "old" } }),
      { mine: "old" },
      KEY,
    );
    expect(properties).to.deep.include({
      isDefault: true,
      serviceDataAccessAuthIdentity: "WorkspaceSystemAssignedIdentity",
      tags: { theirs: "kept" },
      credentials: { credentialsType: "AccountKey", secrets: { secretsType: "AccountKey", key: KEY } },
    });
  });

  it("is another's where type, account, container or identity differ", () => {
    expect(isSame(live({ accountName: "STDATA" }), inputs)).to.equal(true);
    for (const other of [
      { datastoreType: "AzureFile" },
      { accountName: "other" },
      { containerName: "other" },
    ])
      expect(isSame(live(other), inputs), JSON.stringify(other)).to.equal(false);
    expect(isSame(live(), { ...inputs, serviceDataAccessIdentity: "None" })).to.equal(false);
  });
});

describe("writing a datastore", () => {
  const keyed = { ...inputs, accountKeySecretId: secretId };

  it("reads the key at the vault, sends it to Azure ML, and keeps its version alone", async () => {
    const world = azure([missing, { status: 201 }, { status: 200, body: live() }], [forbidden, secret]);
    const outs = await writeDatastore(world, keyed);
    expect(outs).to.deep.equal({ ...keyed, secretVersion: version });
    expect(String(world.server.requests[1]?.body)).to.contain(KEY);
    expect(world.said).to.deep.equal([`${secretId}: waiting until the role on the key vault has effect`]);
    expect(JSON.stringify([outs, world.said])).to.not.contain(KEY);
  });

  it("makes a new one the default in a second step", async () => {
    const put = { status: 201 };
    const world = azure([
      missing,
      put,
      { status: 200, body: live() },
      put,
      { status: 200, body: live({ isDefault: true }) },
    ]);
    await writeDatastore(world, { ...inputs, isDefault: true });
    const sent = world.server.requests
      .filter(({ method }) => method === "PUT")
      .map(({ body }) => (JSON.parse(String(body)) as LiveDatastore).properties.isDefault);
    expect(sent).to.deep.equal([undefined, true]);
  });

  it("takes on one that is there, and refuses one that leads elsewhere before it changes anything", async () => {
    const world = azure([{ status: 200, body: live({ containerName: "other" }) }]);
    expect((await failure(writeDatastore(world, inputs))).message).to.contain("leads to other storage");
    expect(world.server.asked()).to.have.length(1);
    const same = azure([{ status: 200, body: live() }, { status: 200 }, { status: 200, body: live() }]);
    expect(await writeDatastore(same, inputs)).to.deep.equal(inputs);
  });

  it("says what is wrong with the secret: none, a role that never comes, an address elsewhere; never a value", async () => {
    const none = azure([missing], [missing]);
    expect((await failure(writeDatastore(none, keyed))).message).to.contain(
      `${secretId}: there is no such secret`,
    );
    const refused = azure([missing], [forbidden, forbidden, forbidden, forbidden]);
    expect((await failure(writeDatastore(refused, keyed))).message).to.contain("Key Vault Secrets User");
    const { vaults, vault, deadline, say } = azure([]);
    const elsewhere = "https://kv-test.vault.azure.net.example.com/secrets/storage-key";
    expect((await failure(readSecret(vaults, elsewhere, deadline, say))).message).to.contain(
      "is not the address",
    );
    expect(vault.requests).to.deep.equal([]);
    const disabled: ScriptedAnswer = {
      status: 403,
      body: { error: { code: "Forbidden", message: "disabled", innererror: { code: "SecretDisabled" } } },
    };
    expect(await failure(readSecret(azure([], [disabled]).vaults, secretId, deadline, say))).to.be.instanceOf(
      VaultError,
    );
  });

  it("leaves the workspace's own and the default when it is deleted", async () => {
    const id = `${WORKSPACE_ID}/datastores/`;
    const own = azure([{ status: 200, body: live() }]);
    await deleteDatastore(own, `${id}workspaceblobstore`);
    const theDefault = azure([{ status: 200, body: live({ isDefault: true }) }]);
    await deleteDatastore(theDefault, `${id}lake`);
    expect(
      [...own.server.asked(), ...theDefault.server.asked()].every((line) => line.startsWith("GET")),
    ).to.equal(true);
    const other = azure([{ status: 200, body: live() }, { status: 200 }]);
    await deleteDatastore(other, `${id}lake`);
    expect(other.server.asked()[1]).to.contain("DELETE");
    await deleteDatastore(azure([missing]), `${id}lake`);
  });
});

describe("the plan of a datastore", () => {
  const olds = {
    ...inputs,
    credentials: "AccountKey",
    accountKeySecretId: secretId,
    secretVersion: version,
  } as const;

  it("has the version that the secret's address names, and passes what is not known yet", async () => {
    const pinned = { ...inputs, accountKeySecretId: `${secretId}/${version}` };
    expect((await check({}, pinned)).inputs).to.include({
      secretVersion: version,
      credentials: "AccountKey",
    });
    const unknown = (await check({}, { ...inputs, accountKeySecretId: UNKNOWN })).inputs;
    expect(unknown).to.include({ credentials: "AccountKey" }).and.not.to.have.property("secretVersion");
    expect((await check({}, inputs)).inputs).to.include({ credentials: "None" });
  });

  it("shows a rotated secret, and nothing where the vault could not be read", async () => {
    const rotated = await diff("id", olds, { ...olds, secretVersion: "f".repeat(32) });
    expect(rotated).to.deep.include({ changes: true, replaces: [] });
    const unread = { ...inputs, credentials: "AccountKey", accountKeySecretId: secretId } as const;
    expect((await diff("id", olds, unread)).changes).to.equal(false);
  });

  it("replaces a datastore of another place, the old one first, and changes everything else in it", async () => {
    const storage = { ...inputs.storage, containerName: "other" } as DatastoreInputs["storage"];
    expect(await diff("id", olds, { ...olds, storage })).to.deep.include({
      replaces: ["storage"],
      deleteBeforeReplace: true,
    });
    const changed = {
      ...inputs,
      credentials: "None",
      isDefault: true,
      description: "x",
      tags: { a: "b" },
    } as const;
    expect(await diff("id", olds, changed)).to.deep.include({ changes: true, replaces: [] });
  });

  it("after a refresh shows credentials that somebody changed, and leaves other people's tags alone", async () => {
    const seen = observed(live({ tags: { theirs: "kept" } }), olds);
    expect(seen).to.include({ credentials: "None" });
    expect(seen).to.not.have.any.keys("tags", "description");
    expect((await diff("id", seen, olds)).changes).to.equal(true);
    const same = live({ credentials: { credentialsType: "AccountKey" } });
    expect((await diff("id", observed(same, olds), olds)).changes).to.equal(false);
  });
});
