import { expect } from "chai";
import { ArmError } from "../../local/arm/errors";
import { substituted } from "../../local/command-jobs/bindings";
import { jobEnvironment } from "../../local/command-jobs/job-environment";
import { CLUSTER, CODE, DATA, ENVIRONMENT, IMAGE_ONLY, makeBatchParts } from "./batch-fixtures";
import { Harness, propertiesOf, WORKSPACE } from "./arm-harness";
import { objectAt } from "../../local/arm/objects";
import type { JsonObject } from "../../local/json";
import { workspace } from "./mlflow-fixtures";

describe("the bindings of a command", () => {
  const bindings = { inputs: { data: "/in/data", rate: "0.5" }, outputs: { model: "/out/model" } };

  it("are replaced by their values as they are, however they are spaced", () => {
    const command = "train ${{inputs.data}} --rate=${{ inputs.rate }} > ${{outputs.model}}/log; echo ${HOME}";
    expect(substituted(command, bindings)).to.equal(
      "train /in/data --rate=0.5 > /out/model/log; echo ${HOME}",
    );
    expect(substituted("${{inputs.rate}}", { inputs: { rate: "$& $1" }, outputs: {} })).to.equal("$& $1");
  });

  it("are refused where the job has nothing of the name, with what it has", () => {
    const words = (command: string): string => {
      try {
        return substituted(command, bindings);
      } catch (error) {
        expect(error).to.be.instanceOf(ArmError);
        return (error as ArmError).message;
      }
    };
    expect(words("${{inputs.date}}")).to.contain("the job's inputs are: data, rate");
    expect(words("${{outputs.toString}}")).to.contain("the job's outputs are: model");
    expect(words("${{search_space.rate}}")).to.contain("it takes ${{inputs.NAME}} and ${{outputs.NAME}}");
  });
});

describe("what a command finds in its environment", () => {
  const job = {
    spec: {
      id: `${workspace.id}/jobs/quiet_river`,
      experimentName: "trials",
      environmentVariables: { MINE: "my own", MLFLOW_RUN_ID: "another" },
      distribution: undefined,
    },
    workspace,
    experimentId: "7",
    token: { token: "t", expiresOn: 9, expiresIn: 3600 },
    bindings: { inputs: { data: "/in" }, outputs: { model: "/out" } },
    python: "/env/bin/python",
    path: "/usr/bin",
  };

  it("is the run to track in, which the job's own variables don't change", () => {
    expect(jobEnvironment(job)).to.include({
      MINE: "my own",
      PATH: "/env/bin:/usr/bin",
      MLFLOW_TRACKING_URI: `azureml://westeurope.api.azureml.ms/mlflow/v1.0${workspace.id}`,
      MLFLOW_RUN_ID: "quiet_river",
      MLFLOW_EXPERIMENT_ID: "7",
      MLFLOW_EXPERIMENT_NAME: "trials",
      AZUREML_RUN_ID: "quiet_river",
      AZUREML_ARM_SUBSCRIPTION: "s1",
      AZUREML_ARM_RESOURCEGROUP: "rg-ml",
      AZUREML_ARM_WORKSPACE_NAME: "mlw-one",
      AZURE_ML_INPUT_data: "/in",
      AZURE_ML_OUTPUT_model: "/out",
    });
  });

  it("is a world of one process where the job is distributed", () => {
    expect(jobEnvironment(job)).to.not.have.property("WORLD_SIZE");
    const spread = { ...job, spec: { ...job.spec, distribution: "PyTorch" } };
    expect(jobEnvironment(spread)).to.include({ WORLD_SIZE: "1", RANK: "0", MASTER_ADDR: "127.0.0.1" });
  });
});

const ALL: JsonObject = {
  command: "python train.py ${{inputs.rows}} ${{inputs.rate}} ${{outputs.model}}",
  codeId: CODE,
  computeId: CLUSTER,
  experimentName: "trials",
  inputs: {
    rows: { jobInputType: "uri_folder", uri: DATA },
    rate: { jobInputType: "literal", value: "0.5" },
    raw: { jobInputType: "uri_folder", uri: "https://example.org/rows", mode: "Direct" },
  },
  outputs: { model: { jobOutputType: "mlflow_model" } },
  limits: { jobLimitsType: "Command", timeout: "P1DT1M" },
  resources: { instanceCount: 2 },
};

