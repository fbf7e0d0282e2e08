import { expect } from "chai";
import { ModelMonitor } from "../../components";
import type { JsonObject } from "../../local/json";
import { azureRequests } from "../helpers/azure-requests";
import { runProgram } from "../helpers/pulumi-mocks";
import { codeOf, Harness, propertiesOf, WORKSPACE } from "./arm-harness";

describe("the local Azure's schedules", () => {
  const id = `${WORKSPACE}/schedules/each-morning`;
  const cron = { triggerType: "Cron", expression: "0 6 * * *", timeZone: "UTC" };
  const action = { actionType: "InvokeBatchEndpoint", endpointInvocationDefinition: {} };
  const body = (more: JsonObject = {}): JsonObject => ({ properties: { action, trigger: cron, ...more } });

  let arm: Harness;
  before(async () => {
    arm = new Harness();
    await arm.makeWorkspace();
  });
  after(async () => {
    const violations = arm.arm.violations();
    await arm.close();
    expect(violations, "answers that break Microsoft's models").to.deep.equal([]);
    expect(arm.logged, "faults").to.deep.equal([]);
  });

  it("are kept, on unless they say otherwise", async () => {
    await arm.finish("PUT", id, body());
    expect(propertiesOf((await arm.ask("GET", id)).body)).to.include({
      isEnabled: true,
      provisioningState: "Succeeded",
    });
    await arm.finish("PUT", id, body({ isEnabled: false }));
    expect(propertiesOf((await arm.ask("GET", id)).body)["isEnabled"]).to.equal(false);
    const named = async (query: string): Promise<unknown[]> =>
      ((await arm.ask("GET", `${WORKSPACE}/schedules${query}`)).body["value"] as JsonObject[]).map(
        ({ name }) => name,
      );
    expect(await named("")).to.deep.equal([]);
    expect(await named("?listViewType=All")).to.deep.equal(["each-morning"]);
  });

  it("are refused with times that are none, an end before the start, other crons, and what is not there", async () => {
    const wrong = [
      { trigger: { ...cron, expression: "0 0 6 * * *" } },
      { trigger: { ...cron, expression: "0 24 * * *" } },
      { trigger: { ...cron, startTime: "2026-01-31T18:00:00Z" } },
      { trigger: { ...cron, startTime: "2026-01-31T18:00:00", endTime: "2026-01-30T18:00:00" } },
      { trigger: { triggerType: "Hourly" } },
    ];
    for (const more of wrong)
      expect((await arm.ask("PUT", id, body(more))).status, JSON.stringify(more)).to.equal(400);
    const nowhere = { ...action, endpointInvocationDefinition: { endpointName: "be-nowhere" } };
    expect(codeOf(await arm.ask("PUT", id, body({ action: nowhere })))).to.equal("ResourceNotFound");
  });

  /** What a `ModelMonitor` puts. */
  const monitor = async (threshold: number): Promise<JsonObject> => {
    const data = { uri: "azureml:rows:1", context: "model_inputs" };
    const program = await runProgram(
      () =>
        new ModelMonitor("churn", {
          workspaceId: WORKSPACE,
          compute: { instanceType: "Standard_E4s_v3" },
          taskType: "Regression",
          signals: {
            drift: {
              type: "DataDrift",
              production: { ...data, trailing: { size: "P7D" } },
              reference: data,
              thresholds: { numerical: { PopulationStabilityIndex: threshold } },
            },
          },
          cron: "0 6 * * 1",
        }),
    );
    const [request] = azureRequests(program.named("churn")) ?? [];
    return request?.body ?? {};
  };

  it("keep a monitor as it is declared, which no other threshold changes, but other times", async () => {
    const monitored = `${WORKSPACE}/schedules/sched-churn`;
    const declared = await monitor(0.1);
    await arm.finish("PUT", monitored, declared);
    const kept = async (): Promise<JsonObject> => propertiesOf((await arm.ask("GET", monitored)).body);
    expect((await kept())["action"]).to.deep.equal(propertiesOf(declared)["action"]);

    expect(codeOf(await arm.ask("PUT", monitored, await monitor(0.2)))).to.equal("BadArgument");
    const paused = { properties: { ...propertiesOf(declared), isEnabled: false } };
    await arm.finish("PUT", monitored, paused);
    expect(await kept()).to.deep.include({ isEnabled: false, action: propertiesOf(declared)["action"] });
  });

  it("refuse a monitor of the older form that azure-ai-ml has", async () => {
    const declared = JSON.stringify(await monitor(0.1)).replace('"Rolling"', '"Trailing"');
    const answer = await arm.ask("PUT", `${WORKSPACE}/schedules/older`, JSON.parse(declared) as JsonObject);
    expect(answer.status).to.equal(400);
  });

  it("go", async () => {
    await arm.finish("DELETE", id);
    expect(codeOf(await arm.ask("GET", id))).to.equal("ResourceNotFound");
  });
});
