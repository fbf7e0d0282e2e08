import fastify, { type FastifyInstance } from "fastify";
import { request as send } from "node:http";

/**
 * Takes a service's requests, as they are, to whatever stands in for it on this machine.
 *
 * @param address `http://127.0.0.1:…`
 */
export function createStandIn(address: string): FastifyInstance {
  const app = fastify();
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", (_request, _body, done) => done(null));
  app.all("/*", (request, reply) => {
    void reply.hijack();
    const { method, headers, url } = request.raw;
    const onward = send(`${address}${url ?? ""}`, { method, headers }, (answer) => {
      reply.raw.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
      answer.pipe(reply.raw);
    });
    onward.on("error", () => reply.raw.destroy());
    request.raw.pipe(onward);
  });
  return app;
}
