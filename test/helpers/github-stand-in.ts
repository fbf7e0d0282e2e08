import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";

export interface StandInComment {
  readonly id: number;
  readonly user: { readonly login: string };
  body: string;
}

export interface StandInIssue {
  readonly number: number;
  readonly labels: readonly string[];
  readonly comments: StandInComment[];
  title: string;
  body: string;
  state: string;
}

/** Whoever holds a workflow's own token. */
const BOT = "github-actions[bot]";

/** The few REST calls of GitHub that the workflows make, on loopback: issues, and comments of issues and pull requests. Paths and fields are GitHub's. */
export class GithubStandIn {
  readonly issues: StandInIssue[] = [];
  readonly requests: string[] = [];
  #server: Server | undefined;

  constructor(private readonly token: string) {}

  /** What `GITHUB_API_URL` is. */
  async start(): Promise<string> {
    const server = createServer((request, response) => {
      void this.#answer(request).then(([status, body]) => {
        response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
      });
    });
    this.#server = server;
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    const server = this.#server;
    if (server === undefined) return;
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }

  /** @param comments what others said there before */
  pullRequest(comments: readonly string[] = []): StandInIssue {
    const made: StandInIssue = {
      number: this.issues.length + 1,
      labels: [],
      title: "",
      body: "",
      state: "open",
      comments: comments.map((body, id) => ({ id: id + 1, body, user: { login: "ada" } })),
    };
    this.issues.push(made);
    return made;
  }

  async #answer(request: IncomingMessage): Promise<[number, unknown]> {
    const { method = "", headers } = request;
    const url = new URL(request.url ?? "", "http://github");
    this.requests.push(`${method} ${url.pathname}`);
    if (headers.authorization !== `Bearer ${this.token}`) return [401, { message: "Bad credentials" }];
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString("utf8");
    const body = text === "" ? {} : (JSON.parse(text) as Partial<StandInIssue>);
    const [, owner, repository, kind, first, second] = url.pathname.split("/").filter((part) => part !== "");
    if (`${owner}/${repository}/${kind}` !== "contoso/credit/issues") return [404, { message: "Not Found" }];
    if (first === undefined) return method === "POST" ? this.#open(body) : [200, this.#find(url)];
    if (first === "comments") return this.#edit(Number(second), body);
    const issue = this.issues.find(({ number }) => number === Number(first));
    if (issue === undefined) return [404, { message: "Not Found" }];
    if (second === undefined) return [200, Object.assign(issue, body)];
    return method === "POST" ? this.#comment(issue, body) : [200, page(issue.comments, url)];
  }

  #open(body: Partial<StandInIssue>): [number, unknown] {
    const made = { ...this.pullRequest(), labels: [], ...body };
    this.issues[this.issues.length - 1] = made;
    return [201, made];
  }

  #find({ searchParams }: URL): StandInIssue[] {
    const label = searchParams.get("labels") ?? "";
    const found = searchParams.get("creator") === BOT ? this.issues : [];
    return found.filter(({ state, labels }) => state === searchParams.get("state") && labels.includes(label));
  }

  #comment({ comments }: StandInIssue, { body = "" }: Partial<StandInIssue>): [number, unknown] {
    const made = { id: 1_000 + this.requests.length, body, user: { login: BOT } };
    comments.push(made);
    return [201, made];
  }

  #edit(id: number, { body = "" }: Partial<StandInIssue>): [number, unknown] {
    const comment = this.issues.flatMap(({ comments }) => comments).find((one) => one.id === id);
    return comment === undefined ? [404, { message: "Not Found" }] : [200, Object.assign(comment, { body })];
  }
}

function page<T>(all: readonly T[], { searchParams }: URL): T[] {
  const size = Number(searchParams.get("per_page") ?? 30);
  return all.slice((Number(searchParams.get("page") ?? 1) - 1) * size).slice(0, size);
}
