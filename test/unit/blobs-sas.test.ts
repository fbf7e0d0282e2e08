import {
  BlobSASPermissions,
  ContainerSASPermissions,
  generateAccountSASQueryParameters,
  generateBlobSASQueryParameters,
  SASProtocol,
  StorageSharedKeyCredential,
  AccountSASPermissions,
} from "@azure/storage-blob";
import { expect } from "chai";
import * as fc from "fast-check";
import { TENANT_ID } from "../../local/cloud";
import { createAccountKeys } from "../../local/blobs/account-keys";
import { withoutSignature } from "../../local/blobs/azurite-sas";
import { blobPath } from "../../local/blobs/blob-path";
import { publicAddress } from "../../local/blobs/copy-source";
import { containerSas, instant, verifySas, type SasGrant } from "../../local/blobs/sas";
import { StorageError } from "../../local/blobs/storage-error";
import { MemoryStore } from "../helpers/memory-store";

const keys = createAccountKeys({ adminSecret: "machine" }, new MemoryStore());
const account = "mlstore1";
const inAnHour = new Date(Date.now() + 3_600_000);
const verify = (query: string, path = { container: "c", blob: "a/b.txt" }, now = new Date()): SasGrant =>
  verifySas(keys, account, path, new URLSearchParams(query), now);
const refusal = (
  query: string,
  path = { container: "c", blob: "a/b.txt" },
  now = new Date(),
): StorageError => {
  try {
    verify(query, path, now);
  } catch (error) {
    expect(error).to.be.instanceOf(StorageError);
    return error as StorageError;
  }
  throw new Error("the signature was taken");
};

