import fastify, { type FastifyInstance } from "fastify";
import { timingSafeEqual } from "node:crypto";
import type { Json } from "./json";
import { UserError } from "./user-error";

/**
 * The plain listener on 127.0.0.1, for browsers and managed-identity clients. A page of another site must not reach it through the
 * browser: foreign Host and Origin headers are refused.
 */
export function createHttp(): FastifyInstance {
  const app = fastify({ forceCloseConnections: true });
  app.addHook("onRequest", async (request, reply) => {
    const { host, origin } = request.headers;
    const own = (name: string): boolean => /^(127\.0\.0\.1|localhost)(:\d+)?$/.test(name);
    if (
      host === undefined ||
      !own(host) ||
      (origin !== undefined && !own(origin.replace(/^http:\/\//, "")))
    ) {
      await reply.code(403).type("text/plain").send("This address answers to 127.0.0.1 only.\n");
    }
  });
  return app;
}

/** `/admin/NAME` for each entry, answered only to the holder of the admin secret; a PUT gives it its JSON body. */
export function addAdmin(
  app: FastifyInstance,
  adminSecret: string,
  answers: Readonly<Record<string, (body: Json | undefined) => unknown>>,
): void {
  const secret = Buffer.from(adminSecret);
  for (const [name, answer] of Object.entries(answers)) {
    const url = `/admin/${name}`;
    app.route<{ Body: Json | undefined }>({
      method: ["GET", "PUT"],
      url,
      handler: async (request, reply) => {
        const given = Buffer.from(String(request.headers["x-admin-secret"] ?? ""));
        if (given.length !== secret.length || !timingSafeEqual(given, secret))
          return await reply.code(401).send("The admin secret is missing.\n");
        try {
          return await answer(request.body);
        } catch (error) {
          if (error instanceof UserError) return await reply.code(400).send(error.message);
          throw error;
        }
      },
    });
  }
}
