import execa from "execa";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { engineLink, packageRoot } from "../../tools/paths";

/** The folder of a team that installed the packed package: `examples/team-stack`, its dependencies, and nothing of this checkout. */
export class TeamFolder {
  readonly path = mkdtempSync(join(tmpdir(), "pulumi-azureml-installed-"));
  /** The installed package. */
  readonly package = join(this.path, "node_modules", "pulumi-azureml");

  /** Packs, and installs what `package.json` names. */
  async install(): Promise<void> {
    cpSync(join(packageRoot(), "examples", "team-stack"), this.path, { recursive: true });
    await execa("npm", ["pack", "--pack-destination", this.path], { cwd: packageRoot() });
    const options = ["--ignore-scripts", "--prefer-offline", "--no-audit", "--no-fund"];
    await execa("npm", ["install", ...options], { cwd: this.path });
  }

  get tarball(): Buffer {
    const name = readdirSync(this.path).find((file) => file.endsWith(".tgz"));
    return readFileSync(join(this.path, String(name)));
  }

  write(name: string, content: string | object): void {
    const file = join(this.path, name);
    mkdirSync(join(file, ".."), { recursive: true });
    writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
  }

  /** A command in the folder; how it ended, well or not. */
  async run(
    command: string,
    args: readonly string[],
    env: NodeJS.ProcessEnv = {},
  ): Promise<execa.ExecaReturnValue> {
    return await execa(command, args, { cwd: this.path, env, reject: false, all: true });
  }

  /** The engine, in the folder or one below it; a failure is thrown with all that it said. */
  async pulumi(env: NodeJS.ProcessEnv, ...args: string[]): Promise<string> {
    const ended = await this.run(join(engineLink, "pulumi"), [...args, "--non-interactive"], env);
    if (ended.exitCode !== 0) throw new Error(`pulumi ${args.join(" ")}:\n${ended.all ?? ""}`);
    return ended.all ?? "";
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}
