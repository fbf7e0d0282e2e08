import { expect } from "chai";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { askAdmin } from "../../local/running";
import type { Status } from "../../local/status";
import { packageRoot } from "../../tools/paths";
import { LocalAzure } from "../helpers/local-azure";
import { rolloutStack } from "../helpers/rollout-stack";
import { Caller } from "../helpers/score";

const sample: unknown = JSON.parse(
  readFileSync(join(packageRoot(), "examples", "breast-cancer", "sample.json"), "utf8"),
);

/** What a stack with an OnlineDeployment goes through when its program becomes one with a RollingDeployment. */
describe("an OnlineDeployment with all of the traffic", () => {
  const azure = new LocalAzure();
  let caller: Caller | undefined;

  before(async () => await azure.start());
  after(async () => {
    await caller?.close();
    await azure.remove();
  });

  it("stays as it is while a RollingDeployment leaves it all of the traffic, and goes when that takes it; no request is lost", async () => {
    const stack = await rolloutStack(azure);
    await stack.succeeds("up", "--yes", "--skip-preview");
    const { scoringUri = "", key = "" } = await stack.outputs();
    caller = new Caller(azure, scoringUri, key);
    expect(await caller.score(sample)).to.deep.equal({ status: 200, answer: [0] });

    const status = async (): Promise<Status["endpoints"][number] | undefined> =>
      (await askAdmin<Status>(azure.paths, azure.run(), "status")).endpoints[0];
    const before = await status();
    stack.set("rollout", {});
    await caller.answeredDuring(sample, async () => {
      const said = await stack.fails("up", "--yes", "--skip-preview");
      expect(said).to.contain("would get no traffic").and.to.contain('foreignTraffic: "take"');
    });
    expect(await status()).to.deep.equal(before);

    stack.set("rollout", { foreignTraffic: "take" });
    await caller.answeredDuring(sample, async () => await stack.succeeds("up", "--yes", "--skip-preview"));
    const { generation = "", phase } = await stack.outputs();
    const endpoint = await status();
    expect(phase).to.equal("Serving");
    expect(endpoint?.traffic).to.deep.equal({ [generation]: 100 });
    expect(endpoint?.deployments.map(({ name }) => name)).to.deep.equal([generation]);
    await stack.succeeds("preview", "--expect-no-changes");
  });
});
