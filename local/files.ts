import { createHash } from "node:crypto";
import { chmodSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** Writes the file whole or not at all; `mode` is the file's permission bits. */
export function writeWhole(file: string, content: string, mode = 0o644): void {
  mkdirSync(dirname(file), { recursive: true });
  const temporary = `${file}.${process.pid}.tmp`;
  writeFileSync(temporary, content, { mode });
  renameSync(temporary, file);
}

/** The folder of what has this ARM id, in lower case, whose characters and length no file system need take. */
export function folderOfId(root: string, id: string): string {
  return join(root, createHash("sha256").update(id).digest("hex").slice(0, 32));
}

/** The file's text; undefined when there is no such file. */
export function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/**
 * Takes from everybody but its owner what a file with a secret lets them do; says so on stderr when there was something.
 *
 * @throws Error when that can't be changed: the file is somebody else's
 */
export function keepPrivate(file: string): void {
  const others = statSync(file).mode & 0o077;
  if (others === 0) return;
  chmodSync(file, 0o600);
  process.stderr.write(
    `local Azure: ${file} was open to others than its owner, and is its owner's alone again. ` +
      "Who else uses this machine may have read it: to be safe, `npm run local -- down`, delete the folder it is in, and start anew.\n",
  );
}
