import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";

export interface StandInThread {
  readonly id: number;
  readonly comments: { content: string }[];
}

interface FieldChange {
  readonly path: string;
  readonly value: string;
}

/** The few REST calls of Azure DevOps that the pipelines make, on loopback: threads of a pull request, and work items. Paths and fields are Azure DevOps'. */
export class AzureDevopsStandIn {
  readonly threads: StandInThread[] = [];
  /** By id from 1 on, each its fields. */
  readonly items: Record<string, string>[] = [];
  #server: Server | undefined;

  constructor(private readonly token: string) {}

  /** What `SYSTEM_COLLECTIONURI` is. */
  async start(): Promise<string> {
    const server = createServer((request, response) => {
      void this.#answer(request).then(([status, body]) => {
        response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
      });
    });
    this.#server = server;
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/contoso/`;
  }

  async close(): Promise<void> {
    const server = this.#server;
    if (server === undefined) return;
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }

  async #answer(request: IncomingMessage): Promise<[number, unknown]> {
    const { method = "", headers } = request;
    const url = new URL(request.url ?? "", "http://devops");
    if (headers.authorization !== `Bearer ${this.token}`) return [401, { message: "TF400813" }];
    if (url.searchParams.get("api-version") !== "7.1") return [400, { message: "no api-version" }];
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString("utf8");
    const body: unknown = text === "" ? {} : JSON.parse(text);
    const path = url.pathname.replace("/contoso/credit/_apis/", "");
    if (path.startsWith("wit/")) return this.#workItem(path.slice(4), body);
    const [, comment] =
      /^git\/repositories\/repo\/pullRequests\/12\/threads(?:\/(\d+)\/comments\/1)?$/.exec(path) ?? [];
    if (!path.startsWith("git/repositories/repo/pullRequests/12/threads"))
      return [404, { message: "not found" }];
    if (comment !== undefined) return this.#edit(Number(comment), body as { content: string });
    if (method === "GET") return [200, { value: this.threads }];
    const { comments } = body as StandInThread;
    this.threads.push({ id: this.threads.length + 1, comments });
    return [200, this.threads.at(-1)];
  }

  #edit(id: number, { content }: { readonly content: string }): [number, unknown] {
    const first = this.threads.find((thread) => thread.id === id)?.comments[0];
    return first === undefined ? [404, {}] : [200, Object.assign(first, { content })];
  }

  #workItem(path: string, body: unknown): [number, unknown] {
    if (path === "wiql") {
      const open = this.items.findIndex((item) => item["System.State"] !== "Done");
      return [200, { workItems: open < 0 ? [] : [{ id: open + 1 }] }];
    }
    const [, which = ""] = /^workitems\/(.+)$/.exec(decodeURIComponent(path)) ?? [];
    if (which === "$Issue") this.items.push({ "System.State": "To Do" });
    const item = this.items[(which === "$Issue" ? this.items.length : Number(which)) - 1];
    if (item === undefined) return [404, { message: "no such work item" }];
    for (const { path: field, value } of body as FieldChange[])
      item[field.replace(/^\/fields\//, "")] = value;
    return [200, item];
  }
}
