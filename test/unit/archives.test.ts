import { expect } from "chai";
import fc from "fast-check";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { create } from "tar";
import { readArchive } from "../../providers/assets/archives";
import { entryPath } from "../../providers/assets/entry-path";
import { digestOf, readFiles } from "../../providers/assets/files";
import { archiveOf, zipOf } from "../helpers/archives";

const KINDS = ["zip", "tar", "tar.gz", "tgz"] as const;

describe("an archive", () => {
  const place = mkdtempSync(join(tmpdir(), "pulumi-azureml-archives-"));
  const folder = join(place, "model");
  const contents: Readonly<Record<string, Buffer>> = {
    MLmodel: Buffer.from("flavors: {}\n"),
    "data/weights": Buffer.alloc(3_000_000, "weights "),
    "data/empty": Buffer.alloc(0),
    [`deep/${"long".repeat(40)}/ünï cödé.txt`]: Buffer.from("ü"),
  };
  const packed = (kind: string): string => join(place, `model.${kind}`);
  const refusal = async (archive: string): Promise<string> =>
    await readArchive(archive).then(
      () => "read",
      (error: Error) => error.message,
    );
  const written = (name: string, bytes: Buffer | string): string => {
    writeFileSync(join(place, name), bytes);
    return join(place, name);
  };
  const x = Buffer.from("x");

  before(async () => {
    for (const [path, bytes] of Object.entries({ ...contents, ".DS_Store": Buffer.from("left behind") })) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), bytes);
    }
    for (const kind of KINDS.slice(1))
      await create({ file: packed(kind), cwd: folder, gzip: kind !== "tar" }, ["."]);
    const entries = Object.entries(contents).map(([name, bytes]) => ({ name, bytes }));
    written("model.zip", zipOf([{ name: "data/", bytes: Buffer.alloc(0) }, ...entries]));
  });
  after(() => rmSync(place, { recursive: true, force: true }));

  for (const kind of KINDS)
    it(`in the form ${kind} is the folder that it was packed from: same paths, bytes and digest`, async () => {
      const [files, unpacked] = await Promise.all([readArchive(packed(kind)), readFiles(folder)]);
      expect(files.map(({ path }) => path)).to.deep.equal(unpacked.map(({ path }) => path));
      expect(digestOf(files)).to.equal(digestOf(unpacked));
      // In any order, at once, and more than once.
      for (let times = 0; times < 2; times += 1) {
        const read = await Promise.all(
          [...files].reverse().map(async (file) => [file.path, await buffer(await file.open())] as const),
        );
        for (const [path, bytes] of read) expect(bytes.equals(contents[path] as Buffer), path).to.equal(true);
      }
    });

  it("is read on after a reader has given up", async () => {
    for (const kind of KINDS) {
      const weights = (await readArchive(packed(kind))).find(({ path }) => path === "data/weights");
      const given = await weights?.open();
      given?.once("data", () => given.destroy());
      await new Promise((resolve) => given?.once("close", resolve));
      const bytes = await buffer((await weights?.open()) as Readable);
      expect(bytes.equals(contents["data/weights"] as Buffer), kind).to.equal(true);
    }
  });

  it("leaves nothing on the disk", async () => {
    const archive = packed("tgz");
    const usual = process.env["TMPDIR"];
    const own = mkdtempSync(join(tmpdir(), "pulumi-azureml-disk-"));
    process.env["TMPDIR"] = own;
    try {
      for (const file of await readArchive(archive)) await buffer(await file.open());
      expect(readdirSync(own)).to.deep.equal([]);
    } finally {
      if (usual === undefined) delete process.env["TMPDIR"];
      else process.env["TMPDIR"] = usual;
      rmSync(own, { recursive: true, force: true });
    }
  });

  for (const kind of ["zip", "tar"] as const) {
    it(`in the form ${kind} whose entry leads out of it is refused by that entry's name`, async () => {
      for (const name of ["../../etc/passwd", "data/../../x", "/etc/passwd"])
        expect(await refusal(written(`out.${kind}`, archiveOf(kind, [{ name, bytes: x }]))))
          .to.contain(name)
          .and.to.contain(`out.${kind}`);
    });

    it(`in the form ${kind} with one file twice is refused`, async () => {
      const entries = ["MLmodel", "./MLmodel"].map((name) => ({ name, bytes: x }));
      const twice = written(`twice.${kind}`, archiveOf(kind, entries));
      expect(await refusal(twice)).to.contain('two entries "MLmodel"');
    });

    it(`in the form ${kind} with a link in it is refused by the link's name`, async () => {
      const entry = { name: "data/link", bytes: x, link: "/etc/passwd" };
      const links = written(`links.${kind}`, archiveOf(kind, [entry]));
      expect(await refusal(links)).to.contain('entry "data/link" is a link');
    });
  }

  it("that is cut off or no archive at all is refused, whatever its name says", async () => {
    for (const kind of KINDS) {
      const whole = readFileSync(packed(kind));
      const cut = written(`cut.${kind}`, whole.subarray(0, whole.length / 2));
      expect(await refusal(cut), kind).to.contain("can't be read as a");
      const none = written(`none.${kind}`, "no archive, ".repeat(100));
      expect(await refusal(none), kind).to.contain("can't be read as a");
    }
  });

  it("has only entries below its top, whatever they are called", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom("..", ".", "", "a", "b..", "..c", "C:")), (parts) => {
        let path: string | undefined;
        try {
          path = entryPath("a.zip", parts.join("/"));
        } catch {
          return;
        }
        expect(join("/top", path ?? "").startsWith("/top")).to.equal(true);
        expect(join("/top", path ?? "")).to.equal(join("/top", parts.join("/")).replace(/(.)\/$/, "$1"));
      }),
    );
  });
});
