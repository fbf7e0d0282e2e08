import { expect } from "chai";
import { createArm, type Arm } from "../../providers/clients/arm";
import { ArmError } from "../../providers/clients/arm-error";
import { resourceParts, workspaceParts } from "../../providers/clients/arm-id";
import type { Deadline } from "../../providers/clients/deadline";
import { printFault, ProviderError } from "../../providers/clients/errors";
import { purge } from "../../providers/purge/purge";
import { check as checkPurge } from "../../providers/purge/provider";
import { UNKNOWN } from "../../providers/rules";
import type { PurgeInputs } from "../../providers/purge/types";
import { failure } from "../helpers/failure";
import { ENDPOINT_ID, WORKSPACE_ID } from "../helpers/pulumi-mocks";
import { ScriptedArm, scriptedCredential, TOKEN, type ScriptedAnswer } from "../helpers/scripted-arm";

const apiVersion = "2025-12-01";
const operation = "https://management.azure.com/subscriptions/s/operations/1?api-version=2025-12-01";
const running = { status: 200, body: { status: "Running" } };
const succeeded = { status: 200, body: { status: "Succeeded" } };

function scripted(...answers: ScriptedAnswer[]): { arm: Arm; server: ScriptedArm } {
  const server = new ScriptedArm(answers);
  return { server, arm: createArm({ credential: scriptedCredential, httpClient: server }) };
}

/** A deadline that passes after so many waits. */
function deadlineAfter(waits: number): Deadline {
  let left = waits;
  return { allowance: "2 minutes", sleep: async () => (left -= 1) >= 0 };
}

describe("the client of Azure Resource Manager", () => {
  it("waits for the operation that a PUT begins, then reads what became of it", async () => {
    const { arm, server } = scripted(
      { status: 201, headers: { "azure-asyncoperation": operation } },
      running,
      succeeded,
      { status: 200, body: { name: "oe-test" } },
    );
    expect(await arm.put(ENDPOINT_ID, { apiVersion, body: {} })).to.deep.equal({ name: "oe-test" });
    expect(server.asked().map((line) => line.split(" ")[0])).to.deep.equal(["PUT", "GET", "GET", "GET"]);
  });

  it("waits at the address of a DELETE until it answers other than 202", async () => {
    const { arm, server } = scripted(
      { status: 202, headers: { location: operation } },
      { status: 202 },
      { status: 204 },
    );
    await arm.remove(WORKSPACE_ID, { apiVersion, query: { forceToPurge: "true" } });
    expect(server.asked()[0]).to.equal(`DELETE ${WORKSPACE_ID}?api-version=2025-12-01&forceToPurge=true`);
    expect(server.requests).to.have.length(3);
  });

  it("takes what is not there for read as none, and for deleted", async () => {
    const gone = { status: 404, body: { error: { code: "ResourceNotFound", message: "no such thing" } } };
    const { arm } = scripted(gone, gone);
    expect(await arm.read(ENDPOINT_ID, { apiVersion })).to.equal(undefined);
    await arm.remove(ENDPOINT_ID, { apiVersion });
  });

  it("gathers a list page by page", async () => {
    const next = `https://management.azure.com${WORKSPACE_ID}/models?api-version=2025-12-01&skip=1`;
    const { arm } = scripted(
      { status: 200, body: { value: [1], nextLink: next } },
      { status: 200, body: { value: [2] } },
    );
    expect(await arm.list(`${WORKSPACE_ID}/models`, { apiVersion })).to.deep.equal([1, 2]);
  });

  it("tells an error by method, path, code, message and correlation id, without token or query", async () => {
    const { arm } = scripted({
      status: 409,
      headers: { "x-ms-correlation-request-id": "corr-1" },
      body: {
        error: { code: "Conflict", message: "Already running", details: [{ message: "method Update" }] },
      },
    });
    const error = await failure(arm.put(ENDPOINT_ID, { apiVersion, body: {}, query: { sig: "s3cr3t" } }));
    expect(error).to.be.instanceOf(ArmError);
    expect(error.message).to.equal(
      `PUT ${ENDPOINT_ID}: 409 Conflict: Already running method Update (correlation id corr-1)`,
    );
    expect(`${error.message}${error.stack}`).to.not.contain(TOKEN);
  });

  it("tells how an operation ended that failed", async () => {
    const { arm } = scripted(
      { status: 201, headers: { "azure-asyncoperation": operation } },
      { status: 200, body: { status: "Failed", error: { code: "OutOfQuota", message: "no cores left" } } },
    );
    expect((await failure(arm.put(ENDPOINT_ID, { apiVersion, body: {} }))).message).to.contain(
      "OutOfQuota: no cores left",
    );
  });

  it("gives up at its own deadline, and says that the next run goes on", async () => {
    const { arm } = scripted({ status: 201, headers: { "azure-asyncoperation": operation } }, running);
    const error = await failure(arm.put(ENDPOINT_ID, { apiVersion, body: {}, deadline: deadlineAfter(1) }));
    expect(error).to.be.instanceOf(ProviderError);
    expect(error.message).to.contain("has not ended after 2 minutes").and.to.contain("goes on");
  });

  it("sends its token to nobody else, wherever an answer points", async () => {
    const { arm, server } = scripted({ status: 202, headers: { location: "https://elsewhere.example/1" } });
    const error = await failure(arm.remove(ENDPOINT_ID, { apiVersion }));
    expect(error.message).to.contain("elsewhere.example");
    expect(server.requests).to.have.length(1);
  });
});

