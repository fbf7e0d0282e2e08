import { expect } from "chai";
import { Workspace } from "../../components";
import { adviceOn, nextTry, waitsForRole } from "../../components/refusals";
import { runProgram } from "../helpers/pulumi-mocks";

const identityRefused =
  "PUT …/workspaces/mlw: Code=\"AuthorizationFailed\" Message=\"The client 'c' with object id 'o' does not have authorization to perform action 'Microsoft.Storage/storageAccounts/write' over scope 's'\"";

describe("what Azure refuses a workspace", () => {
  it("is tried again where a role of its identity may be on its way, and nowhere else", () => {
    expect(waitsForRole(identityRefused)).to.equal(true);
    expect(waitsForRole('Code="ForbiddenByRbac" Message="Caller is not authorized …"')).to.equal(true);
    expect(waitsForRole('Code="BadArgument" Message="A workspace needs \'keyVault\'"')).to.equal(false);
  });

  it("is not tried again where whoever runs `up` may not, or where Azure has begun to make it", () => {
    const caller = identityRefused.replace(
      "Microsoft.Storage/storageAccounts",
      "Microsoft.MachineLearningServices/workspaces",
    );
    expect(waitsForRole(caller)).to.equal(false);
    expect(waitsForRole(`1 error occurred:\n\t* ${identityRefused}\n\n`)).to.equal(false);
  });

  it("is tried at growing intervals for a quarter of an hour", () => {
    const waits: number[] = [];
    let waited = 0;
    for (let wait = nextTry(1, 0); wait !== undefined; wait = nextTry(waits.length + 1, waited)) {
      waits.push(wait);
      waited += wait;
    }
    expect(waits.slice(0, 6)).to.deep.equal([1000, 2000, 4000, 8000, 15_000, 15_000]);
    expect(waited).to.be.within(14 * 60_000, 15 * 60_000);
    // The engine gives up by itself at 100.
    expect(waits.length).to.be.lessThan(100);
  });

  it("is explained with what to do: soft deletion, locks", () => {
    expect(adviceOn("400 BadRequest: Soft-deleted workspace exists. Please purge or recover it.")).to.match(
      /--permanently-delete.*onDelete: "purge"/,
    );
    expect(adviceOn("A vault with the same name already exists in deleted state.")).to.contain(
      "az keyvault purge",
    );
    expect(adviceOn('Code="ScopeLocked" Message="The scope cannot perform delete operation …"')).to.contain(
      "az lock delete",
    );
    expect(adviceOn("OutOfQuota")).to.equal(undefined);
  });

  it("leaves the consumer's unit tests alone: Pulumi's mocks have no hooks", async () => {
    const { resources } = await runProgram(() => new Workspace("ws", { location: "westeurope" }));
    expect(resources.map(({ name }) => name)).to.include("ws-purge");
  });
});
