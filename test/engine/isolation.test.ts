import { expect } from "chai";
import { askAdmin } from "../../local/running";
import type { Status } from "../../local/status";
import { LocalAzure } from "../helpers/local-azure";
import { ProgramStack } from "../helpers/program-stack";

const pypi = { type: "fqdn", destination: "pypi.org" };
const conda = { type: "fqdn", destination: "*.anaconda.org" };
const factory = { type: "serviceTag", serviceTag: "DataFactory", protocol: "TCP", portRanges: "443" };

for (const isolation of ["private", "managedApprovedOnly"]) {
  describe(`a workspace of isolation ${isolation} on the local Azure`, () => {
    const azure = new LocalAzure();
    let stack: ProgramStack;

    before(async () => {
      await azure.start();
      stack = await ProgramStack.create(azure, "isolated", { isolation, outboundRules: { pypi, factory } });
    });
    after(async () => await azure.remove());

    it("comes up with a cluster in its network, and then has nothing left to do", async () => {
      await stack.succeeds("up", "--yes", "--skip-preview");
      await stack.succeeds("preview", "--expect-no-changes");
    });

    it("refreshes without drift, whatever rules and connections Azure has added", async () => {
      await stack.succeeds("refresh", "--yes", "--expect-no-changes");
      await stack.succeeds("preview", "--expect-no-changes");
    });

    it("changes rules and then tags in place, and no rule of the last refresh comes back", async () => {
      stack.set("outboundRules", { pypi, conda });
      await stack.succeeds("up", "--yes", "--skip-preview");
      // The workspace's PUT names the rules that the refresh read.
      stack.set("team", "fraud");
      const said = await stack.succeeds("up", "--yes", "--skip-preview");
      if (isolation === "managedApprovedOnly")
        expect(said)
          .to.contain("outbound rule factory is taken away")
          .and.to.contain("outbound rule conda is put back");
      await stack.succeeds("refresh", "--yes", "--expect-no-changes");
      await stack.succeeds("preview", "--expect-no-changes");
    });

    it("goes without leaving anything, answered throughout as Microsoft's models have it", async () => {
      await stack.succeeds("destroy", "--yes", "--skip-preview");
      expect((await askAdmin<Status>(azure.paths, azure.run(), "status")).resources).to.equal(0);
      expect(await askAdmin<string[]>(azure.paths, azure.run(), "violations")).to.deep.equal([]);
    });
  });
}