describe("an ARM id", () => {
  it("is taken apart in any case, a deeper resource's too", () => {
    expect(workspaceParts(`${ENDPOINT_ID}/deployments/d`)).to.deep.include({
      resourceGroupName: "rg-test",
      workspaceName: "mlw-test",
    });
    expect(workspaceParts(WORKSPACE_ID.toUpperCase()).workspaceName).to.equal("MLW-TEST");
    expect(resourceParts("/subscriptions/s/resourceGroups/rg").name).to.equal("rg");
  });

  it("that is none is refused by name", () => {
    for (const id of ["", "mlw-test", "/subscriptions/s", WORKSPACE_ID.replace("workspaces", "registries")])
      expect(() => workspaceParts(id)).to.throw(ProviderError, id);
  });
});

describe("purging", () => {
  const logs = WORKSPACE_ID.replace("Microsoft.MachineLearningServices", "Microsoft.OperationalInsights");
  const vault = "/subscriptions/s/providers/Microsoft.KeyVault/locations/westeurope/deletedVaults/kv";

  it("asks each service in its own way", async () => {
    const { arm, server } = scripted(
      { status: 204 },
      { status: 204 },
      { status: 200, body: { properties: {} } },
      { status: 202, headers: { location: operation } },
      { status: 200 },
    );
    await purge(arm, WORKSPACE_ID);
    await purge(arm, logs);
    await purge(arm, vault);
    expect(server.asked().slice(0, 4)).to.deep.equal([
      `DELETE ${WORKSPACE_ID}?api-version=2025-12-01&forceToPurge=true`,
      `DELETE ${logs}?api-version=2023-09-01&force=true`,
      `GET ${vault}?api-version=2024-11-01`,
      `POST ${vault}/purge?api-version=2024-11-01`,
    ]);
  });

  it("leaves a vault alone that was never deleted, or that Azure protects", async () => {
    const { arm, server } = scripted(
      { status: 404 },
      {
        status: 200,
        body: { properties: { purgeProtectionEnabled: true, scheduledPurgeDate: "2027-01-01" } },
      },
    );
    await purge(arm, vault);
    await purge(arm, vault);
    expect(server.asked().map((line) => line.split(" ")[0])).to.deep.equal(["GET", "GET"]);
  });

  it("refuses what can't be purged, and passes what is not known yet", async () => {
    const failures = async (targetId: string): Promise<number> => {
      const inputs: PurgeInputs = { targetId, onDelete: "purge" };
      return (await checkPurge(inputs, inputs)).failures?.length ?? 0;
    };
    expect(await failures(ENDPOINT_ID)).to.equal(1);
    expect(await failures(UNKNOWN)).to.equal(0);
    expect(await failures(vault)).to.equal(0);
  });
});

describe("a fault, as it is printed", () => {
  it("says what is wrong, where, what is allowed and what to do, in one line", () => {
    expect(
      printFault({ where: "path", what: "no such folder", allowed: "a folder", tryThis: "another." }),
    ).to.equal("path: no such folder. Allowed: a folder. Try: another.");
    expect(new ProviderError({ what: "wrong" }).stack).to.equal("");
  });
});
