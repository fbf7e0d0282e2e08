import { connect } from "node:net";

/** How long an engine may take to be reached, in milliseconds; one that is slower is there. */
const PATIENCE = 2_000;

/**
 * Tells whether the engine that started this provider process is gone. A kill -9 of `pulumi` ends no provider: one that worked on would keep
 * everybody else from the endpoint, with nobody to hear how it ended.
 *
 * @param address where the engine listens: the argument that it starts its providers with. One that can't be reached from the beginning is not watched.
 */
export function engineWatch(address: string = process.argv[2] ?? ""): () => Promise<boolean> {
  const [, host, port] = /^([\w.-]+):(\d+)$/.exec(address) ?? [];
  if (host === undefined) return async () => false;
  const first = refuses(host, Number(port));
  return async () => !(await first) && (await refuses(host, Number(port)));
}

async function refuses(host: string, port: number): Promise<boolean> {
  return await new Promise((resolve) => {
    const socket = connect({ host, port, timeout: PATIENCE });
    const settle = (refused: boolean) => (): void => {
      socket.destroy();
      resolve(refused);
    };
    socket.once("connect", settle(false)).once("timeout", settle(false)).once("error", settle(true));
  });
}
