import { expect } from "chai";
import { once } from "node:events";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { engineWatch } from "../../providers/generations/engine";

describe("the engine that a provider works for", () => {
  it("is there while it listens, and gone when it does no more", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const isGone = engineWatch(`127.0.0.1:${(server.address() as AddressInfo).port}`);
    expect(await isGone()).to.equal(false);
    server.close();
    await once(server, "close");
    expect(await isGone()).to.equal(true);
  });

  it("is not watched where it can't be reached from the beginning, or where there is none", async () => {
    for (const address of ["127.0.0.1:1", "rollout", ""])
      expect(await engineWatch(address)(), address).to.equal(false);
  });
});
