import { expect } from "chai";
import fastify from "fastify";
import { X509Certificate } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { connect as tlsConnect, type TLSSocket } from "node:tls";
import { openAuthority, type Authority } from "../../local/door/authority";
import { destination, parseAuthority } from "../../local/door/hosts";
import { createProxy, type Proxy } from "../../local/door/proxy";
import { createDoor, type Door } from "../../local/door/server";
import { statePaths, type StatePaths } from "../../local/state";

describe("host names", () => {
  it("lead to the part that stands for them, with their pieces", () => {
    expect(destination("management.azure.com")).to.deep.equal({ part: "arm" });
    expect(destination("Login.MicrosoftOnline.com")).to.deep.equal({ part: "identity" });
    expect(destination("login.windows.net")).to.deep.equal({ part: "identity" });
    expect(destination("mlstore1.blob.core.windows.net")).to.deep.equal({
      part: "blobs",
      account: "mlstore1",
    });
    expect(destination("westeurope.api.azureml.ms")).to.deep.equal({ part: "mlflow", region: "westeurope" });
    expect(destination("my-endpoint.westeurope.inference.ml.azure.com")).to.deep.equal({
      part: "scoring",
      endpoint: "my-endpoint",
      region: "westeurope",
    });
    expect(destination("adb-1234567890123456.7.azuredatabricks.net")).to.deep.equal({
      part: "databricks",
      workspace: "adb-1234567890123456.7",
    });
  });

  it("that are anything else lead nowhere", () => {
    for (const name of [
      "",
      "example.com",
      "azure.com",
      "management.azure.com.evil.com",
      "evil-management.azure.com",
      "ab.blob.core.windows.net",
      "a.b.blob.core.windows.net",
      "With_Underscore.blob.core.windows.net",
      "store.queue.core.windows.net",
      "inference.ml.azure.com",
      "azuredatabricks.net",
      "accounts.azuredatabricks.net",
      "-x.westeurope.inference.ml.azure.com",
      "127.0.0.1",
    ])
      expect(destination(name), name).to.equal(undefined);
  });

  it("are read with and without a port", () => {
    expect(parseAuthority("A.com:8443", 443)).to.deep.equal({ hostname: "a.com", port: 8443 });
    expect(parseAuthority("a.com", 443)).to.deep.equal({ hostname: "a.com", port: 443 });
    for (const wrong of [undefined, "", "a b", "a:b", "a:1:2", "user@a"])
      expect(parseAuthority(wrong, 443), wrong).to.equal(undefined);
  });
});

