import { expect } from "chai";
import { createReadStream, mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DEPLOYER, TENANT_ID } from "../../local/cloud";
import { containerSas, instant } from "../../local/blobs/sas";
import { sasSignature } from "../../local/blobs/sas-signature";
import { ROLES } from "../../local/identity/roles";
import { addStorageAccount, assignRole } from "../helpers/azure-fixture";
import { blobRequests } from "../helpers/blob-requests";
import { openFrontDoor, type FrontDoor } from "../helpers/front-door";

const account = "mlstore1";
const inAnHour = (): Date => new Date(Date.now() + 3_600_000);

describe("the blob service, by its real names through the proxy", function () {
  this.timeout(120_000);
  let azure: FrontDoor;

  before(async () => {
    azure = await openFrontDoor();
    const id = await addStorageAccount(azure.store, account, { allowSharedKeyAccess: true });
    await assignRole(azure.store, DEPLOYER.objectId, ROLES["Storage Blob Data Contributor"], id);
    await azure.blobs.containerClient(account, "uploads").create();
  });
  after(async () => {
    await azure.close();
  });

  const { ask, blobs, signed, bearer, newVersion, put } = blobRequests(() => azure, account);

  describe("shared access signatures", () => {
    const denied = "403 AuthorizationPermissionMismatch";
    const failed = "403 AuthenticationFailed";
    before(async () => {
      const container = azure.blobs.containerClient(account, "signed");
      await container.create();
      await container.getBlockBlobClient("b").upload("x", 1);
    });

    it("reach what they were signed for, with what they allow, until they end", async () => {
      const sas = containerSas(azure.keys, { account, container: "signed" }, "rl", inAnHour());
      expect(await ask("GET", signed("/signed/b", sas))).to.equal("200");
      expect(await ask("GET", signed("/signed?restype=container&comp=list", sas))).to.equal("200");
      expect(await ask("DELETE", signed("/signed/b", sas))).to.equal(denied);
      expect(await ask("DELETE", signed("/signed?restype=container", sas))).to.equal(denied);
      expect(await ask("GET", signed("/other/b", sas))).to.equal(failed);
      expect(await ask("GET", signed("/?comp=list", sas))).to.equal(failed);
      expect(await ask("GET", signed("/signed/b", sas.replace("sp=rl", "sp=rwl")))).to.equal(failed);
      const ended = containerSas(
        azure.keys,
        { account, container: "signed" },
        "rl",
        new Date(Date.now() - 1000),
      );
      expect(await ask("GET", signed("/signed/b", ended))).to.equal(failed);
    });

    it("that may only create don't overwrite", async () => {
      const sas = containerSas(azure.keys, { account, container: "signed" }, "c", inAnHour());
      expect(await ask("PUT", signed("/signed/new", sas), ...put)).to.equal("201");
      expect(await ask("PUT", signed("/signed/new", sas), ...put)).to.equal(denied);
    });

    it("of a user's delegation key allow no more than the user's role does now", async () => {
      const id = await addStorageAccount(azure.store, "delegated", { allowSharedKeyAccess: false });
      const container = azure.blobs.containerClient("delegated", "box");
      await container.create();
      await container.getBlockBlobClient("b").upload("x", 1);
      const fields = {
        skoid: DEPLOYER.objectId,
        sktid: TENANT_ID,
        skt: instant(new Date(Date.now() - 60_000)),
        ske: instant(inAnHour()),
        sks: "b",
        skv: "2023-11-03",
      };
      const sas = new URLSearchParams({ sv: "2023-11-03", sp: "r", se: fields.ske, sr: "c", ...fields });
      const key = azure.keys.delegationKey("delegated", fields);
      sas.set(
        "sig",
        sasSignature("userDelegation", sas, key, { account: "delegated", resource: "/blob/delegated/box" }),
      );
      const url = blobs(`/box/b?${sas.toString()}`, "delegated");
      expect(await ask("GET", url)).to.equal(denied);
      await assignRole(azure.store, DEPLOYER.objectId, ROLES["Storage Blob Data Reader"], id);
      expect(await ask("GET", url)).to.equal("200");
    });
  });

  describe("copies between accounts", () => {
    const from = "copysource";
    const copy = async (source: string, ...more: string[]): Promise<string> =>
      await ask(
        "PUT",
        blobs("/uploads/copied"),
        ...[
          "-H",
          await bearer(),
          ...newVersion,
          "-H",
          `x-ms-copy-source: ${source}`,
          "-H",
          "content-length: 0",
          ...more,
        ],
      );
    before(async () => {
      await addStorageAccount(azure.store, from);
      const container = azure.blobs.containerClient(from, "box");
      await container.create();
      await container.getBlockBlobClient("b").upload("copied", 6);
    });

    it("need a right to the source, too", async () => {
      expect(await copy(blobs("/box/b", from))).to.equal("401 CannotVerifyCopySource");
      expect(await copy(blobs("/box/b", from), "-H", `x-ms-copy-source-${await bearer()}`)).to.equal(
        "403 CannotVerifyCopySource",
      );
      expect(await copy("https://example.com/c/b")).to.equal("404 CannotVerifyCopySource");
    });

    it("work with a signature for the source", async () => {
      const sas = containerSas(azure.keys, { account: from, container: "box", blob: "b" }, "r", inAnHour());
      expect(await copy(blobs(`/box/b?${sas}`, from))).to.equal("202");
      const copied = azure.blobs.containerClient(account, "uploads").getBlobClient("copied");
      expect((await copied.downloadToBuffer()).toString()).to.equal("copied");
    });
  });

  describe("large uploads", () => {
    const megabytes = 256;
    let folder: string;
    let file: string;
    before(() => {
      folder = mkdtempSync(join(tmpdir(), "upload-"));
      file = join(folder, "large");
      writeFileSync(file, "");
      truncateSync(file, megabytes * 1024 * 1024);
    });
    after(() => {
      rmSync(folder, { recursive: true, force: true });
    });
    const upload = async (path: string): Promise<string> =>
      await ask(
        "PUT",
        blobs(path),
        "-T",
        file,
        "-H",
        await bearer(),
        "-H",
        "x-ms-blob-type: BlockBlob",
        ...newVersion,
      );

    it(`stream: ${megabytes} MiB pass without being held in memory`, async () => {
      const before = process.memoryUsage().rss;
      expect(await upload("/uploads/large")).to.equal("201");
      expect((process.memoryUsage().rss - before) / 1024 / 1024).to.be.lessThan(128);
      const download = await azure.run("curl", [
        "-sS",
        "-o",
        join(folder, "back"),
        "-H",
        await bearer(),
        blobs("/uploads/large"),
      ]);
      expect(download.exitCode, download.stderr).to.equal(0);
      let size = 0;
      for await (const chunk of createReadStream(join(folder, "back"))) size += (chunk as Buffer).length;
      expect(size).to.equal(megabytes * 1024 * 1024);
    });

    it("that are refused in the middle are told why", async () => {
      expect(await upload("/no-such-container/large")).to.equal("404 ContainerNotFound");
      expect(
        await ask(
          "PUT",
          blobs("/uploads/large"),
          "-T",
          file,
          "-H",
          "x-ms-blob-type: BlockBlob",
          ...newVersion,
        ),
      ).to.equal("401 NoAuthenticationInformation");
    });

    it("that are given up leave the rest working", async () => {
      const given = await azure.run("curl", [
        "-sS",
        "-m",
        "0.2",
        "--limit-rate",
        "1M",
        "-T",
        file,
        "-H",
        await bearer(),
        "-H",
        "x-ms-blob-type: BlockBlob",
        blobs("/uploads/given-up"),
      ]);
      expect(given.exitCode).to.equal(28);
      expect(await ask("HEAD", blobs("/uploads/given-up"), "-I", "-H", await bearer())).to.equal(
        "404 BlobNotFound",
      );
      expect(azure.log.filter((line) => line.startsWith("blobs:"))).to.deep.equal([]);
    });
  });
});
