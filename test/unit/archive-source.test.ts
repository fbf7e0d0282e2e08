import { createHttpHeaders, type HttpClient, type PipelineRequest } from "@azure/core-rest-pipeline";
import { expect } from "chai";
import { Readable } from "node:stream";
import { digestOf, textFile } from "../../providers/assets/files";
import { download } from "../../providers/clients/download";
import { archiveSource } from "../../providers/models/archive-source";
import type { ModelSource } from "../../providers/models/source";
import { archiveOf } from "../helpers/archives";

/** A server of one file, which moved to another host. */
class Server implements HttpClient {
  headers: Record<string, string> = { etag: '"1"' };
  status = 200;
  readonly asked: PipelineRequest[] = [];

  constructor(private readonly file: Buffer) {}

  async sendRequest(request: PipelineRequest) {
    this.asked.push(request);
    const { hostname } = new URL(request.url);
    if (hostname === "example.com") {
      const location = "https://files.example.net/moved";
      return { request, status: 302, headers: createHttpHeaders({ location }) };
    }
    const headers = createHttpHeaders(this.headers);
    const body = { readableStreamBody: Readable.from([this.file]) };
    return { request, status: this.status, headers, ...(this.status === 200 ? body : {}) };
  }
}

const entry = { name: "model.pkl", bytes: Buffer.from("weights") };
const soon = (): AbortSignal => AbortSignal.timeout(30_000);
const token = { getToken: () => Promise.resolve({ token: "planted", expiresOnTimestamp: Infinity }) };

function from(server: Server, url: string): ModelSource {
  const options = { httpClient: server, credential: () => token };
  return archiveSource({ download: (address, within) => download(address, within, options) }, url);
}

describe("an archive by HTTPS", () => {
  for (const kind of ["zip", "tar", "tar.gz"] as const)
    it(`in the form ${kind} has the digest of what is in it`, async () => {
      const source = from(
        new Server(archiveOf(kind, [entry])),
        `https://example.com/a/model.${kind}?token=planted`,
      );
      expect(digestOf((await source.files()) as never)).to.equal(
        digestOf([textFile("model.pkl", "weights")]),
      );
      expect(await source.lineage()).to.deep.equal({ source: `https://example.com/a/model.${kind}` });
    });

  it("is for a plan another when its server says so, and is not read for that", async () => {
    const server = new Server(Buffer.from("not even an archive"));
    const plan = async (headers: Record<string, string>): Promise<string | undefined> => {
      server.headers = headers;
      return (await from(server, "https://example.com/model.zip?token=planted").identify(soon())).address;
    };
    const first = await plan({ etag: '"1"' });
    expect(first).to.match(/^https:\/\/example\.com\/model\.zip#[0-9a-f]{64}$/);
    expect(await plan({ etag: '"1"', "last-modified": "later" })).to.equal(first);
    expect(await plan({ etag: '"2"' })).to.not.equal(first);
    const timed = await plan({ "last-modified": "now", "content-length": "19" });
    expect(await plan({ "last-modified": "now", "content-length": "20" })).to.not.equal(timed);
    const failed = await plan({}).catch((error: Error) => error.message);
    expect(failed).to.contain("neither an ETag").and.to.contain("`path`").and.not.to.contain("planted");
  });

  it("is asked as whoever runs the command only where it is a blob without a signature", async () => {
    const signedIn = async (url: string): Promise<boolean[]> => {
      const server = new Server(archiveOf("zip", [entry]));
      await from(server, url).files();
      return server.asked.map(({ headers }) => headers.has("authorization"));
    };
    expect(await signedIn("https://stchurn.blob.core.windows.net/c/model.zip")).to.deep.equal([true]);
    expect(await signedIn("https://stchurn.blob.core.windows.net/c/model.zip?sig=planted")).to.deep.equal([
      false,
    ]);
    expect(await signedIn("https://example.com/model.zip")).to.deep.equal([false, false]);
  });

  it("that isn't there is refused by its address, without what opens it", async () => {
    const server = new Server(Buffer.alloc(0));
    server.status = 404;
    const refused = await from(server, "https://example.com/model.zip?token=planted")
      .files()
      .then(String, (error: Error) => error.message);
    expect(refused)
      .to.contain("https://example.com/model.zip: the server answers 404")
      .and.not.to.contain("planted");
  });
});
