import { createPipelineRequest } from "@azure/core-rest-pipeline";
import { expect } from "chai";
import execa from "execa";
import { mkdtempSync, rmSync } from "node:fs";
import { once } from "node:events";
import { createServer as createProxy, type IncomingMessage } from "node:http";
import { createServer } from "node:https";
import { connect, type AddressInfo, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { plainEnvironment } from "../../local/children";
import { openAuthority } from "../../local/door/authority";
import { statePaths } from "../../local/state";
import { httpClient } from "../../providers/clients/http";
import { passesProxy } from "../../providers/clients/proxy";
import { retryAfter } from "../../providers/clients/retry-after";
import { packageRoot } from "../../tools/paths";
import { failure } from "../helpers/failure";

interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: object;
}

const fine: Answer = { status: 200, body: { name: "it" } };
const fault = (status: number, headers: Record<string, string> = {}): Answer => ({
  status,
  headers,
  body: { error: { code: "Planned", message: "as planned" }, message: "as planned" },
});

/** What the service answers, by the last part of the path; the last answer again and again. */
const ANSWERS: Readonly<Record<string, () => readonly Answer[]>> = {
  seconds: () => [fault(429, { "retry-after": "1" }), fine],
  date: () => [fault(503, { "retry-after": new Date(Date.now() + 2_000).toUTCString() }), fine],
  milliseconds: () => [fault(429, { "x-ms-retry-after-ms": "300" }), fine],
  plain: () => [fault(503, { "retry-after-ms": "200" }), fine],
  revoked: () => [fault(401), fine],
  refused: () => [fault(401, { "x-ms-request-id": "req-1" })],
  claims: () => [
    fault(401, {
      "www-authenticate": `Bearer error="insufficient_claims", claims="${Buffer.from('{"access_token":{"nbf":{"value":"1"}}}').toString("base64")}"`,
    }),
    fine,
  ],
  ending: () => [fine],
  again: () => [fine],
  forbidden: () => [fault(403, { "x-ms-correlation-request-id": "corr-2" })],
  client: () => [fault(409, { "x-ms-client-request-id": "client-3" })],
};

/** The providers' client of ARM, and a credential that counts its tokens; the second is the first that is good for long. */
const CLIENT = `
const { createArm } = require("./dist/providers/clients/arm");
const { renewable } = require("./dist/providers/clients/credential");
(async () => {
  const outcomes = {};
  for (const name of JSON.parse(process.env.NAMES)) {
    let made = 0, asked = 0, claims = false;
    const credential = renewable(async () => {
      made += 1;
      return { getToken: async (scopes, options) => {
        asked += 1;
        claims ||= Boolean(options?.claims);
        const minutes = name === "ending" && asked === 1 ? 1 : 60;
        return { token: "planted-token-" + asked, expiresOnTimestamp: Date.now() + minutes * 60_000 };
      } };
    });
    const arm = createArm({ credential });
    const begun = Date.now();
    let error;
    const turns = name === "ending" || name === "again" ? 2 : 1;
    try {
      for (let turn = 0; turn < turns; turn += 1) await arm.read("/subscriptions/s/" + name, { apiVersion: "1", query: { sig: "planted-query" } });
    } catch (caught) {
      error = String(caught.message) + String(caught.stack);
    }
    outcomes[name] = { made, asked, claims, took: Date.now() - begun, error };
  }
  console.log(JSON.stringify(outcomes));
})().catch((error) => console.log(JSON.stringify({ thrown: error.message })));`;

interface Outcome {
  readonly made: number;
  readonly asked: number;
  readonly claims: boolean;
  readonly took: number;
  readonly error?: string;
}

