import { join } from "node:path";
import { packageRoot } from "../../tools/paths";
import { startTalkingChild, type ChildOptions, type TalkingChild } from "../children";

const program = join(packageRoot(), "local", "batch", "worker.py");

/** What `worker.py` says. */
interface Message {
  readonly ready?: true;
  readonly pid?: number;
  readonly failed?: string;
}

/** What came of a mini-batch. */
export interface Answer {
  readonly succeeded?: number;
  readonly rows?: number;
  readonly failures?: readonly { readonly file: string; readonly trace: string }[];
  /** The trace of what failed the whole mini-batch. */
  readonly error?: string;
  /** What fails the whole job. */
  readonly fatal?: string;
}

/** `init` raised, or the model could not be loaded; the message is Python's trace. */
export class StartFailed extends Error {}
/** The process ended before it answered. */
export class WorkerDied extends Error {}
/** The mini-batch took longer than it may. */
export class TimedOut extends Error {}

/** A process that scores mini-batches one after the other. */
export class Worker {
  private readonly child: TalkingChild;
  private readonly said: (Message | Answer)[] = [];
  private rest = "";
  private closed = false;
  private listener: (() => void) | undefined;
  /** Of the Python process itself, once it is ready. */
  pid: number | undefined;

  /** @param what `worker.py`'s arguments */
  constructor(python: string, what: readonly string[], options: ChildOptions) {
    this.child = startTalkingChild([python, program, ...what], options);
    const { channel, exited } = this.child;
    channel.setEncoding("utf8");
    channel.on("data", (text: string) => this.hear(text));
    for (const event of ["end", "close"]) {
      channel.on(event, () => {
        this.closed = true;
        this.listener?.();
      });
    }
    // Without its supervisor it would be nobody's.
    void exited.then(() => channel.destroy());
  }

  /** Resolves when model or script are loaded. @throws StartFailed, WorkerDied */
  async ready(): Promise<void> {
    const { failed, pid } = (await this.next()) as Message;
    if (failed !== undefined) throw new StartFailed(failed);
    this.pid = pid;
  }

  /**
   * @param result the file for the lines of the output
   * @param timeout milliseconds
   * @throws WorkerDied, TimedOut; the process is of no more use then
   */
  async score(files: readonly string[], result: string, timeout: number): Promise<Answer> {
    this.child.channel.write(`${JSON.stringify({ files, result })}\n`);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new TimedOut(`no answer within ${timeout / 1000} s`)), timeout);
    });
    try {
      const answer = this.next();
      answer.catch(() => undefined);
      return (await Promise.race([answer, late])) as Answer;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Ends it with all that it started. */
  async stop(): Promise<void> {
    this.child.channel.destroy();
    await this.child.stop();
  }

  private hear(text: string): void {
    const lines = (this.rest + text).split("\n");
    this.rest = lines.pop() ?? "";
    this.said.push(...lines.map((line) => JSON.parse(line) as Message | Answer));
    this.listener?.();
  }

  private async next(): Promise<Message | Answer> {
    while (this.said.length === 0 && !this.closed)
      await new Promise<void>((resolve) => (this.listener = resolve));
    const message = this.said.shift();
    if (message === undefined) throw new WorkerDied("the process ended");
    return message;
  }
}
