/** One word of a POSIX shell, byte for byte as Python's `shlex.quote` writes it. */
export function shellQuote(text: string): string {
  if (text === "") return "''";
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'"'"'`)}'`;
}
