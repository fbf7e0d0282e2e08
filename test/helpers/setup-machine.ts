import execa from "execa";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { packageRoot } from "../../tools/paths";

const VERSION = "v3.259.0";

/**
 * A machine to set up: a checkout with nothing but what set-up reads, a cache folder, and a `PATH` on which only the tools are that the
 * test puts there. Each tool is a shell script that notes its arguments in `log` first.
 */
export class SetupMachine {
  readonly folder = mkdtempSync(join(tmpdir(), "pulumi-azureml-setup-"));
  readonly root = this.checkout("checkout");
  readonly #log = join(this.folder, "log");
  readonly #tools = join(this.folder, "tools");

  constructor() {
    mkdirSync(this.#tools);
  }

  get env(): NodeJS.ProcessEnv {
    return { PATH: this.#tools, HOME: this.folder, XDG_CACHE_HOME: join(this.folder, "cache") };
  }

  /** Another checkout of the same commit on this machine. */
  checkout(name: string): string {
    const root = join(this.folder, name);
    for (const part of ["tools", "package.json", "tsconfig.json"])
      cpSync(join(packageRoot(), part), join(root, part), { recursive: true });
    const lock = {
      name: "checkout",
      lockfileVersion: 3,
      packages: { "node_modules/a": { version: "1.0.0" } },
    };
    writeFileSync(join(root, "package-lock.json"), JSON.stringify(lock));
    return root;
  }

  tool(name: string, script: string): void {
    const file = join(this.#tools, name);
    writeFileSync(file, `#!/bin/sh\nPATH=/usr/bin:/bin\necho "${name} $*" >> '${this.#log}'\n${script}\n`);
    chmodSync(file, 0o755);
  }

  /** An npm whose `ci` runs `script`. */
  npm(script: string): void {
    this.tool("npm", `if [ "$1" = --version ]; then echo 11.0.0; exit; fi\n${script}`);
  }

  /** An npm that installs what the build needs. */
  workingNpm(): void {
    const esbuild = join(packageRoot(), "node_modules", "esbuild");
    this.npm(
      `rm -rf node_modules; mkdir node_modules; ln -s '${esbuild}' node_modules/esbuild; cp package-lock.json node_modules/.package-lock.json`,
    );
  }

  /** Waits until a tool has left this file in the checkout, and gives what is in it. */
  async left(name: string): Promise<string> {
    const file = join(this.root, name);
    for (let tries = 0; tries < 200; tries++) {
      const text = existsSync(file) ? readFileSync(file, "utf8") : "";
      if (text.endsWith("\n")) return text.trim();
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`no tool has written ${name} within 10 s`);
  }

  /** Waits until set-up has noted beside its lock that this child works for it: a moment after the child has begun. */
  async noted(pid: number): Promise<void> {
    const isNote = (file: string): boolean => basename(file) === `worker.${pid}.json`;
    for (let tries = 0; tries < 200; tries++) {
      if (readdirSync(this.folder, { recursive: true, encoding: "utf8" }).some(isNote)) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`set-up has not noted its child ${pid} within 10 s`);
  }

  /** A Go whose `build` runs `before`, then makes a program that answers the engine's version. */
  go(before = ""): void {
    const made = `#!/bin/sh\\necho ${VERSION}\\n`;
    this.tool(
      "go",
      `if [ "$1" = version ]; then echo go version go1.26.8 linux/amd64; exit; fi
${before}
while [ "$1" != -o ]; do shift; done
printf '${made}' > "$2" && chmod +x "$2"`,
    );
  }

  /** A Python 3.12 whose virtual environments run `pip` for everything that they are asked. */
  python(pip = ""): void {
    this.tool(
      "python3.12",
      `if [ "$1" = -c ]; then echo 3.12.1; echo venv; exit; fi
mkdir -p "$3/bin"
printf '%s\\n' '#!/bin/sh' "${pip}" > "$3/bin/python" && chmod +x "$3/bin/python"`,
    );
  }

  /** What was run with these words, a line each. */
  ran(words: string): string[] {
    if (!existsSync(this.#log)) return [];
    return readFileSync(this.#log, "utf8")
      .split("\n")
      .filter((line) => line.startsWith(words));
  }

  bootstrap(...args: string[]): execa.ExecaChildProcess {
    const script = join(this.root, "tools", "bootstrap.js");
    return execa(process.execPath, [script, ...args], {
      env: this.env,
      extendEnv: false,
      cwd: this.root,
      reject: false,
    });
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
