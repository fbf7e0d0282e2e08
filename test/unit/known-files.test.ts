import { expect } from "chai";
import { createHash, randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { readFiles, type LocalFile } from "../../providers/assets/files";
import { Reading } from "../../providers/assets/reading";
import { stampOf } from "../../providers/assets/stamp";

const LENGTH = 300_000;

describe("large files of this machine", function () {
  this.timeout(30_000);

  let folder: string;
  let place: string;
  let bytes: Buffer;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "pulumi-azureml-"));
    place = join(folder, "weights.bin");
    bytes = write();
    // The stamp of a file that was written just now says nothing.
    expect(await stampOf(place)).equals(undefined);
    while ((await stampOf(place)) === undefined) await sleep(100);
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  function write(): Buffer {
    const content = randomBytes(LENGTH);
    writeFileSync(place, content);
    return content;
  }

  async function file(): Promise<LocalFile> {
    const [found] = await readFiles(place);
    if (found === undefined) throw new Error("no file");
    return found;
  }

  async function readAll(of: LocalFile): Promise<Buffer> {
    const reading = new Reading(of);
    const chunks: Buffer[] = [];
    for await (const chunk of reading) chunks.push(chunk);
    expect(reading.sent().sha256).deep.equals(sha256(Buffer.concat(chunks)));
    return Buffer.concat(chunks);
  }

  it("are hashed once, as long as they are as they were", async () => {
    const first = await file();
    expect(first.sha256).deep.equals(sha256(bytes));
    expect((await file()).sha256).equals(first.sha256);
    const other = write();
    expect((await file()).sha256).deep.equals(sha256(other));
  });

  it("are sent under the digest that they were planned with", async () => {
    expect(await readAll(await file())).deep.equals(bytes);
  });

  it("are not sent when something wrote into them since the plan, of the same length even", async () => {
    const planned = await file();
    expect(await planned.unchanged?.()).equals(true);
    write();
    const failed = await readAll(planned).then(
      () => undefined,
      (error: unknown) => error as Error,
    );
    expect(failed?.message).contains("changed while the command ran");
  });
});

const sha256 = (bytes: Buffer): Buffer => createHash("sha256").update(bytes).digest();
