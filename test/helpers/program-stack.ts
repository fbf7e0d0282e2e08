import execa from "execa";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { writeWhole } from "../../local/files";
import { preparePulumiFolders } from "../../local/pulumi-folders";
import { engineLink, packageRoot } from "../../tools/paths";
import type { LocalAzure } from "./local-azure";

/** Commands that don't take `--config-file`. */
const withoutConfigFile: ReadonlySet<string> = new Set(["cancel", "import", "stack", "state"]);

/** Stack `test` of a program in `test/engine/programs`, run by the real engine on a local Azure. */
export class ProgramStack {
  readonly #folder: string;
  readonly #file: string;
  readonly #project: string;

  private constructor(
    private readonly azure: Pick<LocalAzure, "paths" | "environment">,
    program: string,
  ) {
    this.#folder = join(packageRoot(), "test", "engine", "programs", program);
    this.#project = (parse(readFileSync(join(this.#folder, "Pulumi.yaml"), "utf8")) as { name: string }).name;
    const place = join(azure.paths.folder, "programs", program);
    mkdirSync(place, { recursive: true });
    // The engine writes its salt beside the project; the repository's stays as it is.
    writeWhole(join(place, "Pulumi.yaml"), stringify({ name: this.#project, runtime: "nodejs" }));
    this.#file = join(place, "Pulumi.test.yaml");
  }

  /** @param config the program's settings, by name */
  static async create(
    azure: Pick<LocalAzure, "paths" | "environment">,
    program: string,
    config: Record<string, unknown>,
  ): Promise<ProgramStack> {
    const stack = new ProgramStack(azure, program);
    preparePulumiFolders(azure.paths);
    await stack.#run(["-C", join(stack.#file, ".."), "stack", "init", "test", "--no-select"], true);
    for (const [name, value] of Object.entries(config)) stack.set(name, value);
    return stack;
  }

  /** Changes one setting, as an edit of the stack's file does. */
  set(name: string, value: unknown): void {
    const file = parse(readFileSync(this.#file, "utf8")) as { config?: Record<string, unknown> };
    writeWhole(
      this.#file,
      stringify({ ...file, config: { ...file.config, [`${this.#project}:${name}`]: value } }),
    );
  }

  async pulumi(...args: string[]): Promise<execa.ExecaReturnValue> {
    return await this.start(...args);
  }

  /** The engine at work, to be ended at a chosen moment. */
  start(...args: string[]): execa.ExecaChildProcess {
    const place = withoutConfigFile.has(args[0] ?? "") ? [] : ["--config-file", this.#file];
    return this.#run([...args, "--stack", "test", ...place, "--non-interactive"], false);
  }

  /** As `pulumi`, but a failure is thrown with all that the engine said. */
  async succeeds(...args: string[]): Promise<string> {
    const { exitCode, stdout, stderr } = await this.pulumi(...args);
    if (exitCode === 0) return stdout;
    throw new Error(`pulumi ${args.join(" ")} ended with ${exitCode}:\n${stdout}\n${stderr}`);
  }

  /** What the engine says of a command that must fail. */
  async fails(...args: string[]): Promise<string> {
    const { exitCode, stdout, stderr } = await this.pulumi(...args);
    if (exitCode !== 0) return `${stdout}\n${stderr}`;
    throw new Error(`pulumi ${args.join(" ")} should have failed:\n${stdout}`);
  }

  /** Secret ones too. */
  async outputs(): Promise<Record<string, string>> {
    return JSON.parse(await this.succeeds("stack", "output", "--json", "--show-secrets")) as Record<
      string,
      string
    >;
  }

  #run(args: readonly string[], reject: boolean): execa.ExecaChildProcess {
    return execa(join(engineLink, "pulumi"), args, {
      cwd: this.#folder,
      env: this.azure.environment(),
      reject,
    });
  }
}
