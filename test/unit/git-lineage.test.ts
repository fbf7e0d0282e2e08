import { expect } from "chai";
import execa from "execa";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { lineageNotes } from "../../providers/models/lineage";
import { localSource } from "../../providers/models/local-source";
import type { Lineage, SourceIdentity } from "../../providers/models/source";

const NAMES = {
  GIT_AUTHOR_NAME: "t",
  GIT_AUTHOR_EMAIL: "t@t",
  GIT_COMMITTER_NAME: "t",
  GIT_COMMITTER_EMAIL: "t@t",
};

describe("the commit of a local model", () => {
  let root: string;
  const git = async (...args: string[]): Promise<string> =>
    (
      await execa("git", args, { cwd: root, env: { ...NAMES, GIT_CONFIG_GLOBAL: "/dev/null" } })
    ).stdout.trim();
  const model = (): string => join(root, "models", "churn");
  const lineage = async (path = model()): Promise<Lineage> => await localSource(path).lineage();
  const identity = async (): Promise<SourceIdentity> =>
    await localSource(model()).identify(AbortSignal.timeout(30_000));

  beforeEach(async () => {
    root = mkdtempSync(join(tmpdir(), "pulumi-azureml-git-"));
    mkdirSync(model(), { recursive: true });
    writeFileSync(join(model(), "model.pkl"), "weights");
    writeFileSync(join(root, "train.py"), "print()");
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  it("is nothing outside of a repository, and before its first commit", async () => {
    expect(await lineage()).to.deep.equal({});
    await git("init", "--quiet");
    expect(await lineage()).to.deep.equal({});
  });

  it("is the one that is checked out, by a branch, packed or not, or by itself, and in a worktree", async () => {
    await git("init", "--quiet");
    await git("add", ".");
    await git("commit", "--quiet", "-m", "first");
    const first = { gitCommit: await git("rev-parse", "HEAD") };
    expect(first.gitCommit).to.match(/^[0-9a-f]{40}$/);
    expect(await lineage()).to.deep.equal(first);
    expect(await lineage(join(model(), "model.pkl"))).to.deep.equal(first);
    await git("pack-refs", "--all");
    expect(await lineage()).to.deep.equal(first);
    await git("checkout", "--quiet", "--detach");
    expect(await lineage()).to.deep.equal(first);
    await git("worktree", "add", "--quiet", "-b", "other", "beside");
    expect(await lineage(join(root, "beside", "models", "churn"))).to.deep.equal(first);
  });

  it("is marked where tracked files are others, and is no part of the content", async () => {
    await git("init", "--quiet");
    await git("add", "train.py");
    await git("commit", "--quiet", "-m", "first");
    const before = await identity();
    // The model itself, which is not tracked, may be new.
    const { gitCommit = "" } = await lineage();
    expect(lineageNotes(await lineage())).to.deep.equal({ "mlflow.source.git.commit": gitCommit });
    writeFileSync(join(root, "train.py"), "print(1)");
    const marked = { "mlflow.source.git.commit": gitCommit, "mlflow.source.git.dirty": "true" };
    expect(lineageNotes(await lineage())).to.deep.equal(marked);
    await git("commit", "--quiet", "-am", "second");
    expect((await lineage()).gitCommit).to.not.equal(gitCommit);
    expect(await identity()).to.deep.equal(before);
  });
});
