import { expect } from "chai";
import { askAdmin } from "../../local/running";
import type { Status } from "../../local/status";
import { changedExample } from "../helpers/changed-example";
import { LocalAzure } from "../helpers/local-azure";
import type { ProgramStack } from "../helpers/program-stack";
import { rolloutStack } from "../helpers/rollout-stack";

/** A RollingDeployment whose next generation the subscription's quota has no room for, by the real engine. */
describe("a RollingDeployment whose quota is short", () => {
  const azure = new LocalAzure({ PULUMI_AZUREML_LOCAL_SPEED: "60" });
  let stack: ProgramStack;
  const up = ["up", "--yes", "--skip-preview"] as const;
  const endpoint = async (): Promise<Status["endpoints"][number] | undefined> =>
    (await askAdmin<Status>(azure.paths, azure.run(), "status")).endpoints[0];
  const quota = async (faults: object): Promise<void> => {
    const { exitCode, stderr } = await azure.command("faults", JSON.stringify(faults));
    expect(exitCode, stderr).to.equal(0);
  };

  before(async () => {
    await azure.start();
    stack = await rolloutStack(azure, {
      strategy: { kind: "allAtOnce" },
      watchSeconds: 0,
      retireAfterSeconds: 0,
    });
    await stack.succeeds(...up);
  });
  after(async () => await azure.remove());

  it("fails with needed, used and limit before anything is made; the same `up` goes through when there is more", async () => {
    const { generation: serving = "" } = await stack.outputs();
    const before = await endpoint();
    await quota({ quota: { cores: 15 } });
    stack.set("model", changedExample(azure, "v2"));
    expect(await stack.fails(...up)).to.match(
      /needs 8 cores for 1 of Standard_DS3_v2, .*8 of 15 are used .*https:\/\/ml\.azure\.com\/quota/,
    );
    expect(await endpoint()).to.deep.equal(before);
    await quota({ quota: { cores: 16 } });
    await stack.succeeds(...up);
    const { generation = "" } = await stack.outputs();
    expect(generation).to.not.equal(serving);
    expect((await endpoint())?.traffic).to.deep.equal({ [generation]: 100 });
  });
});
