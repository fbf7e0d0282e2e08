import { expect } from "chai";
import { once } from "node:events";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { askAdmin } from "../../local/running";
import type { Status } from "../../local/status";
import { LocalAzure } from "../helpers/local-azure";
import { locks, processesOf, RunningUp } from "../helpers/running-up";

describe("`npm run local` beside another program", () => {
  const azure = new LocalAzure();
  const daemons = (): string[] =>
    processesOf(azure).filter((command) => /[\\/]local[\\/]daemon/.test(command));

  after(async () => await azure.remove());

  it("two at once in a fresh folder: one local Azure is started, one makes the stack, the other says who is at work", async () => {
    const [first, second, third] = await Promise.all([
      azure.command(),
      azure.command(),
      azure.command("exec", "true"),
    ]);
    const said = [first, second].map(({ stdout, stderr }) => `${stdout}\n${stderr}`);
    expect([first.exitCode, second.exitCode].sort(), said.join("\n")).to.deep.equal([0, 1]);
    const refused = first.exitCode === 0 ? second : first;
    expect(refused.stderr.trim()).to.match(
      /^Another command \(process \d+\) is changing stack local: wait until it has ended, then try again\.$/m,
    );
    expect(third.exitCode, third.stderr).to.equal(0);
    expect(daemons()).to.have.length(1);
    const { models, endpoints } = await askAdmin<Status>(azure.paths, azure.run(), "status");
    expect(models).to.have.length(1);
    expect(endpoints).to.have.length(1);
  });

  it("a pulumi still at work, whose command was killed: says its process, and works once that has ended", async () => {
    const up = new RunningUp(azure);
    await up.until("the engine had its lock", () => locks(azure).length > 0);
    up.killCommand();
    await up.ended();
    const { exitCode, stderr } = await azure.command();
    expect(exitCode).to.equal(1);
    expect(stderr.trim()).to.match(/^Another pulumi \(process \d+\) is at work on stack local: .*\.$/m);
    for (let tries = 0; tries < 300 && locks(azure).length > 0; tries++) await sleep(100);
    expect((await azure.command("preview", "local")).exitCode).to.equal(0);
  });

  it("a program on the port that the proxy had: says the new port in one line, and the printed curl uses it", async () => {
    const { ports } = azure.run();
    await azure.command("down");
    const other = createServer().listen(ports.proxy, "127.0.0.1");
    await once(other, "listening");
    try {
      const { exitCode, stdout, stderr } = await azure.command();
      expect(exitCode, `${stdout}\n${stderr}`).to.equal(0);
      const now = azure.run().ports;
      expect(now.proxy).not.to.equal(ports.proxy);
      expect({ tls: now.tls, http: now.http }).to.deep.equal({ tls: ports.tls, http: ports.http });
      const lines = stderr.split("\n").filter((line) => line.includes(String(ports.proxy)));
      expect(lines).to.have.length(1);
      expect(lines[0]).to.include(
        `port ${ports.proxy} is taken by another program: the proxy is on port ${now.proxy} now`,
      );
      expect(stdout).to.match(new RegExp(`^curl .*--proxy http://127\\.0\\.0\\.1:${now.proxy} `, "m"));
    } finally {
      other.close();
    }
  });

  it("`down` ends every process", async () => {
    expect((await azure.command("down")).exitCode).to.equal(0);
    expect(processesOf(azure)).to.deep.equal([]);
  });
});
