import { EventEmitter, once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { OnlineDeploymentSpec } from "../arm/effects";
import type { Behaviour } from "../faults/settings";
import { logIn, type DeploymentLog } from "./deployment-log";
import { Generation } from "./generation";
import type { Instance } from "./instance";
import { downloadFiles, holdsFiles, type FileBlobs } from "./generation-files";
import { programOf, pythonFor, type Program } from "./program";
import { keepServed } from "./served";

const generationName = /^g\d+$/;

/** A deployment's processes: at most one generation serves, the next one starts beside it. */
export class Deployment {
  readonly log: DeploymentLog;
  /** Requests that are with the deployment, waiting or being worked on. */
  pending = 0;
  /** Whether its processes are on their way back after a restart of the local Azure: what fails meanwhile is not the model's fault. */
  resuming = false;
  private serving: Generation | undefined;
  private starting: Generation | undefined;
  private changes: Promise<unknown> = Promise.resolve();
  private changing = 0;
  private readonly end = new AbortController();
  private readonly events = new EventEmitter().setMaxListeners(0);

  constructor(
    private current: OnlineDeploymentSpec,
    private readonly folder: string,
    private readonly blobs: FileBlobs,
    private readonly readinessDeadline: number,
    private readonly behaviourOf: (name: string) => Behaviour | undefined = () => undefined,
  ) {
    this.log = logIn(folder);
  }

  /** What was last asked for. */
  get spec(): OnlineDeploymentSpec {
    return this.current;
  }

  /** Requests that Azure lets in at once: twice what the instances work on. */
  get limit(): number {
    return 2 * this.current.maxConcurrentRequestsPerInstance * this.current.instances;
  }

  /** How its containers go wrong, because somebody wants to see that. */
  get behaviour(): Behaviour | undefined {
    return this.behaviourOf(this.current.id.split("/").at(-1) ?? "");
  }

  get processes(): number[] {
    return this.serving?.processes ?? [];
  }

  /** Brings the processes to what `spec` asks for; what served before serves until then, and on when this fails. */
  async deploy(spec: OnlineDeploymentSpec, fromDisk = false): Promise<void> {
    this.resuming = fromDisk;
    await this.inTurn(async () => {
      try {
        if (this.serving && isDeepStrictEqual(process(this.current), process(spec)))
          await this.serving.scale(spec.instances);
        else await this.exchange(spec, fromDisk);
        this.current = spec;
        if (!this.removed) keepServed(this.folder, spec);
      } catch (error) {
        if (!this.removed) this.log.write(`deployment failed: ${(error as Error).message}`);
        throw error;
      } finally {
        this.resuming = false;
      }
    });
  }

  /**
   * An instance for one request, which counts until {@link release}; undefined when none was ready before `deadline`
   * (milliseconds since 1970).
   */
  async acquire(deadline: number): Promise<Instance | undefined> {
    let instance = this.serving?.idlest();
    while (!instance && Date.now() < deadline && this.awaited) {
      await once(this.events, "ready", { signal: AbortSignal.timeout(deadline - Date.now()) }).catch(
        () => undefined,
      );
      instance = this.serving?.idlest();
    }
    if (instance) instance.inFlight++;
    return instance;
  }

  release(instance: Instance): void {
    instance.inFlight--;
  }

  /** Ends the processes for good, once the requests in them have ended. */
  async stop(): Promise<void> {
    this.end.abort();
    this.events.emit("ready");
    await Promise.all([this.starting?.stop(), this.serving?.stop()]);
    await this.changes.catch(() => undefined);
    await this.serving?.stop();
  }

  private get removed(): boolean {
    return this.end.signal.aborted;
  }

  /** Whether a request that finds no ready instance may hope for one. */
  private get awaited(): boolean {
    return !this.removed && (this.serving !== undefined || this.starting !== undefined || this.changing > 0);
  }

  private async inTurn(change: () => Promise<void>): Promise<void> {
    this.changing++;
    const turn = this.changes.then(change).finally(() => {
      this.changing--;
      this.events.emit("ready");
    });
    this.changes = turn.catch(() => undefined);
    await turn;
  }

  private async exchange(spec: OnlineDeploymentSpec, fromDisk: boolean): Promise<void> {
    const say = (line: string): void => {
      if (!this.removed) this.log.write(line);
    };
    const python = await pythonFor(spec, { say, signal: this.end.signal });
    const folder = await this.filesOf(spec, fromDisk);
    try {
      const program = await programOf(spec, folder, python, say);
      const next = new Generation(folder, this.instanceOptions(spec, program), this.events);
      this.starting = next;
      await next.scale(spec.instances);
      if (this.removed) {
        await next.stop();
        return;
      }
      const before = this.serving;
      this.serving = next;
      this.events.emit("ready");
      this.log.limit();
      await before?.stop();
    } finally {
      this.starting = undefined;
      if (!this.removed) await this.dropFoldersExcept(this.serving?.folder);
    }
  }

  /** The folder of a generation with the files of model and code: a new one, or the newest when it still holds them. */
  private async filesOf(spec: OnlineDeploymentSpec, fromDisk: boolean): Promise<string> {
    await mkdir(this.folder, { recursive: true });
    const numbers = (await this.generationFolders()).map((name) => Number(name.slice(1)));
    const newest = Math.max(0, ...numbers);
    const last = join(this.folder, `g${newest}`);
    if (fromDisk && (await holdsFiles(last, spec))) return last;
    const folder = join(this.folder, `g${newest + 1}`);
    await downloadFiles(this.blobs, spec, folder);
    return folder;
  }

  private instanceOptions(
    spec: OnlineDeploymentSpec,
    program: Program,
  ): ConstructorParameters<typeof Generation>[1] {
    return {
      program,
      environmentVariables: spec.environmentVariables,
      threads: spec.maxConcurrentRequestsPerInstance,
      log: this.log,
      crashes: () => this.behaviour?.kind === "crashes",
      readinessDeadline: this.readinessDeadline,
    };
  }

  private async generationFolders(): Promise<string[]> {
    return existsSync(this.folder)
      ? (await readdir(this.folder)).filter((name) => generationName.test(name))
      : [];
  }

  private async dropFoldersExcept(kept: string | undefined): Promise<void> {
    const folders = (await this.generationFolders()).map((name) => join(this.folder, name));
    await Promise.all(
      folders
        .filter((folder) => folder !== kept)
        .map((folder) => rm(folder, { recursive: true, force: true })),
    );
  }
}

/** What a process is started with: a change of anything else needs no new one. */
function process(spec: OnlineDeploymentSpec): Partial<OnlineDeploymentSpec> {
  const { model, modelType, code, environment, environmentVariables, maxConcurrentRequestsPerInstance } =
    spec;
  return { model, modelType, code, environment, environmentVariables, maxConcurrentRequestsPerInstance };
}
