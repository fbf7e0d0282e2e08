import { expect } from "chai";
import execa from "execa";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { packageRoot } from "../../tools/paths";

/** Does what the README tells a newcomer, in a copy of the checkout that nothing was ever installed in. */
describe("a newcomer with a fresh clone", () => {
  const folder = mkdtempSync(join(tmpdir(), "pulumi-azureml-newcomer-"));
  const run = async (...args: string[]): Promise<execa.ExecaReturnValue> =>
    await execa("npm", ["run", "--silent", "local", ...(args.length === 0 ? [] : ["--", ...args])], {
      cwd: folder,
      reject: false,
      extendEnv: true,
      env: { PULUMI_AZUREML_LOCAL: undefined },
    });
  let first: execa.ExecaReturnValue;

  before("copies what git holds", async () => {
    const { stdout } = await execa("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
      cwd: packageRoot(),
    });
    for (const file of stdout.split("\n").filter((name) => existsSync(join(packageRoot(), name)))) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      cpSync(join(packageRoot(), file), join(folder, file));
    }
  });

  after(async () => {
    if (existsSync(join(folder, "dist"))) await run("down");
    rmSync(folder, { recursive: true, force: true });
  });

  it("gets a served model from `npm run local` alone", async () => {
    first = await run();
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
    const second = await run();
    expect(second.exitCode, second.stderr).to.equal(0);
    expect(second.stdout)
      .to.match(/\d+ unchanged/)
      .and.not.match(/created|updated|deleted|replaced/);
    expect(second.stdout).to.contain(first.stdout.split("\n").find((text) => text.startsWith("curl ")));
  });

  it("is left with an empty Azure by `destroy`, and with no process and no blob by `down`", async () => {
    const destroyed = await run("destroy");
    expect(destroyed.exitCode, destroyed.stdout).to.equal(0);
    expect((await run("status")).stdout).to.contain("holds 0 resources");
    expect((await run("down")).exitCode).to.equal(0);
    expect(processesOf(folder)).to.deep.equal([]);
    expect(blobsIn(join(folder, ".local", "blobs"))).to.deep.equal([]);
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
