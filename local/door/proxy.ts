import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import { connect, type AddressInfo, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { destination, parseAuthority } from "./hosts";

export interface ProxyOptions {
  /** Port of the TLS door on 127.0.0.1. */
  readonly doorPort: number;
  /** Port to listen on; 0 for any that is free. */
  readonly port?: number;
  readonly log: (line: string) => void;
}

export interface Proxy {
  readonly port: number;
  /** Stops listening and cuts every tunnel. */
  close(): Promise<void>;
}

/**
 * The way in by real names: a CONNECT proxy on 127.0.0.1 that takes Azure's names to the TLS door and refuses all others, so that
 * nothing of a local run reaches a real cloud.
 */
export async function createProxy(options: ProxyOptions): Promise<Proxy> {
  const sockets = new Set<Duplex>();
  const keep = (socket: Duplex): void => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    // An error closes the socket, and closing is handled: without a listener it would end the process.
    socket.on("error", () => undefined);
  };

  const server = createServer((request, response) => {
    const target = hostOf(request);
    options.log(`refused plain HTTP to ${target}`);
    response.writeHead(403, { "content-type": "text/plain; charset=utf-8" });
    response.end(
      `The local Azure's proxy passes on HTTPS to Azure's own names only; ${target} was asked for over plain HTTP.\n`,
    );
  });
  server.on("connection", keep);
  server.on("connect", (request: IncomingMessage, client: Duplex, head: Buffer) => {
    const authority = parseAuthority(request.url, 443);
    if (authority?.port !== 443 || destination(authority.hostname) === undefined) {
      options.log(`refused a connection to ${printable(request.url)}`);
      refuse(client, request.url);
      return;
    }
    const door = connect({ host: "127.0.0.1", port: options.doorPort, allowHalfOpen: true, noDelay: true });
    keep(door);
    closeTogether(door, client);
    closeTogether(client, door);
    door.on("connect", () => {
      client.write("HTTP/1.1 200 Connection established\r\n\r\n");
      if (head.length > 0) door.write(head);
      // Each pipe passes on its side's end alone: the other direction goes on until it ends itself.
      client.pipe(door).pipe(client);
    });
  });
  server.on("clientError", (_error, client) => {
    if (client.writable) client.end("HTTP/1.1 400 Bad Request\r\nconnection: close\r\n\r\n");
  });

  server.listen(options.port ?? 0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      const closed = once(server, "close");
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/** A side that went away in the middle takes the other along; one that ended well leaves it time to send what is on its way. */
function closeTogether(from: Duplex, to: Duplex): void {
  from.on("close", () => {
    if (!from.readableEnded) to.destroy();
  });
}

function refuse(client: Duplex, target: string | undefined): void {
  const text =
    `The local Azure stands in for Azure's own names on port 443 only; ${printable(target)} is refused, ` +
    "so that nothing of a local run reaches another service. Loopback addresses need no proxy (NO_PROXY).\n";
  client.end(
    "HTTP/1.1 403 Forbidden\r\nconnection: close\r\ncontent-type: text/plain; charset=utf-8\r\n" +
      `content-length: ${Buffer.byteLength(text)}\r\n\r\n${text}`,
  );
  // A client that never ends its own side would hold the socket for ever.
  (client as Socket).setTimeout(5_000, () => client.destroy());
}

function hostOf(request: IncomingMessage): string {
  try {
    return printable(new URL(request.url ?? "").host);
  } catch {
    return printable(request.headers.host);
  }
}

/** As it may stand in a log line. */
function printable(text = "a nameless host"): string {
  return text.replace(/[^\x21-\x7e]/g, "?").slice(0, 200);
}