describe("a request of the providers, to a real server behind a real proxy", function () {
  this.timeout(60_000);
  const folder = mkdtempSync(join(tmpdir(), "requests-"));
  const paths = statePaths(folder);
  const password = "planted p@ss:wörd";
  const seen = new Map<string, string[]>();
  const sockets = new Set<Socket>();
  let service: ReturnType<typeof createServer>;
  let connects = 0;
  const proxy = createProxy();

  before(async () => {
    const left = new Map<string, Answer[]>();
    service = createServer(await (await openAuthority(paths)).leaf("management.azure.com"));
    service.on("request", (request, response) => {
      const name = new URL(request.url ?? "", "https://x").pathname.split("/").at(-1) ?? "";
      seen.set(name, [...(seen.get(name) ?? []), String(request.headers.authorization)]);
      const answers = left.get(name) ?? [...(ANSWERS[name]?.() ?? [])];
      left.set(name, answers);
      const { status, headers, body } = (answers.length > 1 ? answers.shift() : answers[0]) ?? fine;
      response.writeHead(status, { "content-type": "application/json", ...headers });
      response.end(JSON.stringify(body));
    });
    service.listen(0, "127.0.0.1");
    proxy.on("connect", (request: IncomingMessage, client: Socket) => {
      const wanted = `Basic ${Buffer.from(`ann:${password}`).toString("base64")}`;
      if (request.headers["proxy-authorization"] !== wanted)
        return client.end("HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n");
      connects += 1;
      const onward = connect((service.address() as AddressInfo).port, "127.0.0.1");
      for (const socket of [client, onward]) sockets.add(socket.on("error", () => socket.destroy()));
      client.write("HTTP/1.1 200 Connection established\r\n\r\n");
      return client.pipe(onward).pipe(client);
    });
    proxy.listen(0, "127.0.0.1");
    await Promise.all([once(service, "listening"), once(proxy, "listening")]);
  });
  after(() => {
    for (const socket of sockets) socket.destroy();
    service?.close();
    proxy.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const address = (user: string): string =>
    `http://${user}@127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  const ask = async <T>(names: readonly string[], environment: NodeJS.ProcessEnv): Promise<T> => {
    const { stdout } = await execa(process.execPath, ["-e", CLIENT], {
      cwd: packageRoot(),
      env: plainEnvironment({ NAMES: JSON.stringify(names), ...environment }),
      extendEnv: false,
    });
    return JSON.parse(stdout) as T;
  };
  const through = (user: string): NodeJS.ProcessEnv => ({
    HTTPS_PROXY: address(user),
    NODE_EXTRA_CA_CERTS: paths.authorityCertificate,
  });
  const known = `ann:${encodeURIComponent(password)}`;

  it("waits as long as the service wants, signs in again in time, and names what support asks for", async () => {
    const outcomes = await ask<Record<string, Outcome>>(Object.keys(ANSWERS), through(known));
    const of = (name: string): Outcome => outcomes[name] ?? expect.fail(`no outcome of ${name}`);
    expect(of("seconds").took).to.be.within(1_000, 5_000);
    expect(of("date").took).to.be.within(900, 6_000);
    expect(of("milliseconds").took).to.be.within(300, 5_000);
    expect(of("plain").took).to.be.within(200, 5_000);
    for (const name of ["seconds", "date", "milliseconds", "plain"]) {
      expect(seen.get(name), name).to.have.length(2);
      expect(of(name), name).to.include({ made: 1, asked: 1 });
    }
    // Kept while it is good, fetched again shortly before its end.
    expect(of("again").asked).to.equal(1);
    expect(of("ending").asked).to.equal(2);
    // A token that is refused is renewed once.
    expect(of("revoked")).to.include({ made: 2, asked: 2 });
    expect(seen.get("revoked")).to.deep.equal(["Bearer planted-token-1", "Bearer planted-token-2"]);
    expect(seen.get("refused")).to.have.length(2);
    expect(of("claims")).to.include({ claims: true, made: 1, asked: 2 });
    expect(seen.get("claims")).to.have.length(2);
    expect(of("refused").error).to.contain("correlation id req-1");
    expect(of("forbidden").error).to.contain("correlation id corr-2").and.to.contain("403 Planned");
    expect(of("client").error).to.contain("correlation id client-3");
    expect(JSON.stringify(outcomes)).to.not.contain("planted-");
    expect(connects).to.be.greaterThan(0);
  });

  it("says that the proxy wants another password, and shows none", async () => {
    const { again } = await ask<Record<string, Outcome>>(["again"], through("ann:planted-wrong"));
    expect(again?.error).to.contain("HTTP 407").and.to.contain("HTTPS_PROXY").and.to.not.contain("planted");
  });

  it("says that the proxy's address is none, and doesn't show it", async () => {
    const said = await ask<{ thrown: string }>(["again"], { HTTPS_PROXY: "ann:planted@proxy:3128" });
    expect(said.thrown).to.contain("HTTPS_PROXY").and.to.contain("%40").and.to.not.contain("planted");
  });

  it("refuses a certificate of an authority that the machine does not know", async () => {
    const { again } = await ask<Record<string, Outcome>>(["again"], { HTTPS_PROXY: address(known) });
    expect(again?.error).to.contain("certificate").and.to.not.contain("planted");
  });
});

describe("the time of a request", () => {
  /** It answers `/stream` with a beginning alone, and else nothing. */
  const server = createProxy((request, response) => {
    if (request.url === "/stream") response.write("begun");
  });
  let url: string;
  before(async () => {
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });

  it("is its own: it is given up in words, and is what it was for another try", async () => {
    const request = createPipelineRequest({ url, timeout: 100, allowInsecureConnection: true });
    for (let turn = 0; turn < 2; turn += 1) {
      const error = await failure(httpClient().sendRequest(request));
      expect(error).to.include({ code: "ETIMEDOUT" });
      expect(error.message).to.contain("has not answered within 0.1 s");
    }
  });

  it("ends when its caller calls it off, before an answer and in the middle of one", async () => {
    for (const path of ["/", "/stream"]) {
      const caller = new AbortController();
      const request = createPipelineRequest({
        url: `${url}${path}`,
        timeout: 5_000,
        allowInsecureConnection: true,
        abortSignal: caller.signal,
        streamResponseStatusCodes: new Set([200]),
      });
      setTimeout(() => caller.abort(), 200);
      const error = await failure(
        httpClient()
          .sendRequest(request)
          .then(async ({ readableStreamBody }) => await once(readableStreamBody ?? expect.fail(), "end")),
      );
      expect(`${error.name}: ${error.message}`, path).to.match(/AbortError|aborted/);
    }
  });
});

describe("what passes the proxy", () => {
  it("is what NO_PROXY names, as other programs read it", () => {
    const blob = "https://st.blob.core.windows.net/c";
    for (const entry of [
      "*",
      "blob.core.windows.net",
      ".windows.net",
      "*.windows.net",
      "x, st.blob.core.windows.net",
      "WINDOWS.NET:443",
    ])
      expect(passesProxy(blob, entry), entry).to.equal(true);
    for (const entry of [
      undefined,
      "",
      "ndows.net",
      "blob.core.windows.net.example",
      "windows.net:8443",
      "other",
    ])
      expect(passesProxy(blob, entry), String(entry)).to.equal(false);
  });
});

describe("when to ask again", () => {
  it("is what the service says, in whichever way", () => {
    const at = (headers: Record<string, string>) => retryAfter({ get: (name) => headers[name] }, 0);
    expect(at({ "retry-after": "7" })).to.equal(7_000);
    expect(at({ "retry-after": new Date(5_000).toUTCString() })).to.equal(5_000);
    expect(at({ "retry-after": new Date(-5_000).toUTCString() })).to.equal(0);
    expect(at({ "x-ms-retry-after-ms": "20", "retry-after": "7" })).to.equal(20);
    expect(at({ "retry-after-ms": "30" })).to.equal(30);
    expect(at({ "retry-after": "soon" })).to.equal(undefined);
    expect(at({})).to.equal(undefined);
  });
});
