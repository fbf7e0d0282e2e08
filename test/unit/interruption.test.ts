import { expect } from "chai";
import execa from "execa";
import { exitCodeOf } from "../../local/interruption";

describe("the exit code of a command that ran for another", () => {
  const ended = async (script: string): Promise<number> =>
    exitCodeOf(await execa("sh", ["-c", script], { reject: false }));

  it("is the command's own", async () => {
    expect(await ended("exit 0")).to.equal(0);
    expect(await ended("exit 3")).to.equal(3);
  });

  it("is 128 and the signal's number when a signal ended it, never 0", async () => {
    expect(await ended("kill -INT $$")).to.equal(130);
    expect(await ended("kill -KILL $$")).to.equal(137);
  });
});
