import { expect } from "chai";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { chosenLogs } from "../../local/commands/logs";
import { statePaths, type StatePaths } from "../../local/state";

describe("npm run local -- logs", () => {
  let paths: StatePaths;
  beforeEach(() => {
    paths = statePaths(mkdtempSync(join(tmpdir(), "logs-")));
    for (const file of [
      "local-azure.log",
      "mlflow/1f/server.log",
      "scoring/2e/log.txt",
      "scoring/2e/g1/log.txt",
      "pulumi/home/logs/pulumi-up.log",
    ]) {
      mkdirSync(dirname(join(paths.folder, file)), { recursive: true });
      writeFileSync(join(paths.folder, file), "");
    }
  });
  afterEach(() => rmSync(paths.folder, { recursive: true, force: true }));

  it("shows each part's log, a deployment's too, and not the engine's packed ones", () => {
    expect(chosenLogs(paths, "")).to.deep.equal([
      "local-azure.log",
      "mlflow/1f/server.log",
      "scoring/2e/log.txt",
    ]);
    expect(chosenLogs(paths, "scoring")).to.deep.equal(["scoring/2e/log.txt"]);
  });

  it("says which logs there are when none is called so", () => {
    expect(() => chosenLogs(paths, "scroing")).to.throw(
      'There is no log with "scroing" in its name. There are: local-azure.log, mlflow/1f/server.log, scoring/2e/log.txt.',
    );
  });
});
