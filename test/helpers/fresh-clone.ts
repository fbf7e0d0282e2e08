import execa from "execa";
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { packageRoot } from "../../tools/paths";

/** What git holds of this checkout, in a folder of its own in which nothing was ever installed. */
export class FreshClone {
  readonly folder = mkdtempSync(join(tmpdir(), "pulumi-azureml-newcomer-"));

  async make(): Promise<void> {
    const { stdout } = await execa("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
      cwd: packageRoot(),
    });
    for (const file of stdout.split("\n").filter((name) => existsSync(join(packageRoot(), name)))) {
      mkdirSync(dirname(join(this.folder, file)), { recursive: true });
      cpSync(join(packageRoot(), file), join(this.folder, file));
    }
  }

  /** `npm run local -- …` as a newcomer types it. */
  async local(...args: string[]): Promise<execa.ExecaReturnValue> {
    return await execa("npm", ["run", "--silent", "local", ...(args.length === 0 ? [] : ["--", ...args])], {
      cwd: this.folder,
      reject: false,
      env: { PULUMI_AZUREML_LOCAL: undefined },
    });
  }

  /** Ends what runs in it and takes it away. */
  async remove(): Promise<void> {
    if (existsSync(join(this.folder, "dist"))) await this.local("down");
    rmSync(this.folder, { recursive: true, force: true });
  }
}
