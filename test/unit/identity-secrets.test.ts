import { expect } from "chai";
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readSecrets } from "../../local/secrets";
import { statePaths, type StatePaths } from "../../local/state";
import { UserError } from "../../local/user-error";

describe("the secrets of a state folder", () => {
  let paths: StatePaths;
  beforeEach(() => {
    paths = statePaths(mkdtempSync(join(tmpdir(), "secrets-")));
  });
  afterEach(() => {
    rmSync(paths.folder, { recursive: true, force: true });
  });

  it("are made once, for their owner alone, and stay", () => {
    const secrets = readSecrets(paths);
    expect(new Set(Object.values(secrets)).size).to.equal(3);
    for (const secret of Object.values(secrets)) expect(secret).to.match(/^[\w-]{40}$/);
    expect(readSecrets(paths)).to.deep.equal(secrets);
    expect(statSync(paths.secrets).mode & 0o777).to.equal(0o600);
    expect(readdirSync(paths.folder)).to.deep.equal(["secrets.json"]);
  });

  it("that are damaged are never replaced in silence: the file is named", () => {
    for (const text of ["", "{", "null", '{"clientSecret":"x"}']) {
      writeFileSync(paths.secrets, text);
      expect(() => readSecrets(paths))
        .to.throw(UserError)
        .with.property("message")
        .that.contains(paths.secrets);
    }
  });
});
