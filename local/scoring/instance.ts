import { EventEmitter } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { Pool, type Dispatcher } from "undici";
import { plainEnvironment, startChild, type Child } from "../children";
import { gunicorn } from "../gunicorn";
import { freePort } from "../ports";
import { crashReport } from "./crash";
import { DeploymentFailed } from "./deployment-failed";
import type { DeploymentLog } from "./deployment-log";
import type { Program } from "./program";

const LOG_LINES_READ = 500;
const RESTART_PAUSES = [0, 1_000, 2_000, 5_000, 15_000, 30_000];
const POLL_PAUSE = 20;

export interface InstanceOptions {
  readonly program: Program;
  readonly environmentVariables: Readonly<Record<string, string>>;
  /** Requests that the model works on at once. */
  readonly threads: number;
  readonly log: DeploymentLog;
  /** Whether the process is to end whenever it was started, because somebody wants to see that. */
  readonly crashes: () => boolean;
  /** Milliseconds that the model has to load. */
  readonly readinessDeadline: number;
}

/**
 * One process group of Microsoft's inference server with the model in it. Started again when it ends by itself.
 * Emits `ready` whenever it takes requests (again).
 */
export class Instance extends EventEmitter {
  inFlight = 0;
  private child: Child | undefined;
  private pool: Pool | undefined;
  private stopped = false;

  constructor(private readonly options: InstanceOptions) {
    super();
  }

  get ready(): boolean {
    return this.pool !== undefined && !this.stopped;
  }

  get pid(): number | undefined {
    return this.child?.pid;
  }

  /** Resolves when the model answers. @throws DeploymentFailed with the log's last lines */
  async start(): Promise<void> {
    const logStart = this.options.log.size;
    const port = await freePort();
    if (this.stopped) throw stoppedWhileStarting();
    const child = startChild(serverCommand(port, this.options), {
      env: serverEnvironment(this.options),
      cwd: this.options.program.folder,
      logFile: this.options.log.file,
    });
    this.child = child;
    if (this.options.crashes()) this.crash();
    const pool = new Pool(`http://127.0.0.1:${port}`, {
      connections: this.options.threads,
      pipelining: 1,
      keepAliveTimeout: 20_000,
      headersTimeout: 0,
      bodyTimeout: 0,
    });
    const outcome = await Promise.race([
      child.exited.then((code) => `ended with exit code ${code}`),
      answers(pool, this.options.readinessDeadline),
    ]);
    if (outcome !== undefined || this.stopped) {
      await Promise.all([child.stop(), pool.destroy()]);
      if (this.stopped) throw stoppedWhileStarting();
      throw new DeploymentFailed(
        "ResourceNotReady",
        `The model's process ${outcome}. ${crashReport(this.options.log.tail(LOG_LINES_READ, logStart))}`,
      );
    }
    this.pool = pool;
    void child.exited.then(() => this.ended(pool));
    this.emit("ready");
  }

  async request(options: Dispatcher.RequestOptions): Promise<Dispatcher.ResponseData> {
    if (!this.pool)
      throw Object.assign(new Error("The instance is not ready."), { code: "INSTANCE_NOT_READY" });
    return await this.pool.request(options);
  }

  /** Ends the process as its own error would: requests in it are lost, and it is started again. */
  crash(): void {
    void this.child?.stop();
  }

  /** Ends the process group once the requests in it have ended. */
  async stop(): Promise<void> {
    this.stopped = true;
    while (this.inFlight > 0) await sleep(POLL_PAUSE);
    await Promise.all([this.child?.stop(), this.pool?.destroy()]);
  }

  private async ended(pool: Pool): Promise<void> {
    this.pool = undefined;
    await pool.destroy();
    for (let attempt = 0; !this.stopped; attempt++) {
      const pause = RESTART_PAUSES[Math.min(attempt, RESTART_PAUSES.length - 1)] ?? 0;
      this.options.log.write(`the model's process ended by itself; starting it again in ${pause} ms`);
      await sleep(pause, undefined, { ref: false });
      if (this.stopped) return;
      try {
        await this.start();
        return;
      } catch (error) {
        this.options.log.write(`it did not come up again: ${(error as Error).message.split("\n")[0]}`);
      }
    }
  }
}

function serverCommand(port: number, { program, threads }: InstanceOptions): string[] {
  return gunicorn({
    python: program.python,
    folder: "scoring",
    module: "inference_server",
    bind: `127.0.0.1:${port}`,
    timeoutSeconds: 300,
    settings: [
      // The default worker closes the connection after each answer.
      ...["--worker-class", "gthread", "--threads", String(threads)],
      ...["--keep-alive", "60"],
    ],
  });
}

function serverEnvironment({ program, environmentVariables }: InstanceOptions): NodeJS.ProcessEnv {
  return plainEnvironment({
    ...environmentVariables,
    ...program.variables,
    MLFLOW_DISABLE_TELEMETRY: "true",
  });
}

/** Waits for the server's health page; resolves with the reason when it does not come in time. */
async function answers(pool: Pool, deadline: number): Promise<string | undefined> {
  const end = Date.now() + deadline;
  while (!pool.destroyed && Date.now() < end) {
    try {
      const { statusCode, body } = await pool.request({
        path: "/",
        method: "GET",
        signal: AbortSignal.timeout(end - Date.now()),
      });
      await body.dump();
      if (statusCode === 200) return undefined;
    } catch {
      // Not listening yet, or out of time: the loop's condition tells which.
    }
    await sleep(POLL_PAUSE);
  }
  return `did not answer within ${deadline / 1000} s`;
}

const stoppedWhileStarting = (): DeploymentFailed =>
  new DeploymentFailed("ResourceNotReady", "The deployment was removed while it was starting.");
