/** `unknown`: it could not be told. */
export type Level = "ok" | "warning" | "problem" | "unknown";

/** One line of what was found. */
export interface Finding {
  /** What it is about: `Pulumi`, `role: deploy`, `reach: storage`. */
  readonly about: string;
  readonly level: Level;
  /** Without anything secret. */
  readonly says: string;
  /** A command or a setting to copy. */
  readonly repair?: string;
}

export function ok(about: string, says: string): Finding {
  return { about, level: "ok", says };
}

export function warning(about: string, says: string, repair?: string): Finding {
  return { about, level: "warning", says, ...(repair === undefined ? {} : { repair }) };
}

export function problem(about: string, says: string, repair: string): Finding {
  return { about, level: "problem", says, repair };
}

export function unknown(about: string, says: string, repair?: string): Finding {
  return { about, level: "unknown", says, ...(repair === undefined ? {} : { repair }) };
}

/** First lines and addresses alone: whatever an address has before its host may be secret. */
export function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message || error.name : String(error);
  return (message.split("\n")[0] ?? "").replace(/\/\/[^/\s]*@/g, "//").slice(0, 400);
}
