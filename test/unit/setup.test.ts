import { assert, expect } from "chai";
import fc from "fast-check";
import { digestOf } from "../../tools/setup/digest";
import { engineCache } from "../../tools/setup/engine";
import { sameInstall } from "../../tools/setup/packages";
import { causeOf, describe as describeError, Problem } from "../../tools/setup/problem";
import { startProgress } from "../../tools/setup/progress";
import { choosePython } from "../../tools/setup/python";
import { lackingSpace } from "../../tools/setup/steps";
import { unsuitable } from "../../tools/setup/suitable";
import { atLeast, compareVersions, parseVersion } from "../../tools/setup/version";

describe("set-up: what a machine must have", () => {
  it("reads a version out of what each tool says", () => {
    expect(parseVersion("go version go1.26.8 linux/amd64")).to.deep.equal([1, 26, 8]);
    expect(parseVersion("v20.20.2")).to.deep.equal([20, 20, 2]);
    expect(parseVersion("go version go1.27rc1 darwin/arm64")).to.deep.equal([1, 27, 0]);
    expect(parseVersion("no numbers")).to.equal(undefined);
  });

  it("orders versions by number, not by text", () => {
    expect(atLeast([1, 26, 0], [1, 25, 11])).to.equal(true);
    expect(atLeast([1, 25, 9], [1, 25, 11])).to.equal(false);
    const version = fc.tuple(fc.nat(30), fc.nat(30), fc.nat(30));
    fc.assert(
      fc.property(version, version, (a, b) => {
        expect(Math.sign(compareVersions(a, b))).to.equal(-Math.sign(compareVersions(b, a)) + 0);
      }),
    );
  });

  it("takes the first Python that will do, past shims that fail and versions that are too old or too new", () => {
    const chosen = choosePython([
      { command: "python3.13", answer: undefined },
      { command: "python3.12", answer: "3.12.1" },
      { command: "python3.11", answer: "3.11.7\nvenv" },
      { command: "python3", answer: "3.14.0\nvenv" },
    ]);
    expect(chosen).to.deep.equal({ command: "python3.11" });
  });

  it("says which Pythons it found and why none will do", () => {
    const chosen = choosePython([
      { command: "python3.12", answer: "3.12.1" },
      { command: "python3.11", answer: undefined },
      { command: "python3", answer: "3.9.2\nvenv" },
    ]);
    assert("problem" in chosen);
    expect(chosen.problem).to.include("python3.12 3.12.1 has no venv, python3 is 3.9.2, too old");
    expect(chosen.problem).to.include("PYTHON=");
  });

  it("refuses an old Node and Windows, each in one line", () => {
    expect(unsuitable("20.19.0", "linux")).to.deep.equal([]);
    expect(unsuitable("24.1.0", "darwin")).to.deep.equal([]);
    expect(unsuitable("20.18.3", "linux")).to.have.length(1);
    expect(unsuitable("18.0.0", "win32")).to.have.length(2);
  });

  it("adds up what the steps take on one disk before it compares", async () => {
    const needs = [{ megabytes: 1000 }, { megabytes: 1500 }];
    expect(await lackingSpace("/", needs, async () => 2500)).to.deep.equal([]);
    const [line, ...others] = await lackingSpace("/", needs, async () => 2400);
    expect(line).to.include("2.5 GB of disk are needed").and.include("2.4 GB are free");
    expect(others).to.deep.equal([]);
  });

  it("keeps the engine where the user's caches are", () => {
    expect(engineCache({ XDG_CACHE_HOME: "/caches" })).to.equal("/caches/pulumi-azureml/engine");
    expect(engineCache({ XDG_CACHE_HOME: "relative", HOME: "/home/u" })).to.match(
      /^\/home\/u\/.+\/pulumi-azureml\/engine$/,
    );
  });
});

describe("set-up: what is done already", () => {
  const wanted = {
    "": { version: "1.0.0" },
    "node_modules/a": { version: "1.0.0", integrity: "sha512-a" },
    "node_modules/a-darwin": { version: "1.0.0", integrity: "sha512-d", optional: true },
  };

  it("holds an install that has what the lock file asks for, optional packages of other platforms aside", () => {
    expect(sameInstall(wanted, { "node_modules/a": { version: "1.0.0", integrity: "sha512-a" } })).to.equal(
      true,
    );
  });

  it("does not hold one with another version, another content or a package less", () => {
    expect(sameInstall(wanted, { "node_modules/a": { version: "1.0.1", integrity: "sha512-a" } })).to.equal(
      false,
    );
    expect(sameInstall(wanted, { "node_modules/a": { version: "1.0.0", integrity: "sha512-b" } })).to.equal(
      false,
    );
    expect(sameInstall(wanted, {})).to.equal(false);
  });

  it("gives different stamps to different inputs, also when they join to the same text", () => {
    fc.assert(
      fc.property(fc.array(fc.string()), fc.array(fc.string()), (a, b) => {
        expect(digestOf(a) === digestOf(b)).to.equal(JSON.stringify(a) === JSON.stringify(b));
      }),
    );
    expect(digestOf(["ab", "c"])).not.to.equal(digestOf(["a", "bc"]));
  });
});

describe("set-up: what it says", () => {
  it("names the cause that a tool's output gives away", () => {
    expect(causeOf("npm error code ENOSPC")).to.match(/disk is full/);
    expect(causeOf("OSError: [Errno 28] No space left on device")).to.match(/disk is full/);
    expect(causeOf("npm error code ENOTFOUND")).to.match(/could not be reached/);
    expect(causeOf("dial tcp: lookup proxy.example: no such host")).to.match(/could not be reached/);
    expect(causeOf("npm error code EUSAGE")).to.equal(undefined);
  });

  it("shows a user's problem without a stack, and a defect with one", () => {
    expect(describeError(new Problem("Free some."))).to.equal("Free some.");
    expect(describeError(Object.assign(new Error("write"), { code: "ENOSPC" }))).to.match(
      /^The disk is full/,
    );
    expect(describeError(new TypeError("x is not a function"))).to.include("setup.test");
  });

  it("tells a terminal and a pipe how a step ended and how long it took", () => {
    const shown = (isTTY: boolean): string => {
      let text = "";
      const progress = startProgress("Step", "a minute", {
        isTTY,
        columns: 23,
        write: (more) => (text += more),
      });
      progress.say("a line");
      progress.done();
      return text;
    };
    expect(shown(false)).to.equal("Step · a minute …\nStep · done in 0 s\n");
    expect(shown(true)).to.equal("\r\x1b[KStep · 0 s · a min…\r\x1b[KStep · done in 0 s\n");
  });
});
