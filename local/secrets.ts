import { randomBytes } from "node:crypto";
import { linkSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { keepPrivate, readIfThere } from "./files";
import type { Secrets, StatePaths } from "./state";
import { UserError } from "./user-error";

const names = ["clientSecret", "adminSecret", "passphrase"] as const satisfies readonly (keyof Secrets)[];

/**
 * The secrets of this state folder; the first call makes them, in a file that only its owner can read.
 *
 * @throws UserError when the file is there but is not what this wrote
 */
export function readSecrets(paths: StatePaths): Secrets {
  const text = readIfThere(paths.secrets);
  if (text === undefined) return makeSecrets(paths);
  keepPrivate(paths.secrets);
  return parseSecrets(text, paths.secrets);
}

function makeSecrets(paths: StatePaths): Secrets {
  const secrets = Object.fromEntries(
    names.map((name) => [name, randomBytes(30).toString("base64url")]),
  ) as unknown as Secrets;
  mkdirSync(dirname(paths.secrets), { recursive: true, mode: 0o700 });
  const temporary = `${paths.secrets}.${process.pid}.tmp`;
  writeFileSync(temporary, JSON.stringify(secrets, undefined, 2), { mode: 0o600 });
  try {
    // A link, not a rename: of two commands that start at once, the second must take the first one's secrets.
    linkSync(temporary, paths.secrets);
    return secrets;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    return parseSecrets(readIfThere(paths.secrets) ?? "", paths.secrets);
  } finally {
    rmSync(temporary, { force: true });
  }
}

function parseSecrets(text: string, file: string): Secrets {
  const secrets = parseObject(text);
  const missing = names.filter((name) => typeof secrets[name] !== "string" || secrets[name] === "");
  if (missing.length > 0) {
    throw new UserError(
      `${file} is damaged (${missing.join(", ")} missing): without it nothing that the local Azure holds can be used. ` +
        "Put the file back, or run `npm run local -- down`, delete the folder it is in, and start anew.",
    );
  }
  return secrets as unknown as Secrets;
}

function parseObject(text: string): Record<string, unknown> {
  try {
    return Object(JSON.parse(text)) as Record<string, unknown>;
  } catch {
    return {};
  }
}
