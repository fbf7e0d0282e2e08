import execa from "execa";
import { chmodSync, cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { preparePulumiFolders } from "../../local/pulumi-folders";
import { packageRoot } from "../../tools/paths";
import type { LocalAzure } from "./local-azure";

/** What a runner checks out: this repository's program with stack files of its own, under Git, on a local Azure. */
export class Checkout {
  readonly folder: string;
  readonly #tools: string;

  private constructor(private readonly azure: LocalAzure) {
    this.folder = join(azure.paths.folder, "checkout");
    this.#tools = join(azure.paths.folder, "tools");
  }

  /** @param stacks each stack's settings, by its name; each is there, and nothing of it is up */
  static async create(
    azure: LocalAzure,
    stacks: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
  ): Promise<Checkout> {
    const checkout = new Checkout(azure);
    const { folder } = checkout;
    const root = packageRoot();
    mkdirSync(join(folder, "stacks"), { recursive: true });
    for (const file of ["Pulumi.yaml", "index.ts", "package.json", "tsconfig.json"])
      cpSync(join(root, file), join(folder, file));
    for (const name of ["node_modules", "dist", "examples"])
      symlinkSync(join(root, name), join(folder, name), "dir");
    // Installed packages have their command in `node_modules/.bin`; the package itself does not.
    mkdirSync(checkout.#tools);
    const npx = join(checkout.#tools, "npx");
    writeFileSync(npx, `#!/bin/sh\nshift\nexec node "${join(root, "dist", "cli", "main.js")}" "$@"\n`);
    chmodSync(npx, 0o755);
    preparePulumiFolders(azure.paths);
    for (const [name, settings] of Object.entries(stacks)) {
      checkout.write(`stacks/Pulumi.${name}.yaml`, stringify({ config: settings }));
      await checkout.run("pulumi", "stack", "init", name, "--no-select");
    }
    await checkout.run("git", "init", "--quiet");
    checkout.write(".git/info/exclude", "node_modules\ndist\nexamples\n");
    await checkout.commit("the program");
    return checkout;
  }

  write(file: string, text: string): void {
    mkdirSync(join(this.folder, file, ".."), { recursive: true });
    writeFileSync(join(this.folder, file), text);
  }

  read(file: string): string {
    return readFileSync(join(this.folder, file), "utf8");
  }

  /** What stands under a path, everything by default. @returns the commit's id */
  async commit(message: string, path = "."): Promise<string> {
    await this.run("git", "add", "--all", path);
    const author = ["-c", "user.name=ada", "-c", "user.email=ada@contoso.com"];
    await this.run("git", ...author, "commit", "--quiet", "--message", message);
    return await this.run("git", "rev-parse", "HEAD");
  }

  async run(command: string, ...args: string[]): Promise<string> {
    const { stdout } = await execa(command, args, { cwd: this.folder, env: this.environment() });
    return stdout;
  }

  /** Of a runner that reaches the local Azure in place of Azure. */
  environment(): NodeJS.ProcessEnv {
    const environment = this.azure.environment();
    return { ...environment, PATH: `${this.#tools}:${environment["PATH"] ?? ""}` };
  }
}