describe("the door", () => {
  let folder: string;
  let paths: StatePaths;
  let authority: Authority;
  let door: Door;
  let proxy: Proxy;
  const log: string[] = [];
  const arm = fastify();
  const blobs = fastify();

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "door-"));
    paths = statePaths(folder);
    authority = await openAuthority(paths);
    arm.get("/who", async () => "arm");
    blobs.get("/who", async (request) => `blobs ${request.hostname}`);
    door = await createDoor({ authority, parts: { arm, blobs } });
    proxy = await createProxy({ doorPort: door.port, log: (line) => log.push(line) });
  });
  after(async () => {
    await proxy.close();
    await door.close();
    await arm.close();
    await blobs.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const tls = async (servername: string): Promise<TLSSocket> => {
    const socket = tlsConnect({ host: "127.0.0.1", port: door.port, servername, ca: authority.certificate });
    await once(socket, "secureConnect");
    return socket;
  };
  const get = async (servername: string, host = servername): Promise<string> => {
    const socket = await tls(servername);
    socket.write(`GET /who HTTP/1.1\r\nhost: ${host}\r\nconnection: close\r\n\r\n`);
    return await text(socket);
  };

  it("shows a certificate for whichever of Azure's names is asked for", async () => {
    for (const name of [
      "management.azure.com",
      "mlstore1.blob.core.windows.net",
      `${"e".repeat(32)}.northcentralus.inference.ml.azure.com`,
      "localhost",
    ]) {
      const socket = await tls(name);
      expect(socket.authorized, name).to.equal(true);
      expect(socket.getPeerCertificate().subjectaltname).to.contain(name);
      socket.destroy();
    }
  });

  it("vouches for no other name", async () => {
    const failure = tlsConnect({
      host: "127.0.0.1",
      port: door.port,
      servername: "example.com",
      ca: authority.certificate,
    });
    const [error] = (await once(failure, "error")) as [NodeJS.ErrnoException];
    expect(error.code).to.equal("ERR_TLS_CERT_ALTNAME_INVALID");
  });

  it("keeps one authority for ten years, its key for its owner alone", async () => {
    const certificate = new X509Certificate(authority.certificate);
    const years = (Date.parse(certificate.validTo) - Date.now()) / (365 * 24 * 60 * 60 * 1000);
    expect(years).to.be.within(9.9, 10.1);
    expect(certificate.ca).to.equal(true);
    expect(statSync(paths.authorityKey).mode & 0o777).to.equal(0o600);
    expect((await openAuthority(paths)).certificate).to.equal(authority.certificate);
    const leaf = new X509Certificate((await authority.leaf("management.azure.com")).cert);
    expect(leaf.verify(certificate.publicKey)).to.equal(true);
  });

  it("takes a request to the part that its Host header names, whatever name the connection was made for", async () => {
    expect(await get("management.azure.com")).to.match(/^HTTP\/1.1 200 .*\r\n\r\narm$/s);
    expect(await get("management.azure.com", "mlstore1.blob.core.windows.net:443")).to.match(
      /blobs mlstore1\.blob\.core\.windows\.net$/,
    );
  });

  it("answers 421 for a host that it doesn't stand for", async () => {
    for (const host of ["example.com", "login.microsoftonline.com", "127.0.0.2"])
      expect(await get("management.azure.com", host)).to.match(/^HTTP\/1.1 421 /);
  });

  it("takes a request at 127.0.0.1 to the part that its path names, which answers for itself", async () => {
    // An account called `who`, of which the blobs here have nothing.
    expect(await get("localhost", "127.0.0.1")).to.match(
      /^HTTP\/1.1 404 .*"message":"Route GET:\/ not found"/s,
    );
  });

  describe("as a proxy", () => {
    const tunnel = async (target: string, port = proxy.port): Promise<{ socket: Socket; answer: string }> => {
      const socket = connect({ host: "127.0.0.1", port, allowHalfOpen: true });
      socket.write(`CONNECT ${target} HTTP/1.1\r\nhost: ${target}\r\n\r\n`);
      const [first] = (await once(socket, "data")) as [Buffer];
      return { socket, answer: first.toString() };
    };

    it("takes Azure's names to the door", async () => {
      const { socket, answer } = await tunnel("management.azure.com:443");
      expect(answer).to.match(/^HTTP\/1.1 200 /);
      const secure = tlsConnect({ socket, servername: "management.azure.com", ca: authority.certificate });
      secure.write("GET /who HTTP/1.1\r\nhost: management.azure.com\r\nconnection: close\r\n\r\n");
      expect(await text(secure)).to.match(/arm$/);
    });

    it("refuses every other name and port, says so, and logs it", async () => {
      for (const target of ["example.com:443", "management.azure.com:80", "127.0.0.1:443", "pypi.org:443"]) {
        log.length = 0;
        const { socket, answer } = await tunnel(target);
        expect(answer).to.match(/^HTTP\/1.1 403 /);
        expect(answer).to.contain(`${target} is refused`);
        expect(log).to.deep.equal([`refused a connection to ${target}`]);
        socket.destroy();
      }
    });

    it("refuses plain HTTP", async () => {
      const socket = connect({ host: "127.0.0.1", port: proxy.port });
      socket.write(
        "GET http://management.azure.com/ HTTP/1.1\r\nhost: management.azure.com\r\nconnection: close\r\n\r\n",
      );
      const answer = await text(socket);
      expect(answer).to.match(/^HTTP\/1.1 403 /);
      expect(answer).to.contain("management.azure.com was asked for over plain HTTP");
    });

    describe("to a door that only echoes", () => {
      let echo: Server;
      let echoing: Proxy;
      const open = new Set<Socket>();

      before(async () => {
        echo = createServer({ allowHalfOpen: true }, (socket) => {
          open.add(socket);
          socket.on("close", () => open.delete(socket));
          socket.on("error", () => undefined);
          socket.pipe(socket);
        });
        echo.listen(0, "127.0.0.1");
        await once(echo, "listening");
        echoing = await createProxy({ doorPort: (echo.address() as AddressInfo).port, log: () => undefined });
      });
      after(async () => {
        await echoing.close();
        echo.close();
      });

      it("passes on the end of one direction and all that still comes back in the other", async () => {
        const { socket } = await tunnel("management.azure.com:443", echoing.port);
        const sent = Buffer.alloc(4 * 1024 * 1024, "x");
        socket.end(sent);
        const received = Buffer.from(await text(socket));
        expect(received.length).to.equal(sent.length);
      });

      it("cuts the other side when one is aborted, and leaks none", async () => {
        const sockets = await Promise.all(
          Array.from(
            { length: 50 },
            async () => (await tunnel("management.azure.com:443", echoing.port)).socket,
          ),
        );
        expect(open.size).to.equal(50);
        for (const socket of sockets) socket.resetAndDestroy();
        const deadline = Date.now() + 2000;
        while (open.size > 0 && Date.now() < deadline)
          await new Promise((resolve) => setTimeout(resolve, 10));
        expect(open.size).to.equal(0);
      });

      it("survives a door that is gone", async () => {
        const gone = await createProxy({ doorPort: 1, log: () => undefined });
        const socket = connect({ host: "127.0.0.1", port: gone.port });
        socket.write("CONNECT management.azure.com:443 HTTP/1.1\r\nhost: management.azure.com\r\n\r\n");
        expect(await text(socket)).to.equal("");
        await gone.close();
      });
    });
  });
});
