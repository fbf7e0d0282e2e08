import { expect } from "chai";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { processStart } from "../../tools/setup/processes";
import { SetupMachine } from "../helpers/setup-machine";

describe("set-up on a machine where something is wrong", () => {
  let machine: SetupMachine;
  beforeEach(() => {
    machine = new SetupMachine();
  });
  afterEach(() => machine.remove());

  it("names everything that is missing in a line each, before it writes anything", async () => {
    machine.tool("python3", "printf '3.9.2\\nvenv\\n'");
    const before = readdirSync(machine.root);
    const { exitCode, stderr } = await machine.bootstrap("local");
    expect(exitCode).to.equal(1);
    expect(stderr).to.match(/^- npm is needed/m);
    expect(stderr).to.match(/^- Python 3\.11, 3\.12 or 3\.13 .*python3 is 3\.9\.2, too old/m);
    expect(readdirSync(machine.root)).to.deep.equal(before);
    expect(existsSync(join(machine.folder, "cache"))).to.equal(false);
  });

  it("says so when the disk fills up in the middle of npm ci, and goes on once there is space", async () => {
    machine.npm("mkdir node_modules && echo 'npm error code ENOSPC' >&2 && exit 228");
    const full = await machine.bootstrap("build");
    expect(full.exitCode).to.equal(1);
    expect(full.stderr).to.include("npm ci failed (exit code 228). The disk is full.");
    machine.workingNpm();
    expect((await machine.bootstrap("build")).exitCode).to.equal(0);
    expect(machine.ran("npm ci")).to.have.length(2);
  });

  it("does no step twice", async () => {
    machine.workingNpm();
    expect((await machine.bootstrap("build")).stderr).to.include("npm packages · done in");
    const again = await machine.bootstrap("build");
    expect(again).to.include({ exitCode: 0, stderr: "", stdout: "" });
    expect(machine.ran("npm ci")).to.have.length(1);
  });

  it("says so when the registry cannot be reached, without a stack", async () => {
    machine.npm("echo 'npm error code ENOTFOUND' >&2; exit 1");
    const { exitCode, stderr } = await machine.bootstrap("build");
    expect(exitCode).to.equal(1);
    expect(stderr).to.include("The package registry could not be reached.");
    expect(stderr).not.to.match(/^\s+at /m);
  });

  it("ends what it started on Ctrl-C, with 130, and leaves no lock", async () => {
    machine.npm("echo $$ > pid; exec sleep 60");
    const running = machine.bootstrap("build");
    const npm = Number(await machine.left("pid"));
    running.kill("SIGINT");
    const { exitCode, stderr } = await running;
    expect(exitCode).to.equal(130);
    expect(stderr).to.include("The same command goes on where this one ended.");
    expect(processStart(npm)).to.equal(undefined);
    expect(readdirSync(join(machine.root, ".tools"))).to.deep.equal([]);
  });

  it("goes on after a kill -9 in the middle of npm ci, and ends the npm that was left at work", async () => {
    machine.npm("echo $$ > pid; exec sleep 60");
    const killed = machine.bootstrap("build");
    const npm = Number(await machine.left("pid"));
    await machine.noted(npm);
    killed.kill("SIGKILL");
    await killed;
    expect(processStart(npm), "the npm that nobody waits for").to.be.a("string");
    machine.workingNpm();
    const { exitCode, stderr } = await machine.bootstrap("build");
    expect({ exitCode, stderr }).to.deep.include({ exitCode: 0 });
    expect(processStart(npm)).to.equal(undefined);
    expect(readdirSync(join(machine.root, ".tools"))).to.deep.equal([]);
  });

  it("ends the steps that go side by side when one of them fails, and tells of that one", async () => {
    const python = `case "$1" in -c) printf '3.12.1\\nvenv\\n' ;; *) echo $$ > pid; exec sleep 60 ;; esac`;
    for (const name of ["python3.13", "python3"]) machine.tool(name, python);
    machine.go();
    machine.npm("while [ ! -s pid ]; do sleep 0.1; done; echo 'npm error code ENOTFOUND' >&2; exit 1");
    const { exitCode, stderr } = await machine.bootstrap("local");
    expect(exitCode).to.equal(1);
    expect(stderr).to.match(/npm ci failed .*registry could not be reached/s);
    expect(stderr).not.to.include("venv failed");
    expect(processStart(Number(await machine.left("pid")))).to.equal(undefined);
  });
});
