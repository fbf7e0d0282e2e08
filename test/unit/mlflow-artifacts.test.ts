import { expect } from "chai";
import fc from "fast-check";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { artifactAddressStream, rewriteArtifactAddresses } from "../../local/mlflow/artifact-rewrite";
import {
  artifactServiceUri,
  datastorePathOf,
  datastoreUri,
  namesAnotherWorkspace,
  runArtifactUri,
} from "../../local/mlflow/artifact-uri";
import { checkedPath, placeOf } from "../../local/mlflow/artifacts";
import { workspace } from "./mlflow-fixtures";

const root = `azureml://westeurope.api.azureml.ms/mlflow/v2.0${workspace.id}/experiments`;

describe("MLflow artifact addresses in answers", () => {
  it("become Azure ML's for runs and experiments", () => {
    const answer =
      '{\n  "artifact_uri": "mlflow-artifacts:/3/quiet_river-0/artifacts",\n  "artifact_location": "mlflow-artifacts:/3"\n}';
    expect(JSON.parse(rewriteArtifactAddresses(answer, workspace))).to.deep.equal({
      artifact_uri: `${root}/3/runs/quiet_river-0/artifacts`,
      artifact_location: `${root}/3`,
    });
  });

  it("leave a parameter alone whose value looks like one", () => {
    const answer = JSON.stringify(
      { key: "note", value: '"artifact_uri": "mlflow-artifacts:/1/ab/artifacts"' },
      null,
      2,
    );
    expect(rewriteArtifactAddresses(answer, workspace)).to.equal(answer);
  });

  it("are the same however the answer is cut into pieces", async () => {
    const run = fc.record({
      artifact_uri: fc.constantFrom("mlflow-artifacts:/1/ab/artifacts", "azureml://x"),
      note: fc.string({ unit: "grapheme" }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(run), fc.integer({ min: 1, max: 40 }), async (runs, size) => {
        const answer = JSON.stringify({ runs }, null, 2);
        const bytes = Buffer.from(answer);
        const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
          bytes.subarray(i * size, (i + 1) * size),
        );
        const passed = await text(Readable.from(pieces).pipe(artifactAddressStream(workspace)));
        expect(passed).to.equal(rewriteArtifactAddresses(answer, workspace));
      }),
    );
  });
});

describe("model sources", () => {
  const inRun = { datastore: "workspaceartifactstore", path: "ExperimentRun/dcid.ab/model/x" };
  const forms: [string, object | undefined][] = [
    [runArtifactUri(workspace, "3", "ab", "model/x"), inRun],
    ["azureml://experiments/wine/runs/ab/artifacts/model/x", inRun],
    ["runs:/ab/model/x", inRun],
    ["azureml://jobs/ab/outputs/artifacts/paths/model/x/", inRun],
    [
      "azureml://artifacts/LocalUpload/1/model",
      { datastore: "workspaceartifactstore", path: "LocalUpload/1/model" },
    ],
    ["azureml://artifacts/datastores/mine/a/b", { datastore: "mine", path: "a/b" }],
    [
      "azureml://datastores/workspaceblobstore/paths/LocalUpload/f0/m",
      { datastore: "workspaceblobstore", path: "LocalUpload/f0/m" },
    ],
    [datastoreUri(workspace, { datastore: "mine", path: "a/b" }), { datastore: "mine", path: "a/b" }],
    ["s3://bucket/model", undefined],
    ["/tmp/model", undefined],
  ];
  for (const [uri, place] of forms) {
    it(`knows where ${uri.length > 60 ? `…${uri.slice(-50)}` : uri} is`, () =>
      expect(datastorePathOf(uri)).to.deep.equal(place));
  }

  it("come back from the address that the plug-in downloads by", () => {
    const segment = fc
      .stringMatching(/^[A-Za-z0-9._-]{1,12}$/)
      .filter((name) => name !== "." && name !== "..");
    const place = fc.record({
      datastore: fc.constantFrom("workspaceartifactstore", "workspaceblobstore", "mine"),
      path: fc.array(segment, { minLength: 2, maxLength: 5 }).map((parts) => parts.join("/")),
    });
    fc.assert(
      fc.property(place, (one) => {
        fc.pre(!(one.datastore === "workspaceartifactstore" && one.path.startsWith("datastores/")));
        expect(datastorePathOf(artifactServiceUri(one))).to.deep.equal(one);
        expect(datastorePathOf(datastoreUri(workspace, one))).to.deep.equal(one);
      }),
    );
  });

  it("of another workspace are told from this one's", () => {
    expect(namesAnotherWorkspace(runArtifactUri(workspace, "3", "ab"), workspace)).to.equal(false);
    expect(
      namesAnotherWorkspace(datastoreUri(workspace, { datastore: "d", path: "p" }).toUpperCase(), workspace),
    ).to.equal(false);
    expect(
      namesAnotherWorkspace(runArtifactUri({ ...workspace, id: `${workspace.id}2` }, "3", "ab"), workspace),
    ).to.equal(true);
    expect(namesAnotherWorkspace("runs:/ab/model", workspace)).to.equal(false);
  });
});

describe("artifact paths", () => {
  for (const path of ["../other", "a/../../b", "/etc", "a//b", "a/./b", "", "a\\b"]) {
    it(`refuse '${path}'`, () => expect(() => checkedPath(path)).to.throw("Invalid artifact path"));
  }

  it("of a run can't leave its folder by the run's name", () => {
    expect(() => placeOf({ origin: "ExperimentRun", container: "dcid.a/../../x" })).to.throw(
      "Invalid artifact path",
    );
    expect(placeOf({ origin: "ExperimentRun", container: "dcid.ab" }).path).to.equal("ExperimentRun/dcid.ab");
  });
});
