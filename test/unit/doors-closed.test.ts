import { expect } from "chai";
import fastify, { type FastifyInstance } from "fastify";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { connect, createServer, type AddressInfo, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { connect as tlsConnect } from "node:tls";
import { openAuthority, type Authority } from "../../local/door/authority";
import { isOwnOrigin } from "../../local/door/origin";
import { createProxy, type Proxy } from "../../local/door/proxy";
import { createDoor, type Door } from "../../local/door/server";
import { addAdmin, createHttp } from "../../local/http";
import { statePaths } from "../../local/state";

const foreign = ["http://evil.example.com", "https://management.azure.com.evil.com", "null", "file://", "x"];

describe("doors that stay closed", () => {
  const folder = mkdtempSync(join(tmpdir(), "doors-"));
  let authority: Authority;
  let door: Door;
  let proxy: Proxy;
  let http: FastifyInstance;
  let httpPort: number;
  let bystander: Server;
  let visits = 0;
  const arm = fastify();

  before(async () => {
    authority = await openAuthority(statePaths(folder));
    arm.get("/who", async () => "arm");
    door = await createDoor({ authority, parts: { arm } });
    proxy = await createProxy({ doorPort: door.port, log: () => undefined });
    http = createHttp();
    http.get("/page", async () => "page");
    addAdmin(http, "right", { status: () => ({ changed: ++visits }) });
    await http.listen({ host: "127.0.0.1", port: 0 });
    httpPort = (http.server.address() as AddressInfo).port;
    // Somebody else's program on this machine.
    bystander = createServer((socket) => {
      visits += 1;
      socket.end("bystander");
    });
    bystander.listen(0, "127.0.0.1");
    await once(bystander, "listening");
  });
  after(async () => {
    bystander.close();
    await http.close();
    await proxy.close();
    await door.close();
    await arm.close();
    rmSync(folder, { recursive: true, force: true });
  });
  beforeEach(() => {
    visits = 0;
  });

  const plain = async (port: number, ...lines: string[]): Promise<string> => {
    const socket = connect({ host: "127.0.0.1", port });
    socket.write([...lines, "connection: close", "", ""].join("\r\n"));
    return await text(socket);
  };
  const statusOf = (answer: string): string => answer.slice("HTTP/1.1 ".length, "HTTP/1.1 200".length);

  it("the TLS door answers pages of this machine and of Azure's own names, and no other site's", async () => {
    const ask = async (host: string, origin?: string): Promise<string> => {
      const servername = "management.azure.com";
      const socket = tlsConnect({
        host: "127.0.0.1",
        port: door.port,
        servername,
        ca: authority.certificate,
      });
      const from = origin === undefined ? "" : `origin: ${origin}\r\n`;
      socket.write(`GET /who HTTP/1.1\r\nhost: ${host}\r\n${from}connection: close\r\n\r\n`);
      return statusOf(await text(socket));
    };
    const own = "management.azure.com";
    expect(await ask(own)).to.equal("200");
    expect(await ask(own, "https://management.azure.com")).to.equal("200");
    expect(await ask(own, "http://127.0.0.1:8080")).to.equal("200");
    for (const origin of foreign) expect(await ask(own, origin), origin).to.equal("403");
    for (const host of ["evil.example.com", "127.0.0.1", `${own}.`, `${own}.evil.com`, "[::1]", "localhost"])
      expect(await ask(host), host).to.equal("421");
  });

  it("the plain listener answers by its own name, to its own pages", async () => {
    const ask = async (host: string | undefined, origin?: string): Promise<string> =>
      statusOf(
        await plain(
          httpPort,
          "GET /page HTTP/1.1",
          ...(host === undefined ? [] : [`host: ${host}`]),
          ...(origin === undefined ? [] : [`origin: ${origin}`]),
        ),
      );
    for (const host of ["127.0.0.1", `127.0.0.1:${httpPort}`, `localhost:${httpPort}`])
      expect(await ask(host), host).to.equal("200");
    expect(await ask("127.0.0.1", `http://127.0.0.1:${httpPort}`)).to.equal("200");
    for (const host of [
      "evil.example.com",
      "127.0.0.1.evil.com",
      "localhost.evil.com",
      "127.0.0.2",
      "[::1]",
      "a@127.0.0.1",
    ])
      expect(await ask(host), host).to.equal("403");
    for (const origin of [...foreign, "https://management.azure.com"])
      expect(await ask("127.0.0.1", origin), origin).to.equal("403");
    expect(await ask(undefined)).to.equal("400");
  });

  it("administration answers to its own secret alone, and does nothing for who lacks it", async () => {
    const ask = async (...headers: string[]): Promise<string> =>
      statusOf(await plain(httpPort, "GET /admin/status HTTP/1.1", "host: 127.0.0.1", ...headers));
    for (const headers of [
      [],
      ["x-admin-secret: "],
      ["x-admin-secret: righ"],
      ["x-admin-secret: rightx"],
      ["authorization: Bearer right"],
      ["cookie: x-admin-secret=right"],
    ])
      expect(await ask(...headers), headers.join()).to.equal("401");
    expect(
      statusOf(await plain(httpPort, "GET /admin/status?x-admin-secret=right HTTP/1.1", "host: 127.0.0.1")),
    ).to.equal("401");
    expect(await ask("x-admin-secret: right", "origin: http://evil.example.com")).to.equal("403");
    expect(visits).to.equal(0);
    expect(await ask("x-admin-secret: right")).to.equal("200");
    expect(visits).to.equal(1);
  });

  it("the proxy tunnels to nothing but Azure's names on port 443", async () => {
    const { port } = bystander.address() as AddressInfo;
    const connectTo = async (target: string): Promise<string> => {
      const socket = connect({ host: "127.0.0.1", port: proxy.port });
      socket.write(`CONNECT ${target} HTTP/1.1\r\nhost: management.azure.com:443\r\n\r\n`);
      const [first] = (await once(socket, "data")) as [Buffer];
      socket.destroy();
      return statusOf(first.toString());
    };
    for (const target of ["management.azure.com:443", "MANAGEMENT.Azure.COM:443"])
      expect(await connectTo(target), target).to.equal("200");
    for (const target of [
      ...[`127.0.0.1:${port}`, `localhost:${port}`, `127.1:${port}`, `2130706433:${port}`, `0.0.0.0:${port}`],
      ...[`[::1]:${port}`, "[::1]:443", `[::ffff:127.0.0.1]:${port}`, "127.0.0.1:443", "169.254.169.254:443"],
      ...[
        "management.azure.com:80",
        `management.azure.com:${port}`,
        "management.azure.com:4430",
        "management.azure.com:",
      ],
      ...[
        "management.azure.com.:443",
        "management.azure.com%2eevil.com:443",
        "management.azure.com.evil.com:443",
      ],
      ...[
        "evil.com@management.azure.com:443",
        "management.azure.com@evil.com:443",
        "management.azure.com:443@evil.com:443",
      ],
      ...[
        "evil.com#management.azure.com:443",
        "https://management.azure.com:443",
        "management.azure.com:443/",
        "*:443",
        "azure.com:443",
      ],
    ])
      expect(await connectTo(target), target).to.be.oneOf(["403", "400"]);
    expect(visits).to.equal(0);
  });

  it("the proxy passes no plain HTTP on, wherever to", async () => {
    const { port } = bystander.address() as AddressInfo;
    for (const url of [
      `http://127.0.0.1:${port}/`,
      `http://localhost:${port}/`,
      "http://management.azure.com/",
      "https://management.azure.com/",
      "/",
      "ftp://127.0.0.1/",
    ])
      for (const method of ["GET", "POST", "OPTIONS"])
        expect(
          statusOf(await plain(proxy.port, `${method} ${url} HTTP/1.1`, `host: 127.0.0.1:${port}`)),
          url,
        ).to.equal("403");
    const upgrade = await plain(
      proxy.port,
      `GET http://127.0.0.1:${port}/ HTTP/1.1`,
      "host: x",
      "upgrade: websocket",
    );
    expect(upgrade).to.match(/^(HTTP\/1.1 403 |$)/);
    expect(visits).to.equal(0);
  });

  it("an origin is read as browsers write it", () => {
    for (const origin of [undefined, "http://localhost:3000", "https://mlstore1.blob.core.windows.net"])
      expect(isOwnOrigin(origin), origin).to.equal(true);
    for (const origin of [
      ...foreign,
      "",
      "http://management.azure.com",
      "ftp://localhost",
      "http://localhost.evil.com",
    ])
      expect(isOwnOrigin(origin), origin).to.equal(false);
  });
});
