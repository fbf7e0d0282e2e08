import { expect } from "chai";
import { azureService, type AzureClients } from "../../providers/batch-rollout/azure";
import { plan, planRemoval } from "../../providers/batch-rollout/plan";
import { run, type Ending } from "../../providers/batch-rollout/run";
import type { Proof } from "../../providers/batch-rollout/sample";
import type { LiveBatchEndpoint } from "../../providers/batch-endpoint/types";
import type { Arm } from "../../providers/clients/arm";
import type { BatchJobRequest, BatchJobs } from "../../providers/clients/batch-jobs";
import type { Job } from "../../providers/clients/jobs";
import { GENERATION_TAG } from "../../providers/generations/generation";
import { BATCH_ENDPOINT_ID, WORKSPACE_ID } from "../helpers/pulumi-mocks";

const body = {
  location: "westeurope",
  properties: { model: { assetId: "model" }, resources: { instanceCount: 1 }, description: "first" },
  tags: { team: "risk" },
};
const proof: Proof = {
  input: "azureml://datastores/lake/paths/new",
  inputType: "uri_folder",
  separator: ",",
};

/** A batch endpoint of ARM's, and the jobs of its workspace. */
class Azure {
  readonly resources = new Map<string, object>([
    [
      BATCH_ENDPOINT_ID,
      { location: "westeurope", tags: { owner: "us" }, properties: { authMode: "AADToken", defaults: {} } },
    ],
  ]);
  readonly submitted: BatchJobRequest[] = [];
  /** How each job ends. */
  status = "Completed";

  readonly #arm: Arm = {
    read: async <T>(id: string) => this.resources.get(id) as T | undefined,
    list: async <T>(id: string) =>
      [...this.resources].flatMap(([name, one]) => (name.startsWith(`${id}/`) ? [one as T] : [])),
    put: async <T>(id: string, { body: put = {} }: { readonly body?: object }) => {
      const name = id.split("/").at(-1);
      const { properties } = put as { readonly properties: object };
      this.resources.set(id, {
        ...put,
        name,
        properties: { ...properties, provisioningState: "Succeeded" },
      });
      return this.resources.get(id) as T;
    },
    remove: async (id) => void this.resources.delete(id),
    post: async () => undefined,
  };

  readonly #jobs: BatchJobs = {
    submit: async (_endpoint, wish) => {
      this.submitted.push(wish);
      return this.#job(wish);
    },
    read: async (id) => {
      const wish = this.submitted.find(({ name }) => id === `${WORKSPACE_ID}/jobs/${name}`);
      return wish && this.#job(wish);
    },
    cancel: async () => undefined,
  };

  readonly clients: AzureClients = {
    jobs: this.#jobs,
    history: async () => ({
      childRuns: async () => [],
      addresses: async () => ({}),
      details: async (runId) => ({ runId, error: { error: { message: "the model fell over" } } }),
    }),
    stores: {
      arm: this.#arm,
      containerClient: () => expect.fail("no store is read"),
    },
  };

  #job({ name }: BatchJobRequest): Job {
    return { id: `${WORKSPACE_ID}/jobs/${name}`, name, status: this.status };
  }

  get endpoint(): LiveBatchEndpoint {
    return this.resources.get(BATCH_ENDPOINT_ID) as LiveBatchEndpoint;
  }

  async up(generation: string, deployment = body): Promise<Ending> {
    const sample = {
      digest: "sample",
      place: async () => ({ kind: "uri_folder", uri: proof.input }) as const,
    };
    const rollout = { endpointId: BATCH_ENDPOINT_ID, generation, deployment, proof };
    const service = azureService(
      this.clients,
      rollout,
      sample,
      () => undefined,
      () => undefined,
    );
    const spec = {
      generation,
      proof: sample.digest,
      maxProofSeconds: 60,
      keepGenerations: 0,
      retireAfterSeconds: 0,
    };
    return await run(
      service,
      (observed, now) => plan(spec, observed, now),
      () => undefined,
    );
  }
}

describe("a batch rollout in Azure", () => {
  it("makes a generation, proves it by its name and makes it the default, with the endpoint's own tags kept", async () => {
    const azure = new Azure();
    expect(await azure.up("churn-1")).to.deep.equal({ kind: "end", phase: "Serving" });
    expect(azure.endpoint.properties.defaults).to.deep.equal({ deploymentName: "churn-1" });
    expect(azure.endpoint.tags).to.include({ owner: "us" });
    const [job] = azure.submitted;
    expect(job).to.deep.include({ deployment: "churn-1", input: { kind: "uri_folder", uri: proof.input } });
    expect(job?.outputUri).to.match(
      /\/datastores\/workspaceblobstore\/paths\/pulumi-azureml\/proofs\/proof-churn-1-/,
    );
    expect(azure.resources.get(`${BATCH_ENDPOINT_ID}/deployments/churn-1`)).to.deep.include({
      tags: { team: "risk", [GENERATION_TAG]: "churn-1" },
    });
  });

  it("changes tags and description in place, without a job", async () => {
    const azure = new Azure();
    await azure.up("churn-1");
    const properties = { ...body.properties, description: "second" };
    await azure.up("churn-1", { ...body, properties, tags: { team: "fraud" } });
    expect(azure.submitted).to.have.length(1);
    expect(azure.resources.get(`${BATCH_ENDPOINT_ID}/deployments/churn-1`)).to.deep.nested.include({
      "properties.description": "second",
      "tags.team": "fraud",
    });
  });

  it("leaves the default and tells what the job says where it fails", async () => {
    const azure = new Azure();
    await azure.up("churn-1");
    azure.status = "Failed";
    const ending = await azure.up("churn-2");
    expect(ending).to.have.property("kind", "fail");
    expect(ending).to.have.property("reason").that.contains("the job ended Failed: the model fell over");
    expect(azure.endpoint.properties.defaults).to.deep.equal({ deploymentName: "churn-1" });
  });

  it("takes all of its own away, the default first", async () => {
    const azure = new Azure();
    await azure.up("churn-1");
    const rollout = { endpointId: BATCH_ENDPOINT_ID, generation: "churn-1", deployment: body, proof };
    const service = azureService(
      azure.clients,
      rollout,
      undefined,
      () => undefined,
      () => undefined,
    );
    expect(await run(service, planRemoval, () => undefined)).to.deep.equal({ kind: "end", phase: "Gone" });
    expect([...azure.resources.keys()]).to.deep.equal([BATCH_ENDPOINT_ID]);
    expect(azure.endpoint.properties.defaults).to.deep.equal({});
    expect(azure.endpoint.tags).to.deep.equal({ owner: "us" });
  });
});
