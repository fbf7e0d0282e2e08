import { expect } from "chai";
import { execFileSync } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readAddress, withoutUser } from "../../providers/mlflow-project/address";
import { ProviderError } from "../../providers/clients/errors";
import { fetchVersion } from "../../providers/mlflow-project/git";
import { openProject } from "../../providers/mlflow-project/open";

const root = mkdtempSync(join(tmpdir(), "project-git-"));
const repository = join(root, "repository");
const address = `file://${repository}`;
const git = (...args: readonly string[]): string =>
  execFileSync("git", ["-C", repository, "-c", "user.name=t", "-c", "user.email=t@example.com", ...args], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  }).trim();

/** Commits the project with that word in it. */
function commit(word: string): string {
  mkdirSync(join(repository, "projects", "one"), { recursive: true });
  writeFileSync(join(repository, "projects", "one", "train.py"), word);
  git("add", ".");
  git("commit", "--quiet", "--message", word);
  return git("rev-parse", "HEAD");
}

describe("a version of a project's repository", () => {
  const cache = join(root, "cache");
  const wordOf = (version?: string): string =>
    readFileSync(join(fetchVersion(address, version, cache).folder, "projects", "one", "train.py"), "utf8");
  let first = "";
  before(() => {
    mkdirSync(repository);
    git("init", "--quiet", "--initial-branch", "trunk");
    first = commit("first");
    git("tag", "--annotate", "--message", "one", "v1");
    git("branch", "next/try");
    commit("second");
  });
  after(() => rmSync(root, { recursive: true, force: true }));

  it("is the head of the default branch, a branch, a tag or a whole commit", () => {
    expect([undefined, "trunk", "next/try", "v1", first].map(wordOf)).to.deep.equal([
      "second",
      "second",
      "first",
      "first",
      "first",
    ]);
    expect(fetchVersion(address, "v1", cache).commit).to.equal(first);
  });

  it("is without git's own files, and in the cache once", () => {
    const { folder } = fetchVersion(address, first, cache);
    expect(readdirSync(folder)).to.deep.equal(["projects"]);
    expect(fetchVersion(address, "v1", cache).folder).to.equal(folder);
    expect(readdirSync(join(folder, "..")).filter((name) => name.startsWith("fetching"))).to.deep.equal([]);
  });

  it("is the next commit once a branch has moved on", () => {
    commit("third");
    expect([wordOf("trunk"), wordOf("v1")]).to.deep.equal(["third", "first"]);
  });

  it("is refused where there is none, in git's words where it can't be reached", () => {
    expect(() => wordOf("v2")).to.throw(ProviderError, "the repository has no branch and no tag v2");
    expect(() => fetchVersion(`${address}-gone`, undefined, cache)).to.throw(
      ProviderError,
      "git could not fetch it: ",
    );
  });

  it("is refused with a link out of the repository", () => {
    git("checkout", "--quiet", "-b", "linked");
    symlinkSync("../../..", join(repository, "projects", "one", "above"));
    symlinkSync("one/train.py", join(repository, "projects", "inside"));
    commit("linked");
    expect(() => wordOf("linked")).to.throw(ProviderError, "projects/one/above is a link that leads out");
  });

  it("is asked for once a process, so that all of a program sees one commit", () => {
    const cacheHome = process.env["XDG_CACHE_HOME"];
    process.env["XDG_CACHE_HOME"] = join(root, "home");
    try {
      const opened = openProject(`${address}#projects/one`, "next/try");
      expect(opened.folder.paths).to.deep.equal(["train.py"]);
      git("branch", "--force", "next/try", "trunk");
      expect(openProject(`${address}#projects/one`, "next/try").commit).to.equal(opened.commit);
      expect(fetchVersion(address, "next/try", cache).commit).to.not.equal(opened.commit);
      expect(() => openProject(`${address}#projects/two`, "next/try")).to.throw(
        ProviderError,
        "no such folder",
      );
    } finally {
      if (cacheHome === undefined) delete process.env["XDG_CACHE_HOME"];
      else process.env["XDG_CACHE_HOME"] = cacheHome;
    }
  });

  it("needs the command git", () => {
    const { PATH } = process.env;
    process.env["PATH"] = root;
    try {
      expect(() => wordOf("trunk")).to.throw(ProviderError, "there is no command git on this machine");
    } finally {
      process.env["PATH"] = PATH;
    }
  });
});

describe("the address of a project", () => {
  const here = ["/srv/project", "project"];
  const read = (uri: string, version?: string): readonly string[] =>
    Object.values(readAddress(uri, version, (path) => here.includes(path)));

  it("is a folder's, or a repository's, with a folder in it", () => {
    expect(read("project")).to.deep.equal(["project", "folder", ""]);
    expect(read("file:///srv/project#a/b")).to.deep.equal(["/srv/project", "folder", "a/b"]);
    expect(read("project#a", "v1")).to.deep.equal(["project", "repository", "a"]);
    expect(read("https://example.com/x.git#a")).to.deep.equal([
      "https://example.com/x.git",
      "repository",
      "a",
    ]);
    expect(read("git@example.com:x/y")).to.deep.equal(["git@example.com:x/y", "repository", ""]);
  });

  it("is refused where it is neither", () => {
    for (const uri of ["nowhere", "project#../up", "project#.git", "https://example.com/x.zip"])
      expect(() => read(uri), uri).to.throw(ProviderError);
  });

  it("is told without who signs in", () => {
    expect(withoutUser("https://me:token@example.com/x")).to.equal("https://example.com/x");
  });
});
