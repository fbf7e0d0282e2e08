import { expect } from "chai";
import execa from "execa";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { FreshClone } from "../helpers/fresh-clone";

/** Does what the README tells a newcomer. */
describe("a newcomer with a fresh clone", () => {
  const clone = new FreshClone();
  let first: execa.ExecaReturnValue;

  before(async () => await clone.make());
  after(async () => await clone.remove());

  it("gets a served model from `npm run local` alone", async () => {
    first = await clone.local();
    expect(first.exitCode, `${first.stdout}\n${first.stderr}`).to.equal(0);
  });

  it("scores a row with the printed curl line, pasted into a shell that knows nothing of the local Azure", async () => {
    const line = first.stdout.split("\n").find((text) => text.startsWith("curl "));
    const { stdout } = await execa("sh", ["-c", line ?? "exit 9"], {
      extendEnv: false,
      env: { PATH: process.env["PATH"] },
      cwd: "/",
    });
    // The first row of scikit-learn's data set, whose own label is 0, malignant.
    expect(JSON.parse(stdout)).to.deep.equal([0]);
  });

  it("finds nothing to change on the second run, and keeps the printed address", async () => {
    const second = await clone.local();
    expect(second.exitCode, second.stderr).to.equal(0);
    expect(second.stdout)
      .to.match(/\d+ unchanged/)
      .and.not.match(/created|updated|deleted|replaced/);
    expect(second.stdout).to.contain(first.stdout.split("\n").find((text) => text.startsWith("curl ")));
  });

  it("is left with an empty Azure by `destroy`, and with no process and no blob by `down`", async () => {
    const destroyed = await clone.local("destroy");
    expect(destroyed.exitCode, destroyed.stdout).to.equal(0);
    expect((await clone.local("status")).stdout).to.contain("holds 0 resources");
    expect((await clone.local("down")).exitCode).to.equal(0);
    expect(processesOf(clone.folder)).to.deep.equal([]);
    expect(blobsIn(join(clone.folder, ".local", "blobs"))).to.deep.equal([]);
  });
});

/** Command lines of the processes that were started from the folder. Linux alone has /proc; elsewhere the list is empty. */
function processesOf(folder: string): string[] {
  if (!existsSync("/proc/self/cmdline")) return [];
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
      } catch {
        return "";
      }
    })
    .filter((command) => command.includes(folder));
}

/** Names in Azurite's own index. */
function blobsIn(folder: string): string[] {
  const index = readdirSync(folder).find((name) => name.startsWith("__azurite_db_blob__"));
  if (index === undefined) return [];
  const { collections } = JSON.parse(readFileSync(join(folder, index), "utf8")) as {
    collections: { name: string; data: { name: string }[] }[];
  };
  return collections
    .filter(({ name }) => name === "$BLOBS_COLLECTION$")
    .flatMap(({ data }) => data.map(({ name }) => name));
}
