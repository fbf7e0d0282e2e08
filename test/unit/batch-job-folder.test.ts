import { expect } from "chai";
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { JobFolder } from "../../local/batch/job-folder";

describe("the folder of a batch job", () => {
  const folder = mkdtempSync(join(tmpdir(), "job-"));
  after(() => rmSync(folder, { recursive: true }));
  const outcome = (index: number) => ({ index, succeeded: 1, failed: 0, rows: 1 });

  it("has each outcome that was written whole, and takes further ones, after a kill in the middle of one", () => {
    const killed = new JobFolder(folder);
    killed.make();
    killed.keep(outcome(0));
    appendFileSync(join(folder, "outcomes.jsonl"), JSON.stringify(outcome(1)).slice(0, 9));
    const again = new JobFolder(folder);
    again.make();
    expect(again.outcomes).to.deep.equal([outcome(0)]);
    again.keep(outcome(1));
    expect(again.outcomes).to.deep.equal([outcome(0), outcome(1)]);
  });

  it("keeps a mini-batch's lines apart from what an earlier process still writes", () => {
    const job = new JobFolder(folder);
    const [late, good] = [job.draft(2), job.draft(2)];
    writeFileSync(good, "row\n");
    job.keep(outcome(2), good);
    writeFileSync(late, "half");
    expect(readFileSync(job.lines(2), "utf8")).to.equal("row\n");
  });
});
