import {
  appendFileSync,
  closeSync,
  fstatSync,
  mkdirSync,
  openSync,
  readSync,
  statSync,
  truncateSync,
} from "node:fs";
import { dirname, join } from "node:path";

const CHUNK = 64 * 1024;
/** Bytes after which a deployment's log begins anew. */
const LIMIT = 32 * 1024 * 1024;

/** The log of the deployment that keeps its files in `folder`. */
export const logIn = (folder: string): DeploymentLog => new DeploymentLog(join(folder, "log.txt"));

/** One deployment's log: what its instances print, and what the local Azure did with them. */
export class DeploymentLog {
  constructor(readonly file: string) {}

  write(line: string): void {
    mkdirSync(dirname(this.file), { recursive: true });
    appendFileSync(this.file, `${new Date().toISOString()} local Azure - ${line}\n`);
  }

  /** Bytes written so far. */
  get size(): number {
    return statSync(this.file, { throwIfNoEntry: false })?.size ?? 0;
  }

  /** Instances append to the file while it is emptied; none of their lines is torn. */
  limit(): void {
    if (this.size > LIMIT) truncateSync(this.file);
  }

  /** The newest lines, oldest first, that were written after byte `from`. */
  tail(lines: number, from = 0): string {
    let handle: number;
    try {
      handle = openSync(this.file, "r");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return "";
      throw error;
    }
    try {
      let start = fstatSync(handle).size;
      let content = Buffer.alloc(0);
      while (start > from && newlines(content) <= lines) {
        const length = Math.min(CHUNK, start - from);
        const chunk = Buffer.alloc(length);
        start -= length;
        readSync(handle, chunk, 0, length, start);
        content = Buffer.concat([chunk, content]);
      }
      return content.toString("utf8").trimEnd().split("\n").slice(-lines).join("\n");
    } finally {
      closeSync(handle);
    }
  }
}

function newlines(content: Buffer): number {
  let count = 0;
  for (const byte of content) if (byte === 10) count++;
  return count;
}
