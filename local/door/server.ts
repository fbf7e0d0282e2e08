import type { FastifyInstance } from "fastify";
import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { createSecureContext, type SecureContext } from "node:tls";
import type { Authority } from "./authority";
import { createEndpoints } from "./endpoints";
import { destination, parseAuthority, type Part } from "./hosts";
import { isOwnOrigin, loopback } from "./origin";

export interface DoorOptions {
  readonly authority: Authority;
  /** What serves each of Azure's names; none of them listens itself. */
  readonly parts: Readonly<Partial<Record<Part, FastifyInstance>>>;
  /** Port to listen on; 0 for any that is free. */
  readonly port?: number;
  /** Where what goes wrong inside is told. */
  readonly log?: (line: string) => void;
}

export interface Door {
  readonly port: number;
  /** Stops listening and cuts every connection. Closes none of the parts. */
  close(): Promise<void>;
}

/**
 * The TLS door on 127.0.0.1: a certificate for the name that the client asks for, and the request to the part that serves it. Who asks for
 * 127.0.0.1 itself finds all of it by path.
 */
export async function createDoor(options: DoorOptions): Promise<Door> {
  const { authority, parts } = options;
  await Promise.all(Object.values(parts).map(async (app) => await app.ready()));
  const contextFor = secureContexts(authority);
  let port = 0;
  const endpoints = createEndpoints(authority.certificate, () => port, options.log ?? (() => undefined));
  const server = createServer(
    {
      ...(await authority.leaf("localhost")),
      minVersion: "TLSv1.2",
      keepAliveTimeout: 75_000,
      // A model of some gigabytes may take longer to upload than Node's five minutes.
      requestTimeout: 0,
      SNICallback: (name, done) => {
        contextFor(name).then(
          (context) => done(null, context),
          (error: unknown) => done(error as Error),
        );
      },
    },
    (request, response) => {
      const authority = parseAuthority(request.headers.host, 443);
      const target = authority === undefined ? undefined : destination(authority.hostname);
      const app = target === undefined ? undefined : parts[target.part];
      const isLoopback = authority !== undefined && loopback.includes(authority.hostname);
      if (app === undefined && !isLoopback)
        refuse(request, response, 421, "The local Azure doesn't stand in for this host.\n");
      else if (!isOwnOrigin(request.headers.origin))
        refuse(request, response, 403, "The local Azure answers no other site's pages.\n");
      else if (app === undefined) endpoints.handle(request, response);
      else app.routing(request, response);
    },
  );
  server.on("tlsClientError", () => undefined);
  server.listen(options.port ?? 0, "127.0.0.1");
  await once(server, "listening");
  ({ port } = server.address() as AddressInfo);
  return {
    port,
    close: async () => {
      await endpoints.close();
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** TLS contexts by server name; all names that the authority doesn't vouch for share one. */
function secureContexts(authority: Authority): (name: string) => Promise<SecureContext> {
  const contexts = new Map<string, Promise<SecureContext>>();
  return (serverName) => {
    const name = destination(serverName) === undefined ? "localhost" : serverName.toLowerCase();
    let context = contexts.get(name);
    if (context === undefined) {
      context = authority.leaf(name).then((leaf) => createSecureContext({ ...leaf, minVersion: "TLSv1.2" }));
      contexts.set(name, context);
    }
    return context;
  };
}

function refuse(request: IncomingMessage, response: ServerResponse, status: number, text: string): void {
  request.resume();
  response.writeHead(status, { "content-type": "text/plain; charset=utf-8" });
  response.end(text);
}
