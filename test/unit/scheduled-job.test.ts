import { expect } from "chai";
import { Schedule } from "../../components";
import { jobDefinition } from "../../components/scheduled-job";
import { JOB_ID, runProgram } from "../helpers/pulumi-mocks";

const definition = (properties: object): unknown => jobDefinition({ name: "churn-1", properties });

describe("what a schedule makes of a job", () => {
  it("is what the job was submitted with, without what tells of its run", () => {
    const submitted = {
      jobType: "Sweep",
      trial: { command: "python train.py", distribution: null },
      inputs: { rows: { jobInputType: "uri_folder", uri: "azureml:rows:1", mode: null } },
      searchSpace: { rate: ["choice", [[0.1, 0.2]]] },
    };
    const run = {
      status: "Completed",
      services: { Studio: {} },
      properties: { score: "1" },
      isArchived: false,
    };
    expect(definition({ ...submitted, ...run, description: null, displayName: "churn-1" })).to.deep.equal({
      ...submitted,
      trial: { command: "python train.py" },
      inputs: { rows: { jobInputType: "uri_folder", uri: "azureml:rows:1" } },
    });
    expect(definition({ displayName: "every week" })).to.deep.equal({ displayName: "every week" });
  });

  it("writes into each run's own folder, or where the program says", () => {
    const uri = "azureml://datastores/workspaceblobstore/paths/azureml/churn-1/model/";
    const [jobOutputType, own] = ["uri_folder", "azureml://datastores/lake/paths/last/"];
    const outputs = {
      default: {
        jobOutputType,
        uri: "azureml://datastores/workspaceartifactstore/ExperimentRun/dcid.churn-1",
      },
      model: { jobOutputType, uri },
      report: { jobOutputType, uri: own },
      rest: { jobOutputType, uri: null },
    };
    expect(definition({ jobType: "Command", outputs })).to.deep.equal({
      jobType: "Command",
      outputs: {
        model: {
          jobOutputType,
          uri: "azureml://datastores/workspaceblobstore/paths/azureml/${{name}}/model/",
        },
        report: { jobOutputType, uri: own },
        rest: { jobOutputType },
      },
    });
  });
});

describe("a Schedule of a job", () => {
  it("submits what the job is made of", async () => {
    const { named } = await runProgram(() => new Schedule("weekly", { jobId: JOB_ID, cron: "0 6 * * 1" }));
    const { inputs } = named("weekly");
    expect(inputs["workspaceName"]).to.equal("mlw-test");
    expect(inputs["properties"]).to.deep.include({
      action: {
        actionType: "CreateJob",
        jobDefinition: {
          jobType: "Command",
          command: "python train.py --of job-test",
          environmentId: `${JOB_ID.replace("/jobs/job-test", "")}/environments/train/versions/1`,
          experimentName: "churn",
          outputs: {
            model: {
              jobOutputType: "mlflow_model",
              uri: "azureml://datastores/workspaceblobstore/paths/azureml/${{name}}/model/",
            },
          },
        },
      },
    });
  });
});
