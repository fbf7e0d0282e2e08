/**
 * Loaded into a process before its own program: notes every request that it sends over HTTP and every answer, kills it at one of them where
 * that is wanted, and lets its timers run faster, so that retries and time-outs need no minutes.
 */
import { subscribe } from "node:diagnostics_channel";
import { appendFileSync } from "node:fs";
import type { ClientRequest, IncomingMessage } from "node:http";
import { Socket } from "node:net";

/** Where it notes them, a line each: `sent PUT host/path`, `201 PUT host/path`. */
const file = process.env["WATCHED_FILE"] ?? "";
/** A pattern of the line that it is killed at. */
const killAt = process.env["WATCHED_KILL_AT"];
/** The how manieth of these lines that is, from 1 on. */
const killCount = Number(process.env["WATCHED_KILL_COUNT"] ?? 1);
const speed = Number(process.env["WATCHED_SPEED"] ?? 1);

let met = 0;

function note(what: string, request: ClientRequest): void {
  const line = `${what} ${request.method} ${request.host}${request.path}`;
  appendFileSync(file, `${line}\n`);
  if (killAt !== undefined && new RegExp(killAt).test(line) && ++met === killCount)
    process.kill(process.pid, "SIGKILL");
}

subscribe("http.client.request.start", (message) =>
  note("sent", (message as { request: ClientRequest }).request),
);
subscribe("http.client.response.finish", (message) => {
  const { request, response } = message as { request: ClientRequest; response: IncomingMessage };
  note(String(response.statusCode), request);
});

if (speed !== 1) {
  const waitFor = globalThis.setTimeout;
  const faster = (work: () => void, milliseconds = 0, ...rest: []): NodeJS.Timeout =>
    waitFor(work, milliseconds / speed, ...rest);
  globalThis.setTimeout = Object.assign(faster, waitFor);
  const idleFor = Object.getOwnPropertyDescriptor(Socket.prototype, "setTimeout")
    ?.value as Socket["setTimeout"];
  Socket.prototype.setTimeout = function (milliseconds, work) {
    return idleFor.call(this, milliseconds / speed, work);
  };
}
