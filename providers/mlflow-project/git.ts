import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
} from "node:fs";
import { homedir } from "node:os";
import { dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { ProviderError } from "../clients/errors";
import { withoutUser } from "./address";

/** A version of a repository on this machine. */
export interface Checkout {
  /** Its files, without git's own. */
  readonly folder: string;
  /** 40 hexadecimal digits. */
  readonly commit: string;
}

/**
 * Fetches one version of a repository, without its history, into a folder of the user's cache; one that is there already is not fetched again.
 * Who signs in is git's own matter: its credential helper, or an agent's key.
 *
 * @param version branch, tag or whole commit; the head of the repository's default branch by default
 * @throws ProviderError with git's own words
 */
export function fetchVersion(repository: string, version?: string, cache = cacheFolder()): Checkout {
  const all = join(cache, createHash("sha256").update(repository).digest("hex").slice(0, 16));
  const { commit, ref } = resolveVersion(repository, version);
  const folder = join(all, commit);
  if (existsSync(folder)) return { folder, commit };
  mkdirSync(all, { recursive: true });
  const temporary = mkdtempSync(join(all, "fetching-"));
  try {
    const git = (...args: readonly string[]): string => run(repository, ["-C", temporary, ...args]);
    git("init", "--quiet");
    git("fetch", "--quiet", "--depth", "1", "--", remoteOf(repository), ref);
    git("checkout", "--quiet", "FETCH_HEAD");
    git("submodule", "--quiet", "update", "--init", "--recursive", "--depth", "1");
    const fetched = git("rev-parse", "HEAD").trim();
    tidy(temporary, temporary, withoutUser(repository));
    return { folder: put(temporary, join(all, fetched)), commit: fetched };
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

/** Which commit a version is, and what to fetch it by. */
function resolveVersion(
  repository: string,
  version = "HEAD",
): { readonly commit: string; readonly ref: string } {
  if (/^[0-9a-f]{40}$/i.test(version)) return { commit: version.toLowerCase(), ref: version.toLowerCase() };
  const listed = run(repository, ["ls-remote", "--", remoteOf(repository), version, `${version}^{}`]);
  const refs = new Map(
    listed
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => line.split("\t").reverse() as [string, string]),
  );
  // In the order in which git reads a name.
  const names = [version, `refs/${version}`, `refs/tags/${version}`, `refs/heads/${version}`];
  const ref = names.find((name) => refs.has(name));
  const commit = ref && (refs.get(`${ref}^{}`) ?? refs.get(ref));
  if (ref !== undefined && commit !== undefined) return { commit, ref };
  throw new ProviderError({
    what:
      version === "HEAD"
        ? "the repository has no commit"
        : `the repository has no branch and no tag ${version}`,
    where: withoutUser(repository),
    allowed: "a branch, a tag, or a commit with all of its 40 digits",
  });
}

/** A folder here by an address, so that git fetches from it as from anywhere. */
function remoteOf(repository: string): string {
  return repository.startsWith("/") ? `file://${repository}` : repository;
}

function run(repository: string, args: readonly string[]): string {
  const { error, status, stdout, stderr } = spawnSync("git", args, {
    encoding: "utf8",
    // Nobody is asked: a preview would wait without a word.
    env: { ...process.env, GIT_TERMINAL_PROMPT: "0", LC_ALL: "C" },
  });
  if (error === undefined && status === 0) return stdout;
  const where = withoutUser(repository);
  if ((error as NodeJS.ErrnoException | undefined)?.code === "ENOENT")
    throw new ProviderError({
      what: "there is no command git on this machine, which fetches a project's repository",
      where,
      tryThis: "install git, or name a folder",
    });
  const said = (error?.message ?? stderr).trim().split("\n").slice(-3).join(" ");
  throw new ProviderError({ what: `git could not fetch it: ${withoutUser(said)}`, where });
}

/**
 * Takes git's own files away, which are none of the project and differ from fetch to fetch; a submodule has one, too.
 *
 * @throws ProviderError for a link out of the repository, by which a file of this machine would be uploaded
 */
function tidy(folder: string, root: string, where: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.name === ".git") rmSync(path, { recursive: true });
    else if (entry.isDirectory()) tidy(path, root, where);
    else if (entry.isSymbolicLink() && leadsOut(path, root))
      throw new ProviderError({
        what: `${relative(root, path)} is a link that leads out of the repository`,
        where,
        tryThis: "a copy of the file in its place",
      });
  }
}

function leadsOut(link: string, root: string): boolean {
  const target = relative(realpathSync(root), resolve(realpathSync(dirname(link)), readlinkSync(link)));
  return target === ".." || target.startsWith(`..${sep}`) || isAbsolute(target);
}

/** Into its place whole, or not at all; who was faster has the same. */
function put(temporary: string, folder: string): string {
  try {
    renameSync(temporary, folder);
  } catch (error) {
    if (!existsSync(folder)) throw error;
  }
  return folder;
}

function cacheFolder(): string {
  const base = process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache");
  return join(base, "pulumi-azureml", "projects");
}
