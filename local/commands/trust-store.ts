import execa from "execa";
import { renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { StatePaths } from "../state";

/** Java's own default; what is in the store is public. */
const PASSWORD = "changeit";

/** A trust store for Java with the machine's authority in it, made anew; undefined on a machine without Java's `keytool`. */
export async function trustStore(
  paths: Pick<StatePaths, "folder" | "authorityCertificate">,
): Promise<{ readonly file: string; readonly password: string } | undefined> {
  const file = join(paths.folder, "trusted.p12");
  const made = `${file}.${process.pid}`;
  try {
    await execa("keytool", [
      ...["-importcert", "-noprompt", "-alias", "local-azure", "-file", paths.authorityCertificate],
      ...["-keystore", made, "-storetype", "PKCS12", "-storepass", PASSWORD],
    ]);
    renameSync(made, file);
    return { file, password: PASSWORD };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  } finally {
    rmSync(made, { force: true });
  }
}
