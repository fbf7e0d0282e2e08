import { createHttpHeaders, type HttpClient, type PipelineRequest } from "@azure/core-rest-pipeline";
import { AnonymousCredential, ContainerClient } from "@azure/storage-blob";
import { expect } from "chai";
import { createHash, randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import { setTimeout as wait } from "node:timers/promises";
import type { AssetFile } from "../../providers/assets/files";
import { BLOCK } from "../../providers/assets/send";
import { uploadFiles } from "../../providers/assets/upload";
import { deadlineIn } from "../../providers/clients/deadline";

const md5 = (bytes: Buffer): Buffer => createHash("md5").update(bytes).digest();

/** A container in memory; it breaks off for good after `writes` writes, and refuses one blob at once while it takes its time for the others. */
class MemoryContainer implements HttpClient {
  writes = Infinity;
  refused: string | undefined;
  begun = 0;
  ended = 0;
  readonly written: string[] = [];
  readonly blobs = new Map<string, { bytes: Buffer; sha256: string }>();
  private readonly staged = new Map<string, Map<string, Buffer>>();

  client(): ContainerClient {
    const options = { httpClient: this as never, retryOptions: { maxTries: 1 } };
    return new ContainerClient("https://st.blob.core.windows.net/c", new AnonymousCredential(), options);
  }

  async sendRequest(request: PipelineRequest) {
    const url = new URL(request.url);
    const name = decodeURIComponent(url.pathname.slice("/c/".length));
    const what = url.searchParams.get("comp") ?? "blob";
    this.begun += 1;
    if (this.refused !== undefined && name !== this.refused) await wait(5);
    this.ended += 1;
    const { status, body = "", headers = {} } = this.answer(request, name, what, url);
    const all = { "content-type": "application/xml", ...headers };
    // Storage's client speaks an older form of the pipeline's headers.
    return {
      request,
      status,
      headers: Object.assign(createHttpHeaders(all), { toJson: () => all }),
      bodyAsText: body,
    };
  }

  private answer(request: PipelineRequest, name: string, what: string, url: URL): Answer {
    const staged = this.staged.get(name) ?? new Map<string, Buffer>();
    if (request.method === "GET" && what === "list") return { status: 200, body: this.list() };
    if (request.method === "GET") {
      if (staged.size === 0) return { status: 404 };
      const blocks = [...staged].map(
        ([id, { length }]) => `<Block><Name>${id}</Name><Size>${length}</Size></Block>`,
      );
      const list = `<BlockList><UncommittedBlocks>${blocks.join("")}</UncommittedBlocks></BlockList>`;
      return { status: 200, body: list };
    }
    if (this.written.length >= this.writes || name === this.refused) return { status: 400 };
    this.written.push(`${what} ${name}`);
    const bytes = Buffer.from(request.body as Buffer);
    const sha256 = request.headers.get("x-ms-meta-sha256") ?? "";
    if (what === "block") {
      this.staged.set(name, staged.set(url.searchParams.get("blockid") ?? "", bytes));
      return { status: 201 };
    }
    const ids = what === "blocklist" ? [...bytes.toString().matchAll(/<Latest>(.*?)<\/Latest>/g)] : [];
    const whole =
      what === "blocklist"
        ? Buffer.concat(ids.map(([, id = ""]) => staged.get(id) ?? Buffer.alloc(0)))
        : bytes;
    this.blobs.set(name, { bytes: whole, sha256 });
    this.staged.delete(name);
    return { status: 201, headers: { "content-md5": md5(whole).toString("base64") } };
  }

  private list(): string {
    const blobs = [...this.blobs].map(
      ([name, { bytes, sha256 }]) =>
        `<Blob><Name>${name}</Name><Properties><Content-Length>${bytes.length}</Content-Length><Content-MD5>${md5(bytes).toString("base64")}</Content-MD5></Properties><Metadata><sha256>${sha256}</sha256></Metadata></Blob>`,
    );
    return `<?xml version="1.0"?><EnumerationResults><Blobs>${blobs.join("")}</Blobs><NextMarker/></EnumerationResults>`;
  }
}

interface Answer {
  readonly status: number;
  readonly body?: string;
  readonly headers?: Record<string, string>;
}

describe("an upload", () => {
  const large = randomBytes(3 * BLOCK + 5);
  const contents: Readonly<Record<string, Buffer>> = {
    large,
    empty: Buffer.alloc(0),
    ...Object.fromEntries(Array.from({ length: 6 }, (_, index) => [`small/${index}`, randomBytes(100)])),
  };
  const files = Object.entries(contents).map(([path, bytes]): AssetFile => ({
    path,
    length: bytes.length,
    open: async () => Readable.from([bytes.subarray(0, 70_000), bytes.subarray(70_000)]),
  }));
  const upload = async (store: MemoryContainer, sent = files): Promise<string> =>
    await uploadFiles(store.client(), "p/", sent, deadlineIn(1), () => undefined);
  /** 7 small ones, 4 blocks, a list of blocks. */
  const ALL = 12;

  it("brings every byte, once, and nothing when it is there", async () => {
    const store = new MemoryContainer();
    const digest = await upload(store);
    expect(store.written).to.have.length(ALL);
    for (const [path, bytes] of Object.entries(contents))
      expect(store.blobs.get(`p/${path}`)?.bytes.equals(bytes)).to.equal(true);
    expect(await upload(store)).to.equal(digest);
    expect(store.written).to.have.length(ALL);
  });

  it("that is cut off at any point sends only what is missing, block by block", async () => {
    for (const writes of [0, 4, 8, 10, ALL - 1]) {
      const store = new MemoryContainer();
      store.writes = writes;
      const failed = await upload(store).then(
        () => false,
        () => true,
      );
      expect(failed).to.equal(true);
      store.writes = Infinity;
      await upload(store);
      expect([...store.written].sort(), `cut after ${writes}`).to.have.length(ALL);
      expect(store.blobs.get("p/large")?.bytes.equals(large)).to.equal(true);
    }
  });

  it("begins nothing more once a file has failed, and ends when what is under way has ended", async () => {
    const store = new MemoryContainer();
    store.refused = "p/refused";
    const small = (path: string): AssetFile => ({
      path,
      length: 4,
      open: async () => Readable.from([Buffer.from("some")]),
    });
    const others = Array.from({ length: 200 }, (_, index) => small(`other/${index}`));
    const failure = await upload(store, [...files.slice(0, 1), small("refused"), ...others]).catch(
      (error: Error) => error.message,
    );
    expect(failure).to.contain("p/refused");
    expect(store.ended).to.equal(store.begun);
    expect(store.written.length).to.be.lessThan(32);
    expect(store.blobs.has("p/large"), "a file of many blocks").to.equal(false);
    const { begun } = store;
    await wait(50);
    expect(store.begun).to.equal(begun);
  });

  it("tells a file that is there from another of its length by the SHA-256 that the store has", async () => {
    const store = new MemoryContainer();
    const known = (bytes: Buffer): AssetFile => ({
      path: "one",
      length: bytes.length,
      sha256: createHash("sha256").update(bytes).digest(),
      open: async () => Readable.from([bytes]),
    });
    await upload(store, [known(Buffer.from("before"))]);
    await upload(store, [known(Buffer.from("before"))]);
    expect(store.written).to.have.length(1);
    await upload(store, [known(Buffer.from("behind"))]);
    expect(store.blobs.get("p/one")?.bytes.toString()).to.equal("behind");
    store.blobs.set("p/one", { bytes: Buffer.from("behind"), sha256: "" });
    await upload(store, [known(Buffer.from("behind"))]);
    expect(store.written, "of what nobody says whose it is").to.have.length(3);
  });

  it("of a file that is shorter, longer or other than it was said to be fails", async () => {
    for (const length of [large.length - 1, large.length + 1]) {
      const message = await upload(new MemoryContainer(), [{ ...(files[0] as AssetFile), length }]).catch(
        (error: Error) => error.message,
      );
      expect(message).to.contain("large: changed while the command ran");
    }
  });
});
