import pc from "picocolors";

/** A line of progress: on stderr, so that what a command prints can be piped. */
export function say(text: string): void {
  process.stderr.write(`${pc.dim("local Azure:")} ${text}\n`);
}
