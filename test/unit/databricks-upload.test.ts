import { createHttpHeaders, type HttpClient, type PipelineRequest } from "@azure/core-rest-pipeline";
import { expect } from "chai";
import { createHash, randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import type { AssetFile } from "../../providers/assets/files";
import { createMlflow, type Mlflow } from "../../providers/clients/mlflow";
import { sendToDatabricks } from "../../providers/models/send-to-databricks";
import { serverVersions } from "../../providers/models/server-versions";
import { uploadExperiment } from "../../providers/models/upload-experiment";
import { DATABRICKS_HOST } from "../helpers/databricks";
import { DatabricksStore, type WriteAsked } from "../helpers/databricks-store";
import { ScriptedArm, type ScriptedAnswer } from "../helpers/scripted-arm";

const trackingUri = `https://${DATABRICKS_HOST}`;
const API = `${trackingUri}/api/2.0/mlflow/`;
const server = { trackingUri, auth: { kind: "Token", tokenVariable: "KEY" } } as const;
const environment = { KEY: "planted-token" };
const to = { runId: "4f".repeat(16), path: "model/my data/model.pkl" };
const NAME = `${to.runId}/${to.path}`;
const MB = 1024 * 1024;

describe("a file that is sent to the store behind Databricks", () => {
  let kept: Map<string, Buffer>;
  let store: DatabricksStore;
  let http: HttpClient;
  let mlflow: Mlflow;

  beforeEach(() => {
    kept = new Map();
    store = new DatabricksStore(DATABRICKS_HOST, async (file, bytes) => void kept.set(file, bytes));
    http = {
      async sendRequest(request: PipelineRequest) {
        const { method, url } = request;
        const headers = createHttpHeaders({ "retry-after-ms": "1" });
        const body = Buffer.from((request.body ?? "") as Buffer | string);
        if (!url.startsWith(API)) {
          const answer = await store.answer(method, new URL(url), request.headers.toJSON(), body);
          for (const [name, value] of Object.entries(answer.headers ?? {})) headers.set(name, value);
          return { request, status: answer.status, headers };
        }
        const { pathname, searchParams } = new URL(url);
        const asked: unknown =
          method === "GET" ? Object.fromEntries(searchParams) : JSON.parse(body.toString());
        const answer = await store.api(pathname.slice("/api/2.0/mlflow/".length), asked as WriteAsked);
        return { request, status: 200, headers, bodyAsText: JSON.stringify(answer) };
      },
    };
    mlflow = createMlflow(server, { httpClient: http, environment });
  });

  const fileOf = (bytes: Buffer, said = bytes): AssetFile => ({
    path: "my data/model.pkl",
    length: said.length,
    sha256: createHash("sha256").update(said).digest(),
    open: async () => Readable.from([bytes]),
  });
  const send = async (bytes: Buffer, said?: Buffer): Promise<string | undefined> =>
    await sendToDatabricks(mlflow, to, fileOf(bytes, said), http).then(
      () => undefined,
      (error: Error) => error.message,
    );
  const large = randomBytes(40 * MB);

  for (const kind of ["AZURE_SAS_URI", "AZURE_ADLS_GEN2_SAS_URI", "AWS_PRESIGNED_URL"] as const)
    describe(`by ${kind}`, () => {
      beforeEach(() => (store.kind = kind));

      it("is there byte by byte, empty, small or in parts, without the token being shown there", async () => {
        for (const bytes of [Buffer.alloc(0), Buffer.from("bytes"), large]) {
          expect(await send(bytes)).to.equal(undefined);
          expect(kept.get(NAME)?.equals(bytes), String(bytes.length)).to.equal(true);
        }
      });

      it("goes on at new addresses where one has run out", async () => {
        store.uses = 1;
        expect(await send(large)).to.equal(undefined);
        expect(kept.get(NAME)?.equals(large)).to.equal(true);
      });

      it("shows no bytes of what changed while it was read", async () => {
        const other = Buffer.from(large);
        other[other.length - 1] = (other.at(-1) ?? 0) ^ 1;
        expect(await send(other, large)).to.contain("changed while the command ran");
        expect(kept.get(NAME)?.length ?? 0).to.equal(0);
      });

      it("is told with the store's status, and no signature, where the store refuses it", async () => {
        store.before = (request) => (request.startsWith("DELETE") ? undefined : 403);
        const message = await send(large);
        expect(message).to.contain("with 403").and.contain("the same command again");
        expect(message)
          .to.contain(DATABRICKS_HOST)
          .and.not.match(/sig|planted/);
        expect(kept.size).to.equal(0);
      });
    });

  it("goes to blob storage in blocks of 16 MB", async () => {
    await send(large);
    expect(store.asked.filter((request) => request.includes("comp=block&"))).to.have.length(3);
    expect(store.asked.at(-1)).to.match(/comp=blocklist$/);
  });

  it("is taken back from S3 where a part doesn't arrive", async () => {
    store.kind = "AWS_PRESIGNED_URL";
    store.before = (request) => (request.startsWith("PUT") ? 400 : undefined);
    expect(await send(large)).to.match(/part \d of model\/my data\/model.pkl with 400/);
    expect(store.asked.at(-1)).to.match(/^DELETE /);
  });

  it("is refused where another store would take it, with the ones that are known", async () => {
    store.kind = "GCP_SIGNED_URL";
    expect(await send(large))
      .to.contain("GCP_SIGNED_URL")
      .and.contain("Allowed: AZURE_SAS_URI");
    expect(store.asked).to.deep.equal([]);
  });
});

describe("a version in a Databricks workspace's registry", () => {
  const on = (
    ...answers: ScriptedAnswer[]
  ): { mlflow: Mlflow; http: ScriptedArm; bodies: () => unknown[] } => {
    const http = new ScriptedArm(answers);
    const bodies = (): unknown[] =>
      http.requests.flatMap(({ body }) => (body === undefined ? [] : [JSON.parse(String(body))]));
    return { mlflow: createMlflow(server, { httpClient: http, environment }), http, bodies };
  };
  const answer = (body: object): ScriptedAnswer => ({ status: 200, body });
  const version = (number: string, status: string, tags: Record<string, string> = {}): object => ({
    name: "churn",
    version: number,
    status,
    source: "dbfs:/databricks/mlflow-tracking/7/4f/artifacts/model",
    tags: Object.entries(tags).map(([key, value]) => ({ key, value })),
  });
  const missing = { status: 404, body: { error_code: "RESOURCE_DOES_NOT_EXIST" } };
  const uploaded = {
    digest: "d1",
    modelUri: "dbfs:/databricks/mlflow-tracking/7/4f/artifacts/model",
    runId: "4f",
  };
  const words = { tags: { team: "risk" }, aliases: ["champion"] };

  it("names its own run, and is registered when the registry has its files; a tag stands for its alias, which others lose", async () => {
    const { mlflow, http, bodies } = on(
      missing,
      answer({}),
      answer({ model_versions: [version("1", "FAILED_REGISTRATION", { "pulumi-azureml.digest": "d1" })] }),
      answer({ model_version: version("2", "PENDING_REGISTRATION") }),
      answer({ model_version: version("2", "READY", { team: "risk" }) }),
      answer({ model_version: version("2", "READY", { team: "risk" }) }),
      answer({}),
      answer({
        model_versions: [version("2", "READY"), version("1", "READY", { "alias.champion": "true" })],
      }),
      answer({}),
      answer({ model_version: version("2", "READY", { team: "risk", "alias.champion": "true" }) }),
    );
    const lineage = { runId: "another" };
    const registered = await serverVersions(mlflow, "churn", true).register(uploaded, words, lineage);
    expect(registered).to.include({ id: "models:/churn/2", version: "2" });
    expect(registered).to.deep.include(words);
    const requests = http.requests.map(
      ({ method, url }) => `${method} ${url.replace(API, "").split("?")[0]}`,
    );
    expect(requests.slice(6, 9)).to.deep.equal([
      "POST model-versions/set-tag",
      "GET model-versions/search",
      "DELETE model-versions/delete-tag",
    ]);
    const [, create, set, unset] = bodies();
    expect(create).to.include({ run_id: "4f", source: uploaded.modelUri });
    expect(set).to.deep.equal({ name: "churn", version: "2", key: "alias.champion", value: "true" });
    expect(unset).to.deep.equal({ name: "churn", version: "1", key: "alias.champion" });
  });

  it("that the registry could not take is told as such", async () => {
    const { mlflow } = on(
      answer({ registered_model: { name: "churn" } }),
      answer({ model_versions: [] }),
      answer({ model_version: version("2", "FAILED_REGISTRATION") }),
    );
    const made = serverVersions(mlflow, "churn", false).register(uploaded, words, {});
    expect(
      await made.then(
        () => "",
        (error: Error) => error.message,
      ),
    )
      .to.contain("models:/churn/2 on https://adb-1234567890123456.7.azuredatabricks.net")
      .and.contain("FAILED_REGISTRATION");
  });

  it("has its files in an experiment in the home folder of who signs in, which is made", async () => {
    const { mlflow, bodies } = on(answer({ userName: "ada@example.com" }), answer({}));
    expect(await uploadExperiment(mlflow, "churn")).to.equal("/Users/ada@example.com/pulumi-azureml/churn");
    expect(bodies()).to.deep.equal([{ path: "/Users/ada@example.com/pulumi-azureml" }]);
  });
});
