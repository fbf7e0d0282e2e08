import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";

type Json = Record<string, unknown>;
type Tag = { key: string; value: string };

interface PartsAsked {
  readonly path: string;
  readonly num_parts?: number;
  readonly parts?: readonly { readonly part_number: number }[];
}

interface Run {
  readonly info: { run_id: string; experiment_id: string; artifact_uri: string; status: string };
  readonly data: { readonly tags: Tag[] };
}

interface Version extends Json {
  name: string;
  version: string;
  source: string;
  tags: Tag[];
}

/** The part of an MLflow server's REST API that registering a model uses, in memory, by the answers that a server of MLflow 2.22 gives. */
export class MemoryMlflow {
  readonly artifacts = new Map<string, Buffer>();
  readonly runs = new Map<string, Run>();
  readonly versions: Version[] = [];
  readonly aliases = new Map<string, string>();
  /** `METHOD path` of every request. */
  readonly asked: string[] = [];
  /** What goes wrong with a request: a status, `lose` cuts it off before anything is done, `lost` afterwards. */
  before: (request: string) => "lose" | "lost" | number | undefined = () => undefined;
  /** Whether its store takes files in parts. */
  takesParts = false;
  /** Parts that have arrived, by `PATH NUMBER`. */
  readonly parts = new Map<string, Buffer>();
  /** Where runs' artifacts go; `EXPERIMENT/RUN/artifacts` comes after it. */
  artifactRoot = "mlflow-artifacts:";

  private models: string[] = [];
  private experiments: string[] = [];
  private readonly server = createServer((request, response) => {
    const [path = "", query = ""] = (request.url ?? "").split("?");
    const name = `${request.method} ${path.replace(/^\/api\/2\.0\/(mlflow\/)?/, "")}`;
    this.asked.push(name);
    const fault = this.before(name);
    void (async () => {
      if (fault === "lose") return void request.socket.destroy();
      const { status, body } =
        typeof fault === "number"
          ? { status: fault, body: {} }
          : await this.answer(name, new URLSearchParams(query), request);
      if (fault === "lost") return void request.socket.destroy();
      return void response.writeHead(status).end(Buffer.isBuffer(body) ? body : JSON.stringify(body));
    })();
  });

  /** @returns its address */
  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  /** A run as an upload that was cut off leaves it. */
  leaveRun(id: string, status: string, tags: Record<string, string>): Run {
    const run: Run = {
      info: {
        run_id: id,
        experiment_id: "0",
        artifact_uri: `${this.artifactRoot}/0/${id}/artifacts`,
        status,
      },
      data: { tags: Object.entries(tags).map(([key, value]) => ({ key, value })) },
    };
    this.runs.set(id, run);
    return run;
  }

  private async answer(
    name: string,
    query: URLSearchParams,
    request: IncomingMessage,
  ): Promise<{ status: number; body: object }> {
    const bytes = await buffer(request);
    const [, artifact] = /^\w+ mlflow-artifacts\/artifacts\/(.*)$/.exec(name) ?? [];
    if (artifact !== undefined) {
      const path = decodeURIComponent(artifact);
      if (request.method === "PUT") this.artifacts.set(path, bytes);
      const body = request.method === "PUT" ? {} : this.artifacts.get(path);
      return body === undefined ? missing() : { status: 200, body };
    }
    const [, how, folder] = /^POST mlflow-artifacts\/mpu\/(\w+)\/(.*)$/.exec(name) ?? [];
    if (how !== undefined)
      return this.takesParts
        ? this.inParts(how, decodeURIComponent(folder ?? ""), JSON.parse(bytes.toString()) as PartsAsked)
        : {
            status: 501,
            body: { error_code: "NOT_IMPLEMENTED", message: "Multipart upload is not supported" },
          };
    const part = query.get("part");
    if (part !== null) {
      if (request.headers.authorization !== undefined) return { status: 400, body: {} };
      this.parts.set(part, bytes);
      return ok({});
    }
    if (name === "GET mlflow-artifacts/artifacts") return ok({ files: this.listed(query.get("path") ?? "") });
    const asked = {
      ...Object.fromEntries(query),
      ...(bytes.length > 0 ? (JSON.parse(bytes.toString()) as Json) : {}),
    };
    return this.routes[name]?.(asked as Json & Record<string, string>) ?? missing();
  }

  private inParts(how: string, folder: string, asked: PartsAsked): { status: number; body: object } {
    const path = `${folder}/${asked.path}`;
    const keys = (asked.parts ?? []).map(({ part_number }) => `${path} ${part_number}`);
    if (how === "complete")
      this.artifacts.set(path, Buffer.concat(keys.map((key) => this.parts.get(key) ?? Buffer.alloc(0))));
    if (how !== "create") return ok({});
    const { port } = this.server.address() as AddressInfo;
    const credentials = Array.from({ length: asked.num_parts ?? 0 }, (_, index) => ({
      url: `http://127.0.0.1:${port}/store?part=${encodeURIComponent(`${path} ${index + 1}`)}`,
      part_number: index + 1,
      headers: {},
    }));
    return ok({ upload_id: "u1", credentials });
  }

