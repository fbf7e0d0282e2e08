import { createHash, randomUUID } from "node:crypto";
import type { StoreKind } from "../../providers/clients/databricks-upload";

type Headers = Readonly<Record<string, string | string[] | undefined>>;

interface Signed {
  readonly file: string;
  readonly kind: StoreKind;
  /** Of an upload in parts. */
  readonly part?: string;
  uses: number;
}

export interface StoreAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What Databricks' requests for writing have in common. */
export interface WriteAsked {
  readonly run_id: string;
  readonly path: string | readonly string[];
  readonly num_parts?: number;
  readonly part_number?: number | string;
  readonly upload_id?: string;
  readonly part_etags?: readonly { readonly part_number: number; readonly etag: string }[];
}

/**
 * The stores behind Databricks, and the addresses in them that it signs: blob storage's blocks, Data Lake Storage's appends, S3's objects and parts,
 * by their public references. Nothing is a file before its last request. How the real ones are set up is not known here.
 */
export class DatabricksStore {
  /** What a workspace of this kind signs. */
  kind: StoreKind | "GCP_SIGNED_URL" = "AZURE_SAS_URI";
  /** Requests after which an address has run out. */
  uses = Number.POSITIVE_INFINITY;
  /** Every request at a signed address, without the signature. */
  readonly asked: string[] = [];
  /** Status that a request is answered with instead. */
  before: (request: string) => number | undefined = () => undefined;

  private readonly signed = new Map<string, Signed>();
  /** Bytes that are in no file yet, by file and block, position or part. */
  private readonly staged = new Map<string, Map<string, Buffer>>();

  /** @param keep takes `RUN/PATH` of a file that is whole */
  constructor(
    private readonly host: string,
    private readonly keep: (file: string, bytes: Buffer) => Promise<void>,
  ) {}

  /** Databricks' answer to a request below `api/2.0/mlflow/`; undefined where it is about something else. */
  async api(path: string, { run_id, ...asked }: WriteAsked): Promise<object | undefined> {
    const file = `${run_id}/${String(asked.path)}`;
    if (path === "artifacts/credentials-for-write")
      return {
        credential_infos: [asked.path].flat().map((one) => ({
          run_id,
          path: one,
          ...this.sign({ file: `${run_id}/${String(one)}` }),
        })),
      };
    if (path === "artifacts/create-multipart-upload")
      return {
        upload_id: "u1",
        upload_credential_infos: Array.from({ length: asked.num_parts ?? 0 }, (_, index) =>
          this.sign({ file, part: String(index + 1) }),
        ),
        abort_credential_info: this.sign({ file, part: "abort" }),
      };
    if (path === "artifacts/get-presigned-upload-part-url")
      return { upload_credential_info: this.sign({ file, part: String(asked.part_number) }) };
    if (path !== "artifacts/complete-multipart-upload") return undefined;
    const parts = (asked.part_etags ?? []).map(({ part_number, etag }) => {
      const part = this.staged.get(file)?.get(String(part_number));
      if (part === undefined || sum(part) !== etag) throw new Error("InvalidPart");
      return part;
    });
    await this.finish(file, parts);
    return {};
  }

  /** The store's answer at a signed address. Whoever shows more than the signature is refused. */
  async answer(method: string, url: URL, headers: Headers, body: Buffer): Promise<StoreAnswer> {
    const query = url.searchParams;
    const signature = query.get("sig") ?? "";
    query.delete("sig");
    const request = `${method} ${decodeURIComponent(url.pathname)}${decodeURIComponent(url.search)}`;
    this.asked.push(request);
    const fault = this.before(request);
    if (fault !== undefined) return { status: fault };
    const place = this.signed.get(signature);
    if (place === undefined || (place.uses -= 1) < 0 || headers["authorization"] !== undefined)
      return { status: 403 };
    if (headers["content-length"] === undefined) return { status: 411 };
    if (headers["content-md5"] !== undefined && headers["content-md5"] !== sum(body, "base64"))
      return { status: 400 };
    const { file, kind, part } = place;
    if (kind === "AZURE_SAS_URI") return { status: await this.toBlob(file, method, query, headers, body) };
    if (kind === "AZURE_ADLS_GEN2_SAS_URI") return { status: await this.toLake(file, method, query, body) };
    if (headers["x-signed-for"] !== signature) return { status: 403 };
    if (part === undefined && method === "PUT") await this.finish(file, [body]);
    else if (part === "abort" && method === "DELETE") this.staged.delete(file);
    else if (part !== undefined && method === "PUT") this.stage(file, part, body);
    else return { status: 403 };
    return { status: 200, headers: { etag: sum(body) } };
  }

  private async toBlob(
    file: string,
    method: string,
    query: URLSearchParams,
    headers: Headers,
    body: Buffer,
  ): Promise<number> {
    if (method !== "PUT") return 405;
    if (query.get("comp") === "block") this.stage(file, query.get("blockid") ?? "", body);
    else if (query.get("comp") !== "blocklist" || headers["x-ms-blob-type"] !== undefined) return 400;
    else {
      const blocks = [...body.toString().matchAll(/<Uncommitted>(.*?)<\/Uncommitted>/g)].map(([, id = ""]) =>
        this.staged.get(file)?.get(id),
      );
      if (blocks.includes(undefined)) return 400;
      await this.finish(
        file,
        blocks.filter((block) => block !== undefined),
      );
    }
    return 201;
  }

  private async toLake(file: string, method: string, query: URLSearchParams, body: Buffer): Promise<number> {
    if (method === "PUT" && query.get("resource") === "file") {
      await this.finish(file, []);
      return 201;
    }
    const action = query.get("action");
    if (method !== "PATCH" || (action !== "append" && action !== "flush")) return 400;
    if (action === "append") this.stage(file, query.get("position") ?? "", body);
    if (action === "append" && query.get("flush") !== "true") return 202;
    const parts = [...(this.staged.get(file) ?? [])].sort(([a], [b]) => Number(a) - Number(b));
    const length = parts.reduce((all, [, part]) => all + part.length, 0);
    if (action === "flush" && query.get("position") !== String(length)) return 400;
    await this.finish(
      file,
      parts.map(([, part]) => part),
    );
    return 200;
  }

  private stage(file: string, id: string, bytes: Buffer): void {
    const parts = this.staged.get(file) ?? new Map<string, Buffer>();
    this.staged.set(file, parts.set(id, bytes));
  }

  private async finish(file: string, parts: readonly Buffer[]): Promise<void> {
    this.staged.delete(file);
    await this.keep(file, Buffer.concat(parts));
  }

  private sign(place: { readonly file: string; readonly part?: string }): object {
    const signature = `${randomUUID()}+/=`;
    const kind = this.kind === "GCP_SIGNED_URL" ? "AWS_PRESIGNED_URL" : this.kind;
    this.signed.set(signature, { ...place, kind, uses: this.uses });
    const [run = "", ...path] = place.file.split("/");
    return {
      signed_uri: `https://${this.host}/store/${run}/${path.map(encodeURIComponent).join("/")}?sig=${encodeURIComponent(signature)}`,
      headers: [
        kind === "AWS_PRESIGNED_URL"
          ? { name: "x-signed-for", value: signature }
          : { name: "x-ms-blob-type", value: "BlockBlob" },
      ],
      type: this.kind,
    };
  }
}

function sum(bytes: Buffer, digits: "hex" | "base64" = "hex"): string {
  return createHash("md5").update(bytes).digest(digits);
}
