import { execFile } from "node:child_process";
import { readFile, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import type { Lineage } from "./source";

/** Milliseconds that Git may take to say whether something is changed. */
const STATUS_TIME = 10_000;

/** The commit that is checked out where the files are; nothing outside of a repository, and before the first commit. */
export async function gitLineage(place: string): Promise<Pick<Lineage, "gitCommit" | "gitDirty">> {
  const folder = (await stat(place)).isDirectory() ? place : dirname(place);
  const gitCommit = await commitAt(folder);
  if (gitCommit === undefined) return {};
  return { gitCommit, ...((await isDirty(folder)) ? { gitDirty: "true" } : {}) };
}

/** Read as Git keeps it, so that no Git is needed: gitrepository-layout(5). */
async function commitAt(folder: string): Promise<string | undefined> {
  const own = await gitFolder(folder);
  const head = own && (await textOf(join(own, "HEAD")));
  if (!own || !head) return undefined;
  const [, ref] = /^ref: (.+)$/.exec(head) ?? [];
  if (ref === undefined) return commitIn(head);
  // A worktree has a HEAD of its own, and its branches where the repository has them.
  const shared = await textOf(join(own, "commondir"));
  const common = shared === undefined ? own : resolve(own, shared);
  const loose = (await textOf(join(own, ref))) ?? (await textOf(join(common, ref)));
  if (loose !== undefined) return commitIn(loose);
  const packed = (await textOf(join(common, "packed-refs"))) ?? "";
  return commitIn(packed.split("\n").find((line) => line.endsWith(` ${ref}`)) ?? "");
}

/** `.git` of the folder or of one above it: a folder, or a file that names it. */
async function gitFolder(folder: string): Promise<string | undefined> {
  const place = join(folder, ".git");
  const there = await stat(place).catch(() => undefined);
  if (there?.isDirectory()) return place;
  const [, named] = /^gitdir: (.+)$/m.exec((there && (await textOf(place))) ?? "") ?? [];
  if (named !== undefined) return resolve(folder, named);
  const above = dirname(folder);
  return above === folder ? undefined : await gitFolder(above);
}

async function textOf(file: string): Promise<string | undefined> {
  return await readFile(file, "utf8").then(
    (text) => text.trim(),
    () => undefined,
  );
}

function commitIn(text: string): string | undefined {
  return /^([0-9a-f]{64}|[0-9a-f]{40})\b/.exec(text)?.[1];
}

/** Whether tracked files differ from the commit, which Git alone can say; without one, or in too large a repository, nothing is said. */
async function isDirty(folder: string): Promise<boolean> {
  const args = ["-c", "core.fsmonitor=false", "status", "--porcelain", "--untracked-files=no"];
  const env = { ...process.env, GIT_OPTIONAL_LOCKS: "0" };
  return await promisify(execFile)("git", args, { cwd: folder, env, timeout: STATUS_TIME }).then(
    ({ stdout }) => stdout.trim() !== "",
    () => false,
  );
}