describe("shared access signatures", () => {
  const container = containerSas(keys, { account, container: "c" }, "rl", inAnHour);
  const blob = containerSas(keys, { account, container: "c", blob: "a/b.txt" }, "r", inAnHour);

  it("of a container hold for each of its blobs, with their own permissions", () => {
    expect(verify(container).permissions).to.equal("rl");
    expect(verify(container, { container: "c", blob: "other" }).permissions).to.equal("rl");
  });

  it("hold for no other container, blob or account", () => {
    expect(refusal(container, { container: "d", blob: "a/b.txt" }).code).to.equal("AuthenticationFailed");
    expect(refusal(blob, { container: "c", blob: "a/c.txt" }).code).to.equal("AuthenticationFailed");
    expect(refusal(blob, { container: "c", blob: "" }).code).to.equal("AuthenticationFailed");
    const other = containerSas(keys, { account: "another1", container: "c" }, "rl", inAnHour);
    expect(refusal(other).code).to.equal("AuthenticationFailed");
  });

  it("end with their time", () => {
    expect(refusal(container, undefined, new Date(inAnHour.getTime() + 1)).message).to.contain("time frame");
    expect(refusal(container, undefined, new Date(Date.now() - 3_600_000)).message).to.contain("time frame");
  });

  it("are refused when any signed parameter was changed", () => {
    for (const [name, value] of [
      ["sp", "racwdl"],
      ["se", instant(new Date(Date.now() + 7_200_000))],
      ["st", "2020-01-01T00:00:00Z"],
      ["sr", "b"],
      ["sv", "2024-05-04"],
      ["skoid", "somebody"],
      ["ske", instant(new Date(Date.now() + 7_200_000))],
      ["sig", "AAAA"],
      ["rscd", "attachment"],
    ] as const) {
      const query = new URLSearchParams(container);
      query.set(name, value);
      expect(refusal(query.toString()).code, name).to.equal("AuthenticationFailed");
    }
  });

  it("are refused, never taken half, where the local Azure doesn't know a field", () => {
    for (const field of ["si=policy", "srh=x", "saoid=x"])
      expect(refusal(`${container}&${field}`).message).to.contain(field.split("=")[0]);
    expect(refusal(container.replace("sr=c", "sr=d")).message).to.contain("sr=d");
    expect(refusal(container.replace(/sv=[^&]+/, "sv=2015-04-05")).message).to.contain("2015-04-05");
  });

  it("round-trip for any name and permissions", () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^[a-z0-9][a-z0-9-]{2,20}$/),
        fc.string({ minLength: 1, unit: "grapheme" }),
        fc.subarray([..."racwdl"], { minLength: 1 }),
        (name, blobName, permissions) => {
          const query = containerSas(
            keys,
            { account, container: name, blob: blobName },
            permissions.join(""),
            inAnHour,
          );
          expect(verify(query, { container: name, blob: blobName }).permissions).to.equal(
            permissions.join(""),
          );
        },
      ),
      { numRuns: 50 },
    );
  });

  describe("made by @azure/storage-blob", () => {
    const [key1, key2] = keys.accessKeys(account);

    it("with either of the account's keys are taken", () => {
      for (const key of [key1, key2]) {
        const query = generateBlobSASQueryParameters(
          {
            containerName: "c",
            blobName: "a/b.txt",
            permissions: BlobSASPermissions.parse("rw"),
            startsOn: new Date(Date.now() - 60_000),
            expiresOn: inAnHour,
            protocol: SASProtocol.Https,
            contentDisposition: 'attachment; filename="ü.txt"',
          },
          new StorageSharedKeyCredential(account, key),
        ).toString();
        expect(verify(query)).to.deep.equal({
          kind: "service",
          permissions: "rw",
          onBehalfOf: undefined,
          resourceTypes: undefined,
        });
      }
    });

    it("for a whole account are taken", () => {
      const query = generateAccountSASQueryParameters(
        {
          services: "b",
          resourceTypes: "co",
          permissions: AccountSASPermissions.parse("rl"),
          expiresOn: inAnHour,
        },
        new StorageSharedKeyCredential(account, key1),
      ).toString();
      expect(verify(query)).to.include({ kind: "account", permissions: "rl", resourceTypes: "co" });
    });

    it("with a user delegation key are taken, for each version's own string", () => {
      const start = new Date(Math.floor(Date.now() / 1000) * 1000 - 60_000);
      const expiry = new Date(start.getTime() + 3_600_000);
      const fields = {
        skoid: "someone",
        sktid: TENANT_ID,
        skt: instant(start),
        ske: instant(expiry),
        sks: "b",
        skv: "2023-11-03",
      };
      for (const version of ["2020-12-06", "2023-11-03", "2025-07-05", "2026-04-06"]) {
        const query = generateBlobSASQueryParameters(
          {
            containerName: "c",
            permissions: ContainerSASPermissions.parse("rl"),
            expiresOn: inAnHour,
            version,
          },
          {
            signedObjectId: fields.skoid,
            signedTenantId: fields.sktid,
            signedStartsOn: start,
            signedExpiresOn: expiry,
            signedService: fields.sks,
            signedVersion: fields.skv,
            value: keys.delegationKey(account, fields),
          },
          account,
        ).toString();
        expect(verify(query), version).to.include({ kind: "userDelegation", onBehalfOf: "someone" });
      }
    });
  });
});

describe("what goes on to Azurite", () => {
  it("carries no signature of the client's and everything else as sent", () => {
    expect(
      withoutSignature("restype=container&sv=1&comp=list&sig=a%2Fb&prefix=a%20b&se=x&snapshot=1"),
    ).to.equal("restype=container&comp=list&prefix=a%20b&snapshot=1");
    expect(withoutSignature("")).to.equal("");
  });

  it("names container and blob as Azurite will read them", () => {
    expect(blobPath("/c/a/b%20c")).to.deep.equal({ container: "c", blob: "a/b c" });
    expect(blobPath("/c%2Fa")).to.deep.equal({ container: "c", blob: "a" });
    expect(blobPath("/c")).to.deep.equal({ container: "c", blob: "" });
    expect(blobPath("/")).to.deep.equal({ container: "", blob: "" });
    expect(blobPath("//x")).to.deep.equal({ container: "", blob: "x" });
    expect(() => blobPath("/%zz")).to.throw(StorageError);
  });

  it("comes back under the names that the client knows", () => {
    expect(publicAddress("http://127.0.0.1:12345/acc/c/b?snapshot=1&sv=1&sig=x")).to.equal(
      "https://acc.blob.core.windows.net/c/b?snapshot=1",
    );
    expect(publicAddress("http://127.0.0.1:12345/acc/")).to.equal("https://acc.blob.core.windows.net/");
    expect(publicAddress("https://example.com/x")).to.equal("https://example.com/x");
  });
});
