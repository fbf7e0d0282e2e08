import { expect } from "chai";
import execa from "execa";
import {
  chmodSync,
  existsSync,
  readFileSync,
  readdirSync,
  realpathSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { engine } from "../../tools/setup/engine";
import { processStart } from "../../tools/setup/processes";
import { SetupMachine } from "../helpers/setup-machine";

const work = { say: (): void => undefined, worker: (): void => undefined };
const nobody = "http://127.0.0.1:1/pulumi.tar.gz";

describe("the engine in the user's cache", () => {
  let machine: SetupMachine;
  beforeEach(() => {
    machine = new SetupMachine();
    machine.go();
  });
  afterEach(() => machine.remove());

  const step = (root = machine.root, release = nobody): ReturnType<typeof engine> =>
    engine({ root, env: machine.env }, release);
  const pulumi = (root = machine.root): string => realpathSync(join(root, ".tools", "engine", "pulumi"));
  const cached = (): string[] => readdirSync(join(machine.folder, "cache", "pulumi-azureml", "engine"));

  it("is built once for all checkouts, and asks nothing of the machine after that", async () => {
    await step().run(work);
    const other = machine.checkout("other");
    expect(await step(other).done()).to.equal(false);
    expect(await step(other).needs()).to.deep.equal({ lacking: [], megabytes: 0 });
    await step(other).run(work);
    expect(pulumi(other)).to.equal(pulumi());
    expect(await step(other).done()).to.equal(true);
    expect(machine.ran("go build")).to.have.length(1);
  });

  it("is built again when it was cut short", async () => {
    await step().run(work);
    truncateSync(pulumi(), 5);
    expect(await step().done()).to.equal(false);
    await step().run(work);
    expect(await step().done()).to.equal(true);
    expect(machine.ran("go build")).to.have.length(2);
  });

  it("is built again when it is as long as it was but does not run", async () => {
    await step().run(work);
    writeFileSync(pulumi(), readFileSync(pulumi(), "utf8").replace("echo", "fail"));
    const other = machine.checkout("other");
    expect(await step(other).needs()).to.include({ megabytes: 3500 });
    await step(other).run(work);
    expect(await step(other).done()).to.equal(true);
  });

  it("is not taken for broken because of Pulumi settings of the user's own", async () => {
    await step().run(work);
    writeFileSync(pulumi(), 'test -z "$PULUMI_OPTION_PARALLEL" && echo v3.259.0\n');
    writeFileSync(
      join(pulumi(), "..", "..", "sizes.json"),
      JSON.stringify(
        readdirSync(join(pulumi(), ".."))
          .sort()
          .map((name) => [name, statSync(join(pulumi(), "..", name)).size]),
      ),
    );
    const env = { ...machine.env, PULUMI_OPTION_PARALLEL: "1" };
    const other = engine({ root: machine.checkout("other"), env }, nobody);
    expect(await other.needs()).to.deep.equal({ lacking: [], megabytes: 0 });
  });

  it("asks for Go by version when it must be built and there is none, or an old one", async () => {
    machine.tool("go", "echo go version go1.22.1 linux/amd64");
    const [line, ...others] = (await step().needs()).lacking;
    expect(line).to.match(/^Go 1\.25\.11 or newer is needed \(found: 1\.22\.1\)/);
    expect(others).to.deep.equal([]);
  });

  it("is not taken for built when what was built does not run", async () => {
    machine.tool(
      "go",
      'test "$1" = version && echo go1.26.8 && exit\nwhile [ "$1" != -o ]; do shift; done\necho broken > "$2"',
    );
    const error = await step()
      .run(work)
      .then(
        () => undefined,
        (thrown: Error) => thrown,
      );
    expect(error?.message).to.include("does not run");
    expect(await step().done()).to.equal(false);
  });

  it("says that the disk is full when Go says so, and goes on from there", async () => {
    machine.go("echo 'write /tmp/x: no space left on device' >&2; exit 1");
    const error = await step()
      .run(work)
      .then(
        () => undefined,
        (thrown: Error) => thrown,
      );
    expect(error?.message).to.match(/^Building pulumi failed \(exit code 1\)\. The disk is full\./);
    machine.go();
    await step().run(work);
    expect(cached()).to.have.length(1);
  });

  it("is built once when two checkouts want it at the same time", async () => {
    machine.go("sleep 0.3");
    const other = machine.checkout("other");
    await Promise.all([machine.root, other].map((root) => inItsOwnProcess(root)));
    expect(machine.ran("go build")).to.have.length(1);
    expect(pulumi(other)).to.equal(pulumi());
  });

  it("is built by the next run after a kill -9, which ends the Go that was left at work", async () => {
    machine.go(`echo $$ > '${join(machine.root, "pid")}'; exec sleep 60`);
    const killed = inItsOwnProcess(machine.root);
    const go = Number(await machine.left("pid"));
    await machine.noted(go);
    killed.kill("SIGKILL");
    await killed.catch(() => undefined);
    machine.go();
    await step().run(work);
    expect(processStart(go)).to.equal(undefined);
    expect(await step().done()).to.equal(true);
    expect(cached()).to.have.length(1);
  });

  describe("from a release that can be downloaded", () => {
    let server: Server;
    let release: string;
    let archive: Buffer;
    beforeEach(async () => {
      archive = await archiveOf(machine);
      server = createServer((request, response) => {
        response.setHeader("content-length", archive.length);
        response.end(request.method === "HEAD" ? undefined : archive);
      }).listen(0, "127.0.0.1");
      await new Promise((resolve) => server.once("listening", resolve));
      release = `http://127.0.0.1:${(server.address() as AddressInfo).port}/pulumi.tar.gz`;
    });
    afterEach(() => server.close());

    it("needs no Go", async () => {
      machine.tool("go", "exit 1");
      expect((await step(machine.root, release).needs()).lacking).to.deep.equal([]);
      await step(machine.root, release).run(work);
      expect(readFileSync(pulumi(), "utf8")).to.include("downloaded");
      expect(existsSync(join(machine.root, ".tools", "engine", "download.tar.gz"))).to.equal(false);
    });

    it("is built when the download turns out to be broken", async () => {
      archive = Buffer.from("an error page");
      await step(machine.root, release).run(work);
      expect(readFileSync(pulumi(), "utf8")).not.to.include("downloaded");
    });
  });

  function inItsOwnProcess(root: string): execa.ExecaChildProcess {
    const code = `require("./tools/setup/engine").engine({ root: process.cwd(), env: process.env }, ${JSON.stringify(nobody)})
      .run({ say() {}, worker() {} })`;
    return execa(process.execPath, ["-e", code], { cwd: root, env: machine.env, extendEnv: false });
  }
});

/** An archive laid out as Pulumi's releases are: everything in a folder `pulumi`. */
async function archiveOf(machine: SetupMachine): Promise<Buffer> {
  machine.tool("tar", 'exec tar "$@"');
  const folder = join(machine.folder, "release");
  const bin = join(folder, "pulumi");
  await execa("mkdir", ["-p", bin]);
  for (const name of ["pulumi", "pulumi-language-nodejs", "pulumi-resource-pulumi-nodejs"]) {
    writeFileSync(join(bin, name), "#!/bin/sh\n# downloaded\necho v3.259.0\n");
    chmodSync(join(bin, name), 0o755);
  }
  const { stdout } = await execa("tar", ["-cz", "-C", folder, "pulumi"], { encoding: null });
  return stdout as unknown as Buffer;
}
