import { expect } from "chai";
import { listRunArtifacts, listVersionArtifacts } from "../../providers/clients/databricks";
import { createMlflow, type Mlflow } from "../../providers/clients/mlflow";
import { artifactPlace } from "../../providers/models/artifact-place";
import { ScriptedArm, type ScriptedAnswer } from "../helpers/scripted-arm";

const trackingUri = "https://adb-1234567890123456.7.azuredatabricks.net";
const RUN = "4f".repeat(16);

describe("artifacts on Databricks", () => {
  const on = (...answers: ScriptedAnswer[]): { mlflow: Mlflow; http: ScriptedArm } => {
    const http = new ScriptedArm(answers);
    const server = { trackingUri, auth: { kind: "Token", tokenVariable: "KEY" } } as const;
    return {
      http,
      mlflow: createMlflow(server, { httpClient: http, environment: { KEY: "planted-token" } }),
    };
  };
  const listing = (files: object[], token?: string): ScriptedAnswer => ({
    status: 200,
    body: { files, ...(token === undefined ? {} : { next_page_token: token }) },
  });

  it("of a run are listed folder by folder and page by page, by paths below the model's folder", async () => {
    const { mlflow, http } = on(
      listing([{ path: "model/MLmodel", file_size: 3 }], "more"),
      listing([{ path: "model/data", is_dir: true }]),
      listing([{ path: "model/data/model.pkl", file_size: "5" }]),
    );
    const place = artifactPlace(mlflow, `dbfs:/databricks/mlflow-tracking/7/${RUN}/artifacts/model`);
    expect((await place.list()).map(({ path, length }) => [path, length])).to.deep.equal([
      ["MLmodel", 3],
      ["data/model.pkl", 5],
    ]);
    expect(http.requests.map(({ url }) => new URL(url).search)).to.deep.equal([
      `?run_id=${RUN}&path=model`,
      `?run_id=${RUN}&path=model&page_token=more`,
      `?run_id=${RUN}&path=model%2Fdata`,
    ]);
  });

  it("are read at the address that is given for each, which must be one that nobody on the way can read", async () => {
    const { mlflow, http } = on(listing([{ path: "model/MLmodel", file_size: 3 }]), {
      status: 200,
      body: { credential_infos: [{ signed_uri: "http://store.test/MLmodel?sig=planted", headers: [] }] },
    });
    const [file] = await listRunArtifacts(mlflow, RUN, "model");
    const error = await file?.open().catch((reason: Error) => reason);
    expect((error as Error).message)
      .to.contain("Allowed: https")
      .and.not.contain("planted");
    expect(http.requests[1]?.url).to.match(/artifacts\/credentials-for-read$/);
    expect(JSON.parse(String(http.requests[1]?.body))).to.deep.equal({
      run_id: RUN,
      path: ["model/MLmodel"],
    });
  });

  it("of a version are asked for by its name, and none are there where Databricks knows no such thing", async () => {
    const { mlflow, http } = on(listing([{ path: "MLmodel", file_size: 3 }]), {
      status: 404,
      body: { error_code: "RESOURCE_DOES_NOT_EXIST" },
    });
    expect(await listVersionArtifacts(mlflow, "churn", "3")).to.have.length(1);
    expect(http.requests[0]?.url).to.contain("model-versions/list-artifacts?name=churn&version=3&path=");
    expect(await listVersionArtifacts(mlflow, "churn", "4")).to.deep.equal([]);
  });

  it("that MLflow 3 keeps beside runs, and Unity Catalog's, are out of reach, and it says so", () => {
    const { mlflow } = on();
    const elsewhere = "dbfs:/databricks/mlflow-tracking/7/logged_models/m-1/artifacts";
    expect(() => artifactPlace(mlflow, elsewhere)).to.throw(
      "Allowed: mlflow-artifacts:/…, on Databricks dbfs:",
    );
  });
});
