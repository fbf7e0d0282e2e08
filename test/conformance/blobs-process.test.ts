import { expect } from "chai";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { request } from "undici";
import { createBlobAccess } from "../../local/blobs/access";
import { startAzurite } from "../../local/blobs/azurite";
import { processStart } from "../../local/process-identity";
import { statePaths, type StatePaths } from "../../local/state";
import { packageRoot } from "../../tools/paths";

describe("Azurite's process", function () {
  this.timeout(60_000);
  let paths: StatePaths;
  const holders: ChildProcess[] = [];
  beforeEach(() => {
    paths = statePaths(mkdtempSync(join(tmpdir(), "blobs-")));
  });
  afterEach(() => {
    for (const child of holders.splice(0)) child.kill("SIGKILL");
    rmSync(paths.folder, { recursive: true, force: true });
  });

  const answers = async (port: number): Promise<boolean> =>
    await request(`http://127.0.0.1:${port}/`).then(
      async ({ body }) => {
        await body.dump();
        return true;
      },
      () => false,
    );
  const holder = async (): Promise<{ child: ChildProcess; port: number; pid: number; key: string }> => {
    const child = spawn(
      process.execPath,
      ["-r", "ts-node/register/transpile-only", "test/conformance/clients/azurite-holder.ts", paths.folder],
      { cwd: packageRoot(), stdio: ["ignore", "pipe", "inherit"] },
    );
    holders.push(child);
    const [line] = (await once(child.stdout, "data")) as [Buffer];
    return { child, ...(JSON.parse(line.toString()) as { port: number; pid: number; key: string }) };
  };

  it("keeps what it holds over a stop and a start", async () => {
    const first = await startAzurite(paths);
    await createBlobAccess(first).containerClient("acc", "box").create();
    await createBlobAccess(first).containerClient("acc", "box").getBlockBlobClient("b").upload("kept", 4);
    await first.stop();
    const second = await startAzurite(paths);
    const access = createBlobAccess(second);
    expect(
      (await access.containerClient("acc", "box").getBlobClient("b").downloadToBuffer()).toString(),
    ).to.equal("kept");
    await access.deleteAccount("acc");
    expect(await access.containerClient("acc", "box").exists()).to.equal(false);
    await second.stop();
  });

  it("says when its index can't be saved, and saves at the next occasion what could not be then", async () => {
    const first = await startAzurite(paths);
    await createBlobAccess(first).containerClient("acc", "box").create();
    const inTheWay = join(paths.blobs, "blobs.json~");
    mkdirSync(inTheWay);
    const refused = await first.save().catch((error: Error) => error.message);
    expect(refused).to.match(/^Azurite could not save its index: .*EISDIR/);
    rmSync(inTheWay, { recursive: true });
    await first.stop();
    const second = await startAzurite(paths);
    expect(await createBlobAccess(second).containerClient("acc", "box").exists()).to.equal(true);
    await second.stop();
  });

  it("ends within seconds of a kill -9 of its parent, and has saved what was in it", async () => {
    const { child, port, pid, key } = await holder();
    expect(await answers(port)).to.equal(true);
    const container = createBlobAccess({ port, key }).containerClient("acc", "box");
    await container.create();
    await container.getBlockBlobClient("b").upload("kept", 4);
    child.kill("SIGKILL");
    const deadline = Date.now() + 8000;
    while (processStart(pid) !== undefined && Date.now() < deadline) await sleep(50);
    expect(processStart(pid)).to.equal(undefined);
    expect(await answers(port)).to.equal(false);
    const again = await startAzurite(paths);
    expect(
      (
        await createBlobAccess(again).containerClient("acc", "box").getBlobClient("b").downloadToBuffer()
      ).toString(),
    ).to.equal("kept");
    await again.stop();
  });
});
