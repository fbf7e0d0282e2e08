import execa from "execa";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import type { StoredResource } from "../../local/arm/store";
import { openStore } from "../../local/arm/store-lmdb";
import { createEngine } from "../../local/engine";
import { localEnvironment, localPath } from "../../local/environment";
import { writeWhole } from "../../local/files";
import { preparePulumiFolders } from "../../local/pulumi-folders";
import { findRunning, stopRunning } from "../../local/running";
import { readSecrets } from "../../local/secrets";
import { statePaths, type Run, type StatePaths } from "../../local/state";
import { engineLink, packageRoot } from "../../tools/paths";

/** Commands that don't take `--config-file`. */
const withoutConfigFile: ReadonlySet<string> = new Set(["stack", "state"]);

/** A local Azure of the test's own, in a folder of its own. */
export class LocalAzure {
  readonly paths: StatePaths = statePaths(mkdtempSync(join(tmpdir(), "pulumi-azureml-")));

  /** @param settings further environment variables of the local Azure's own: `PULUMI_AZUREML_LOCAL_ROLE_SECONDS` */
  constructor(private readonly settings: NodeJS.ProcessEnv = {}) {}

  /** The newcomer's command line: `npm run local -- …`, on an already set-up machine. */
  async command(...args: string[]): Promise<execa.ExecaReturnValue> {
    return await execa(process.execPath, [join(packageRoot(), "dist", "local", "main.js"), ...args], {
      cwd: packageRoot(),
      env: { PULUMI_AZUREML_LOCAL: this.paths.folder, ...this.settings },
      reject: false,
    });
  }

  /** Puts resources into ARM before the start, as if somebody had made them. */
  async hold(...resources: readonly StoredResource[]): Promise<void> {
    const store = openStore(this.paths.arm);
    for (const resource of resources) await store.put(resource);
    await store.close();
  }

  async start(): Promise<Run> {
    const started = await this.command("exec", "true");
    if (started.exitCode !== 0) throw new Error(started.stderr);
    return this.run();
  }

  run(): Run {
    const run = findRunning(this.paths);
    if (run === undefined) throw new Error("the local Azure is not running");
    return run;
  }

  /** What a client needs to use it by Azure's own names. */
  environment(): NodeJS.ProcessEnv {
    return { ...localEnvironment(this.paths, readSecrets(this.paths), this.run()), PATH: localPath() };
  }

  /** Stack `local` with other settings than its file's; the engine is called as a user would. */
  async stack(settings: Record<string, unknown> = {}): Promise<Stack> {
    const engine = await createEngine(this.paths, this.run());
    await engine.read("local", ["config"]);
    const file = join(this.paths.folder, "test-stack.yaml");
    return new Stack(
      this,
      packageRoot(),
      "local",
      copyStackFile(join(this.paths.stacks, "Pulumi.local.yaml"), file, settings),
    );
  }

  /** A stack of another program, made from its folder's stack file with other settings; nothing is written into the folder. */
  async program(folder: string, name: string, settings: Record<string, unknown> = {}): Promise<Stack> {
    return await programStack(this, folder, name, settings);
  }

  /** Ends it and takes its folder away. */
  async remove(): Promise<void> {
    await stopRunning(this.paths);
    rmSync(this.paths.folder, { recursive: true, force: true });
  }
}

/** As `LocalAzure.program`, for whoever has a local Azure in its own process. */
export async function programStack(
  azure: Pick<LocalAzure, "paths" | "environment">,
  folder: string,
  name: string,
  settings: Record<string, unknown>,
): Promise<Stack> {
  preparePulumiFolders(azure.paths);
  const copy = join(azure.paths.folder, "programs", name);
  mkdirSync(copy, { recursive: true });
  cpSync(join(folder, "Pulumi.yaml"), join(copy, "Pulumi.yaml"));
  const file = join(copy, `Pulumi.${name}.yaml`);
  const stack = new Stack(
    azure,
    folder,
    name,
    copyStackFile(join(folder, `Pulumi.${name}.yaml`), file, settings),
  );
  await stack.succeeds("-C", copy, "stack", "init", "--no-select");
  return stack;
}

function copyStackFile(from: string, to: string, settings: Record<string, unknown>): string {
  const copy = parse(readFileSync(from, "utf8")) as { config: object };
  writeWhole(to, stringify({ ...copy, config: { ...copy.config, ...settings } }));
  return to;
}

export class Stack {
  /**
   * @param folder where its program is
   * @param file the stack's file
   */
  constructor(
    private readonly azure: Pick<LocalAzure, "environment">,
    private readonly folder: string,
    private readonly name: string,
    readonly file: string,
  ) {}

  /** Changes one setting, as an edit of the stack's file does. */
  set(key: string, value: unknown): void {
    const file = parse(readFileSync(this.file, "utf8")) as { config: Record<string, unknown> };
    file.config[key] = value;
    writeWhole(this.file, stringify(file));
  }

  /** Takes one setting out again. */
  unset(key: string): void {
    const file = parse(readFileSync(this.file, "utf8")) as { config: Record<string, unknown> };
    Reflect.deleteProperty(file.config, key);
    writeWhole(this.file, stringify(file));
  }

  async pulumi(...args: string[]): Promise<execa.ExecaReturnValue> {
    const place = args.some((arg) => withoutConfigFile.has(arg)) ? [] : ["--config-file", this.file];
    return await execa(
      join(engineLink, "pulumi"),
      [...args, "--stack", this.name, ...place, "--non-interactive"],
      {
        cwd: this.folder,
        env: this.azure.environment(),
        reject: false,
      },
    );
  }

  /** As `pulumi`, but a failure is thrown with all that the engine said. */
  async succeeds(...args: string[]): Promise<string> {
    const ended = await this.pulumi(...args);
    if (ended.exitCode !== 0)
      throw new Error(
        `pulumi ${args.join(" ")} ended with ${ended.exitCode}:\n${ended.stdout}\n${ended.stderr}`,
      );
    return ended.stdout;
  }

  async outputs(): Promise<Record<string, string>> {
    return JSON.parse(await this.succeeds("stack", "output", "--json", "--show-secrets")) as Record<
      string,
      string
    >;
  }
}