describe("a command job that is put", () => {
  let arm: Harness;
  let made = 0;
  before(async () => {
    arm = new Harness();
    await makeBatchParts(arm);
  });
  after(async () => {
    const violations = arm.arm.violations();
    await arm.close();
    expect(violations, "answers that break Microsoft's models").to.deep.equal([]);
  });

  const body = (more: JsonObject = {}): JsonObject => ({
    properties: { jobType: "Command", command: "python train.py", environmentId: ENVIRONMENT, ...more },
  });
  const put = async (more: JsonObject = {}, name = `job_${made++}`) =>
    await arm.ask("PUT", `${WORKSPACE}/jobs/${name}`, body(more));
  const refusal = async (more: JsonObject): Promise<string> => {
    const { status, body: answer } = await put(more);
    return `${status} ${String(objectAt(answer, "error")["message"])}`;
  };

  it("is started with all that it refers to, and says where its outputs will be", async () => {
    const { status, body: answer } = await put(ALL, "all");
    expect(status).to.equal(201);
    expect(propertiesOf(answer)["status"]).to.equal("Queued");
    const uri = String(objectAt(objectAt(propertiesOf(answer), "outputs"), "model")["uri"]);
    expect(uri).to.match(
      /^azureml:\/\/subscriptions\/.+\/datastores\/workspaceblobstore\/paths\/azureml\/all\/model\/$/,
    );
    const spec = arm.effects.started.at(-1);
    expect(spec).to.deep.include({
      clusterId: CLUSTER,
      instances: 2,
      experimentName: "trials",
      timeout: 86_460_000,
      code: { account: "mlstore", container: "code", prefix: "score" },
    });
    expect(spec?.inputs).to.deep.include({
      rate: { kind: "text", text: "0.5" },
      raw: { kind: "text", text: "https://example.org/rows" },
    });
    expect(spec?.inputs["rows"]).to.have.nested.property("place.prefix", "data");
    expect(spec?.artifacts.prefix).to.equal("ExperimentRun/dcid.all");
  });

  it("is told of anew by another PUT, and not run again", async () => {
    const before = arm.effects.started.length;
    const other = await put({ ...ALL, command: "python other.py" }, "all");
    expect(other.status, "another command").to.equal(400);
    const again = await put({ ...ALL, tags: { by: "ci" }, description: "All of it" }, "all");
    expect(again.status, JSON.stringify(again.body)).to.equal(200);
    expect(propertiesOf(again.body)).to.deep.include({ description: "All of it", tags: { by: "ci" } });
    expect(arm.effects.started).to.have.length(before);
  });

  it("is refused where it cannot run, with the reason", async () => {
    const gone = `${WORKSPACE}/environments/gone/versions/1`;
    expect(await refusal({ environmentId: gone })).to.match(/^404 The environment .* was not found/);
    expect(await refusal({ environmentId: IMAGE_ONLY })).to.contain("give the environment a conda file");
    expect(await refusal({ codeId: `${WORKSPACE}/codes/gone/versions/1` })).to.match(/^404 The code/);
    expect(await refusal({ command: "echo ${{inputs.x}}" })).to.contain("the job's inputs are: none");
    expect(await refusal({ computeId: `${WORKSPACE}/computes/gone` })).to.match(/^404 The compute/);
    expect(await refusal({ computeId: CLUSTER, resources: { instanceCount: 9 } })).to.contain(
      "the cluster has at most 5 nodes",
    );
    expect(await refusal({ resources: { instanceCount: 0 } })).to.contain("at least 1");
    expect(await refusal({ limits: { jobLimitsType: "Command", timeout: "PT0S" } })).to.contain("above zero");
    const input = (uri: string): JsonObject => ({ inputs: { x: { jobInputType: "uri_file", uri } } });
    expect(await refusal(input("ftp://there"))).to.contain("is no address that the local Azure reads");
    expect(await refusal(input("azureml:gone:1"))).to.match(/^404 The data asset/);
  });

  it("is cancelled and taken away with its processes", async () => {
    await put({}, "held");
    await arm.finish("POST", `${WORKSPACE}/jobs/held/cancel`);
    expect(arm.effects.calls).to.include(`cancelCommandJob ${WORKSPACE}/jobs/held`);
    await arm.finish("DELETE", `${WORKSPACE}/jobs/held`);
    expect(arm.effects.calls).to.include(`removeCommandJob ${WORKSPACE}/jobs/held`);
  });

  it("is a record where it is put with a status", async () => {
    const before = arm.effects.started.length;
    const { body: answer } = await put({ status: "Completed", environmentId: "anything" }, "told");
    expect(propertiesOf(answer)["status"]).to.equal("Completed");
    expect(arm.effects.started).to.have.length(before);
  });
});
