import { expect } from "chai";
import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
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

  it("that others could read are their owner's alone again, with a word", () => {
    const secrets = readSecrets(paths);
    for (const mode of [0o644, 0o640, 0o602]) {
      chmodSync(paths.secrets, mode);
      const { result, said } = hearing(() => readSecrets(paths));
      expect(result).to.deep.equal(secrets);
      expect(statSync(paths.secrets).mode & 0o777).to.equal(0o600);
      expect(said).to.contain(paths.secrets).and.to.contain("open to others");
      for (const secret of Object.values(secrets)) expect(said).not.to.contain(secret);
    }
    expect(hearing(() => readSecrets(paths)).said).to.equal("");
  });

  it("that are damaged are never replaced in silence: the file is named", () => {
    for (const text of ["", "{", "null", '{"clientSecret":"x"}']) {
      writeFileSync(paths.secrets, text, { mode: 0o600 });
      expect(() => readSecrets(paths))
        .to.throw(UserError)
        .with.property("message")
        .that.contains(paths.secrets);
    }
  });
});

/** What the work gives back, and what it says on stderr meanwhile. */
function hearing<T>(work: () => T): { readonly result: T; readonly said: string } {
  const write = process.stderr.write.bind(process.stderr);
  let said = "";
  process.stderr.write = (text: string | Uint8Array): boolean => {
    said += String(text);
    return true;
  };
  try {
    return { result: work(), said };
  } finally {
    process.stderr.write = write;
  }
}