  private listed(folder: string): object[] {
    const entries = new Map<string, object>();
    for (const [path, { length }] of this.artifacts)
      if (path.startsWith(`${folder}/`)) {
        const [first = "", ...below] = path.slice(folder.length + 1).split("/");
        entries.set(first, { path: first, is_dir: below.length > 0, file_size: length });
      }
    return [...entries.values()];
  }

  private readonly routes: Record<
    string,
    (asked: Json & Record<string, string>) => { status: number; body: object } | undefined
  > = {
    "GET experiments/get-by-name": ({ experiment_name }) =>
      this.experiments.includes(String(experiment_name))
        ? ok({ experiment: { experiment_id: "0", name: experiment_name, lifecycle_stage: "active" } })
        : undefined,
    "POST experiments/create": ({ name }) => {
      this.experiments.push(String(name));
      return ok({ experiment_id: "0" });
    },
    "POST runs/create": ({ tags }) => {
      const run = this.leaveRun(`r${this.runs.size + 1}`, "RUNNING", {});
      run.data.tags.push(...(tags as unknown as Tag[]));
      return ok({ run });
    },
    "POST runs/search": ({ filter }) => {
      const [, key, value] = /`(.*)` = '(.*)'/.exec(String(filter)) ?? [];
      const runs = [...this.runs.values()].filter(({ data }) =>
        data.tags.some((tag) => tag.key === key && tag.value === value),
      );
      return ok({ runs: runs.reverse() });
    },
    "GET runs/get": ({ run_id }) => {
      const run = this.runs.get(String(run_id));
      return run && ok({ run });
    },
    "POST runs/set-tag": ({ run_id, key, value }) => {
      setTag(this.runs.get(String(run_id))?.data.tags ?? [], String(key), String(value));
      return ok({});
    },
    "POST runs/update": ({ run_id, status }) => {
      const run = this.runs.get(String(run_id));
      if (run !== undefined) run.info.status = String(status);
      return ok({});
    },
    "GET registered-models/get": ({ name }) =>
      this.models.includes(String(name))
        ? ok({
            registered_model: {
              name,
              aliases: [...this.aliases].map(([alias, version]) => ({ alias, version })),
            },
          })
        : undefined,
    "POST registered-models/create": ({ name }) => {
      this.models.push(String(name));
      return ok({ registered_model: { name } });
    },
    "POST registered-models/alias": ({ alias, version }) => {
      this.aliases.set(String(alias), String(version));
      return ok({});
    },
    "DELETE registered-models/alias": ({ alias }) => {
      this.aliases.delete(String(alias));
      return ok({});
    },
    "POST model-versions/create": (asked) => {
      const version = { tags: [], ...asked, version: String(this.versions.length + 1) } as unknown as Version;
      this.versions.push(version);
      return ok({ model_version: version });
    },
    "GET model-versions/search": ({ filter }) =>
      ok({ model_versions: this.versions.filter(({ name }) => filter === `name='${name}'`) }),
    "GET model-versions/get": ({ version }) => {
      const found = this.version(String(version));
      return found && ok({ model_version: found });
    },
    "GET model-versions/get-download-uri": ({ version }) =>
      ok({ artifact_uri: this.version(String(version))?.source }),
    "PATCH model-versions/update": ({ version, description }) => {
      Object.assign(this.version(String(version)) ?? {}, { description });
      return ok({});
    },
    "POST model-versions/set-tag": ({ version, key, value }) => {
      setTag(this.version(String(version))?.tags ?? [], String(key), String(value));
      return ok({});
    },
    "DELETE model-versions/delete-tag": ({ version, key }) => {
      const found = this.version(String(version));
      if (found !== undefined) found.tags = found.tags.filter((tag) => tag.key !== key);
      return ok({});
    },
    "DELETE model-versions/delete": ({ version }) => {
      const index = this.versions.findIndex((one) => one.version === version);
      if (index >= 0) this.versions.splice(index, 1);
      return index < 0 ? undefined : ok({});
    },
  };

  private version(number: string): Version | undefined {
    return this.versions.find(({ version }) => version === number);
  }
}

function ok(body: object): { status: number; body: object } {
  return { status: 200, body };
}

function missing(): { status: number; body: object } {
  return { status: 404, body: { error_code: "RESOURCE_DOES_NOT_EXIST", message: "there is none" } };
}

function setTag(tags: Tag[], key: string, value: string): void {
  const found = tags.find((tag) => tag.key === key);
  if (found === undefined) tags.push({ key, value });
  else found.value = value;
}
