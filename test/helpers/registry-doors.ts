import type { JsonObject } from "../../local/json";
import { clientsPython } from "../../tools/paths";
import type { AzureWorkspace } from "./azure-workspace";
import { ClientProcess } from "./client-process";

/** A version of a model, as every client can tell it. */
export interface SeenVersion {
  readonly version: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly description: string;
}

/** A client of the model registry. */
export interface RegistryDoor {
  /** Registers what is in the local folder and gives the version's number. */
  register(name: string, folder: string, tags: Record<string, string>, description: string): Promise<string>;
  /** Null when the client says that there is no such version. */
  read(name: string, version: string): Promise<SeenVersion | null>;
  /** The versions that a search for the model finds, sorted. */
  search(name: string): Promise<string[]>;
  /** Paths of the files that the client downloads, sorted; undefined where the client downloads none. */
  files(name: string, version: string): Promise<string[] | undefined>;
  tag(name: string, version: string, key: string, value: string): Promise<void>;
  untag(name: string, version: string, key: string): Promise<void>;
  describe(name: string, version: string, description: string): Promise<void>;
  delete(name: string, version: string): Promise<void>;
}

/** A door behind which an unmodified Python client works. */
export class ClientDoor implements RegistryDoor {
  constructor(readonly client: ClientProcess) {}

  async register(name: string, folder: string, tags: Record<string, string>, description: string) {
    return await this.client.call<string>("register", { name, folder, tags, description });
  }
  async read(name: string, version: string) {
    return await this.client.call<SeenVersion | null>("read", { name, version });
  }
  async search(name: string) {
    return await this.client.call<string[]>("search", { name });
  }
  async files(name: string, version: string) {
    return await this.client.call<string[]>("files", { name, version });
  }
  async tag(name: string, version: string, key: string, value: string) {
    await this.client.call("tag", { name, version, key, value });
  }
  async untag(name: string, version: string, key: string) {
    await this.client.call("untag", { name, version, key });
  }
  async describe(name: string, version: string, description: string) {
    await this.client.call("describe", { name, version, description });
  }
  async delete(name: string, version: string) {
    await this.client.call("delete", { name, version });
  }
}

/** The MLflow client that this Python has, with Azure ML's plug-in. */
export const mlflowDoor = (workspace: AzureWorkspace, python: string): ClientDoor =>
  new ClientDoor(
    new ClientProcess(python, ["mlflow_registry.py"], workspace.environment, workspace.paths.folder),
  );

/** azure-ai-ml, which knows of ARM only. */
export function azureAiMlDoor(workspace: AzureWorkspace): ClientDoor {
  const [, , subscription = "", , group = "", , , , name = ""] = workspace.id.split("/");
  const script = ["azure_ai_ml_registry.py", subscription, group, name] as const;
  return new ClientDoor(
    new ClientProcess(clientsPython, script, workspace.environment, workspace.paths.folder),
  );
}

/**
 * MLflow's REST API with a bearer token and no client at all. It uploads nothing: what it registers is where another version's files
 * are.
 *
 * @param seed a version that is there already
 */
export function restDoor(
  workspace: AzureWorkspace,
  seed: { readonly name: string; readonly version: string },
): RegistryDoor {
  const root = `${workspace.trackingUri.replace("azureml:", "https:")}/api/2.0/mlflow`;
  const ask = async (
    method: "GET" | "POST" | "PATCH" | "DELETE",
    path: string,
    input: JsonObject,
  ): Promise<JsonObject | null> => {
    const query =
      method === "GET" ? `?${new URLSearchParams(input as Record<string, string>).toString()}` : "";
    const body = method === "GET" ? undefined : input;
    const { status, text } = await workspace.ask(method, `${root}/${path}${query}`, body);
    const answer = JSON.parse(text) as JsonObject;
    if (status === 200) return answer;
    if (answer["error_code"] === "RESOURCE_DOES_NOT_EXIST") return null;
    throw new Error(`${path}: ${status} ${text}`);
  };
  const asked = async (...call: Parameters<typeof ask>): Promise<JsonObject> => {
    const answer = await ask(...call);
    if (answer === null) throw new Error(`${call[1]}: there is no ${JSON.stringify(call[2])}`);
    return answer;
  };

  return {
    register: async (name, _folder, tags, description) => {
      if ((await ask("GET", "registered-models/get", { name })) === null)
        await asked("POST", "registered-models/create", { name });
      const { artifact_uri: source = null } = await asked("GET", "model-versions/get-download-uri", {
        ...seed,
      });
      const { model_version: made } = await asked("POST", "model-versions/create", {
        name,
        source,
        description,
        tags: Object.entries(tags).map(([key, value]) => ({ key, value })),
      });
      return (made as { version: string }).version;
    },
    read: async (name, version) => {
      const answer = await ask("GET", "model-versions/get", { name, version });
      if (answer === null) return null;
      const { tags, description } = answer["model_version"] as unknown as {
        tags: { key: string; value: string }[];
        description: string;
      };
      return {
        version,
        tags: Object.fromEntries(tags.map(({ key, value }) => [key, value])),
        description,
      };
    },
    search: async (name) => {
      const { model_versions: found } = await asked("GET", "model-versions/search", {
        filter: `name='${name}'`,
      });
      return (found as { version: string }[]).map(({ version }) => version).sort();
    },
    files: async () => Promise.resolve(undefined),
    tag: async (name, version, key, value) =>
      void (await asked("POST", "model-versions/set-tag", { name, version, key, value })),
    untag: async (name, version, key) =>
      void (await asked("DELETE", "model-versions/delete-tag", { name, version, key })),
    describe: async (name, version, description) =>
      void (await asked("PATCH", "model-versions/update", { name, version, description })),
    delete: async (name, version) => void (await asked("DELETE", "model-versions/delete", { name, version })),
  };
}
