import { join } from "node:path";
import { createInterface } from "node:readline";
import execa from "execa";
import { packageRoot } from "../../tools/paths";

/**
 * A Python client at work in a process of its own, so that a test pays for its imports once: `test/conformance/clients/serve.py`
 * answers a line for a line.
 */
export class ClientProcess {
  readonly #child: execa.ExecaChildProcess;
  readonly #answers: AsyncIterator<string>;

  /**
   * @param python the Python that has the client
   * @param script in `test/conformance/clients`, with the arguments it takes
   */
  constructor(python: string, script: readonly [string, ...string[]], env: NodeJS.ProcessEnv, cwd: string) {
    const [name, ...args] = script;
    const file = join(packageRoot(), "test", "conformance", "clients", name);
    this.#child = execa(python, [file, ...args], { env, extendEnv: false, cwd, reject: false });
    if (this.#child.stdout === null) throw new Error(`${name} could not be started`);
    this.#answers = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
  }

  /** Calls one of the script's functions by name; what it raises is thrown, with the exception's type first. One call at a time. */
  async call<T>(operation: string, args: Readonly<Record<string, unknown>> = {}): Promise<T> {
    this.#child.stdin?.write(`${JSON.stringify({ operation, args })}\n`);
    const { done, value } = await this.#answers.next();
    if (done === true) throw new Error(`the client ended: ${(await this.#child).stderr}`);
    const { result, error } = JSON.parse(value) as { result: T; error?: string };
    if (error !== undefined) throw new Error(error);
    return result;
  }

  async close(): Promise<void> {
    this.#child.stdin?.end();
    await this.#child;
  }
}
