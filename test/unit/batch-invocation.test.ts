import { expect } from "chai";
import { readInvocation } from "../../local/batch/invocation";
import type { JsonObject } from "../../local/json";

const folder = { jobInputType: "UriFolder", uri: "azureml://datastores/a/paths/b/" };

describe("a request for a batch job", () => {
  const refused = (properties: JsonObject): { target?: string } => {
    try {
      readInvocation({ properties });
    } catch (error) {
      return (error as { more: { target?: string } }).more;
    }
    return expect.fail(`${JSON.stringify(properties)} is taken`);
  };

  it("is read as azure-ai-ml and as Azure's REST pages write it", () => {
    const input = { kind: "uri_folder", uri: folder.uri };
    expect(readInvocation({ properties: { inputData: { UriFolder: folder } } }).input).to.deep.equal(input);
    const page = { InputData: { mydata: { JobInputType: "UriFolder", Uri: folder.uri } } };
    expect(readInvocation({ properties: page }).input).to.deep.equal(input);
  });

  it("tells what the job has otherwise than its deployment", () => {
    const { settings, name, experimentName } = readInvocation({
      properties: {
        inputData: { data: folder },
        name: "run-1",
        properties: { experimentName: "nightly" },
        compute: { instanceCount: 3 },
        miniBatchSize: 4,
        errorThreshold: 0,
        RetrySettings: { maxRetries: 1, timeout: "PT5M" },
        outputFileName: "scores.csv",
        unknown: 1,
      },
    });
    expect([name, experimentName]).to.deep.equal(["run-1", "nightly"]);
    expect(settings).to.deep.equal({
      miniBatchSize: 4,
      errorThreshold: 0,
      outputFileName: "scores.csv",
      retrySettings: { maxRetries: 1, timeout: "PT5M" },
      resources: { instanceCount: 3 },
    });
  });

  it("may say where its output goes, as a file, as a folder or as a datastore's path", () => {
    const output = (more: JsonObject) =>
      readInvocation({ properties: { inputData: { data: folder }, ...more } }).output;
    expect(output({})).to.equal(undefined);
    const file = { jobOutputType: "UriFile", uri: "azureml://datastores/a/paths/b/c.csv" };
    expect(output({ outputData: { score: file } })).to.deep.equal({ kind: "uri_file", uri: file.uri });
    expect(output({ outputDataset: { datastoreId: "/x/datastores/a", path: "/b" } })).to.deep.equal({
      kind: "uri_folder",
      uri: "azureml://datastores/a/paths/b",
    });
  });

  it("is refused without exactly one folder or file", () => {
    expect(refused({})).to.include({ target: "properties" });
    expect(refused({ inputData: {}, name: "a" })).to.include({ target: "properties.inputData" });
    expect(refused({ inputData: { one: folder, two: folder } })).to.include({
      target: "properties.inputData",
    });
    const literal = { jobInputType: "Literal", value: "1" };
    expect(refused({ inputData: { text: literal } })).to.include({
      target: "properties.inputData.text.jobInputType",
    });
    expect(refused({ inputData: { data: { jobInputType: "UriFile" } } })).to.include({
      target: "properties.inputData.data.uri",
    });
    const outputs = { a: folder, b: folder };
    expect(refused({ inputData: { data: folder }, outputData: outputs })).to.include({
      target: "properties.outputData",
    });
  });
});
