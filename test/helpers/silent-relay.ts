import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";

/** One connection after the other goes silent, the first that has brought so many bytes: none, one request's, a part of a block. */
export const SILENCE_AFTER: readonly number[] = [0, 2_000, 1_000_000];

export interface SilentRelay {
  readonly port: number;
  /** How many connections have gone silent. */
  silenced(): number;
  close(): void;
}

/** A way to the proxy on which some connections stay open and bring nothing any more. */
export async function silentRelay(proxyPort: number): Promise<SilentRelay> {
  const sockets = new Set<Socket>();
  let silenced = 0;
  const server = createServer((client) => {
    const onward = connect(proxyPort, "127.0.0.1");
    let passed = 0;
    let silent = false;
    client.on("data", (bytes) => {
      if (silent) return;
      silent = (passed += bytes.length) > (SILENCE_AFTER[silenced] ?? Infinity);
      if (silent) silenced += 1;
      else onward.write(bytes);
    });
    onward.on("data", (bytes) => {
      if (!silent) client.write(bytes);
    });
    for (const [socket, other] of [
      [client, onward],
      [onward, client],
    ] as const) {
      sockets.add(socket);
      socket.on("error", () => other.destroy());
      socket.on("close", () => other.destroy());
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    silenced: () => silenced,
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
