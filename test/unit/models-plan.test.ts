import { expect } from "chai";
import fc from "fast-check";
import { createHash } from "node:crypto";
import { azureAddress, isSigned, withoutSignature } from "../../providers/models/addresses";
import { changesSince, contentsOf, sizeInWords, type ComparedFile } from "../../providers/models/changes";
import { refusedFiles } from "../../providers/models/refused-files";
import { WORKSPACE_ID } from "../helpers/pulumi-mocks";

const files = (contents: Readonly<Record<string, string>>): ComparedFile[] =>
  Object.entries(contents).map(([path, text]) => ({
    path,
    sha256: createHash("sha256").update(text).digest(),
  }));

describe("what a plan says of a model's files", () => {
  it("counts exactly what changed, was added and was removed", () => {
    const names = fc.dictionary(fc.stringMatching(/^[a-z]{1,6}$/), fc.constantFrom("a", "b"), {
      maxKeys: 20,
    });
    fc.assert(
      fc.property(names, names, (was, now) => {
        const changed = Object.keys(now).filter((path) => path in was && was[path] !== now[path]).length;
        const added = Object.keys(now).filter((path) => !(path in was)).length;
        const removed = Object.keys(was).filter((path) => !(path in now)).length;
        const words = changesSince(contentsOf(files(was)), files(now)) ?? "";
        const told = (verb: string): number =>
          Number(new RegExp(`(\\d+)( files?)? ${verb}`).exec(words)?.[1] ?? 0);
        expect([told("changed"), told("added"), told("removed")]).to.deep.equal([changed, added, removed]);
      }),
    );
  });

  it("is short: nothing of many files is kept, nor any name", () => {
    const many = Object.fromEntries(Array.from({ length: 1001 }, (_, index) => [`f${index}`, "x"]));
    expect(contentsOf(files(many))).to.equal(undefined);
    expect(contentsOf(files({ "secret-name": "x" }))).to.have.length(12);
    expect(changesSince(undefined, files({ a: "b" }))).to.equal(undefined);
  });

  it("gives sizes in the unit that fits", () => {
    expect([0, 999, 1000, 20_000_000, 2_147_483_648].map(sizeInWords)).to.deep.equal([
      "0 bytes",
      "999 bytes",
      "1.0 kB",
      "20.0 MB",
      "2.1 GB",
    ]);
  });
});

describe("a model's files", () => {
  const named = (paths: readonly string[]) => paths.map((path) => ({ path, length: 1 }));

  it("whose names blob storage keeps as they are pass; others are named with the reason", () => {
    expect(refusedFiles(named(["MLmodel", "data/model.pkl", "ünï cödé.txt", ".hidden"]))).to.deep.equal([]);
    const refused = ["a\\b", "dir./x", "end.", "tab\tx", "x".repeat(900), "a/".repeat(251) + "x"];
    expect(refusedFiles(named(refused))).to.have.length(refused.length);
    expect(refusedFiles(named([`${"a/".repeat(250)}x`]))).to.deep.equal([]);
  });

  it("are as large as a blob may be, and no larger", () => {
    const most = 50_000 * 4000 * 1024 * 1024;
    expect(refusedFiles([{ path: "weights", length: most }])).to.deep.equal([]);
    expect(refusedFiles([{ path: "weights", length: most + 1 }])).to.deep.equal([
      'the file "weights" has 209.7 TB, and blob storage takes 209.7 TB in one file',
    ]);
  });
});

describe("addresses of models in Azure", () => {
  it("are told apart", () => {
    const kinds = [
      "runs:/4f/model",
      "models:/churn/3",
      "models:/churn@champion",
      "azureml://jobs/quiet_river/outputs/model",
      "azureml://jobs/quiet_river/outputs/artifacts/paths/model/",
      "azureml://datastores/lake/paths/a/b/",
      "azureml://subscriptions/s/resourcegroups/g/workspaces/w/datastores/lake/paths/a",
      `${WORKSPACE_ID}/models/churn/versions/3`,
      "https://stchurn.blob.core.windows.net/models/churn?sv=1&sig=x",
      "https://stchurn.blob.core.windows.net/models/churn.zip",
      "https://example.com/releases/churn.tar.gz?token=x",
      "https://user:password@example.com/churn.zip",
      "http://example.com/churn.zip",
      "s3://bucket/model",
      "models:/churn/Production",
    ].map((text) => azureAddress(text)?.kind);
    expect(kinds).to.deep.equal([
      "run",
      "version",
      "alias",
      "job",
      "job",
      "datastore",
      "datastore",
      "version",
      "blobs",
      "archive",
      "archive",
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
    expect(azureAddress("azureml://jobs/j/outputs/artifacts/paths/model/")).to.deep.include({
      output: "artifacts",
      path: "model",
    });
  });

  it("lose their signature where they are shown", () => {
    const signed = "https://stchurn.blob.core.windows.net/models/churn?sv=1&sig=x%2F";
    expect(isSigned(signed)).to.equal(true);
    expect(withoutSignature(signed)).to.equal("https://stchurn.blob.core.windows.net/models/churn");
  });
});
