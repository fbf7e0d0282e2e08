import { expect } from "chai";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openStore } from "../../local/arm/store-lmdb";

const writer = `
require("ts-node/register/transpile-only");
const { openStore } = require("./local/arm/store-lmdb");
(async () => {
  const store = openStore(process.argv[1]);
  for (let i = 0; ; i++) {
    await store.put({ id: "/A/" + i, body: { i }, internal: { big: "x".repeat(2000) } });
    if (i > 0 && i % 3 === 0) await store.delete("/a/" + (i - 1));
    process.stdout.write(i + "\\n");
  }
})();
`;

describe("ARM's store", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "arm-store-"));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it("finds ids in any case and keeps the case they were written in", async () => {
    const store = openStore(join(folder, "arm"));
    await store.put({ id: "/Sub/One", body: { a: 1 }, internal: { s: 1 } });
    expect(store.get("/sUB/oNE")).to.deep.equal({ id: "/Sub/One", body: { a: 1 }, internal: { s: 1 } });
    await store.delete("/SUB/ONE");
    expect(store.get("/Sub/One")).to.equal(undefined);
    await store.close();
  });

  it("lists what begins with a prefix, in the order of ids, and nothing beside it", async () => {
    const store = openStore(join(folder, "arm"));
    for (const id of ["/a/b/2", "/a/b/10", "/a/bc", "/A/B/1", "/a/b", "/b"])
      await store.put({ id, body: {}, internal: {} });
    expect(store.list("/a/b/").map(({ id }) => id)).to.deep.equal(["/A/B/1", "/a/b/10", "/a/b/2"]);
    expect(store.list("/nothing")).to.deep.equal([]);
    await store.close();
  });

  it("loses nothing that was written when the process is killed at any moment", async function () {
    this.timeout(60_000);
    let expectedLast = -1;
    for (const afterLines of [1, 7, 40]) {
      const child = spawn(process.execPath, ["-e", writer, join(folder, "arm")], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      let told = "";
      let last = -1;
      child.stdout.on("data", (data: Buffer) => {
        told += data.toString();
        last = told.split("\n").length - 2;
        if (last >= afterLines) child.kill("SIGKILL");
      });
      await once(child, "exit");
      expectedLast = Math.max(expectedLast, last);
      const store = openStore(join(folder, "arm"));
      const kept = new Set(store.list("/a/").map(({ body }) => body["i"] as number));
      for (let i = 0; i <= last; i++) {
        const deleted = i % 3 === 2 && i + 1 <= last;
        expect(kept.has(i), `${i} of ${last}`).to.equal(!deleted);
      }
      await store.close();
      rmSync(join(folder, "arm"), { recursive: true, force: true });
    }
    expect(expectedLast).to.be.at.least(40);
  });
});
