import { expect } from "chai";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createBlobAccess } from "../../local/blobs/access";
import { startAzurite } from "../../local/blobs/azurite";
import { statePaths, type StatePaths } from "../../local/state";
import { packageRoot } from "../../tools/paths";

describe("Azurite's process", function () {
  this.timeout(60_000);
  let paths: StatePaths;
  beforeEach(() => {
    paths = statePaths(mkdtempSync(join(tmpdir(), "blobs-")));
  });
  afterEach(() => {
    rmSync(paths.folder, { recursive: true, force: true });
  });

  /** Processes whose environment names the folder of this test. */
  const using = (): string[] =>
    readdirSync("/proc").filter((pid) => {
      try {
        return (
          /^\d+$/.test(pid) &&
          readFileSync(`/proc/${pid}/environ`, "utf8").includes(`BLOBS_FOLDER=${paths.blobs}`)
        );
      } catch {
        return false;
      }
    });
  const holder = async (): Promise<{ child: ChildProcess; port: number; key: string }> => {
    const child = spawn(
      process.execPath,
      ["-r", "ts-node/register/transpile-only", "test/conformance/clients/azurite-holder.ts", paths.folder],
      { cwd: packageRoot(), stdio: ["ignore", "pipe", "inherit"] },
    );
    const [line] = (await once(child.stdout, "data")) as [Buffer];
    return { child, ...(JSON.parse(line.toString()) as { port: number; key: string }) };
  };

  it("keeps what it holds over a stop and a start", async () => {
    const first = await startAzurite(paths);
    await createBlobAccess(first).containerClient("acc", "c").create();
    await createBlobAccess(first).containerClient("acc", "c").getBlockBlobClient("b").upload("kept", 4);
    await first.stop();
    const second = await startAzurite(paths);
    const access = createBlobAccess(second);
    expect(
      (await access.containerClient("acc", "c").getBlobClient("b").downloadToBuffer()).toString(),
    ).to.equal("kept");
    await access.deleteAccount("acc");
    expect(await access.containerClient("acc", "c").exists()).to.equal(false);
    await second.stop();
  });

  it("ends within seconds of a kill -9 of its parent, and has saved what was in it", async () => {
    const { child, port, key } = await holder();
    expect(using()).to.have.length.greaterThan(0);
    const container = createBlobAccess({ port, key }).containerClient("acc", "c");
    await container.create();
    await container.getBlockBlobClient("b").upload("kept", 4);
    child.kill("SIGKILL");
    const deadline = Date.now() + 8000;
    while (using().length > 0 && Date.now() < deadline) await sleep(50);
    expect(using()).to.deep.equal([]);
    const again = await startAzurite(paths);
    expect(
      (
        await createBlobAccess(again).containerClient("acc", "c").getBlobClient("b").downloadToBuffer()
      ).toString(),
    ).to.equal("kept");
    await again.stop();
  });
});
