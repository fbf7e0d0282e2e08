import { expect } from "chai";
import fc from "fast-check";
import { MiniBatchQueue, splitFiles, type Attempt } from "../../local/batch/mini-batches";

const named = (count: number): string[] => Array.from({ length: count }, (_, index) => `f${index}`);

describe("the mini-batches of a batch job", () => {
  it("are the files in order, so many at a time", () => {
    expect(splitFiles(named(5), 2)).to.deep.equal([
      { index: 0, files: ["f0", "f1"] },
      { index: 1, files: ["f2", "f3"] },
      { index: 2, files: ["f4"] },
    ]);
  });

  it("are tried again as often as said; a process that ends is forgiven twice", () => {
    const tries = (why: "failed" | "died", maxRetries: number): number => {
      const queue = new MiniBatchQueue(splitFiles(named(1), 1), [], maxRetries);
      for (let count = 1; ; count++) if (queue.giveBack(queue.take() as Attempt, why)) return count;
    };
    expect([tries("failed", 0), tries("failed", 3)]).to.deep.equal([1, 4]);
    expect([tries("died", 0), tries("died", 5)]).to.deep.equal([3, 6]);
  });

  it("end once each, whatever becomes of the processes and however often the local Azure starts again", () => {
    const event = fc.constantFrom("ends", "fails", "dies", "restarts");
    fc.assert(
      fc.property(
        fc.nat(12),
        fc.integer({ min: 1, max: 4 }),
        fc.nat(2),
        fc.array(event, { maxLength: 80 }),
        (files, size, retries, events) => {
          const all = splitFiles(named(files), size);
          const outcomes: { index: number; succeeded: number; failed: number; rows: number }[] = [];
          let queue = new MiniBatchQueue(all, [], retries);
          let working: Attempt[] = [];
          const act = (what: string): void => {
            const next = queue.take();
            if (next !== undefined) working.push(next);
            const one = what === "restarts" ? undefined : working.shift();
            if (what === "restarts") {
              queue = new MiniBatchQueue(all, outcomes, retries);
              working = [];
            }
            if (one === undefined) return;
            const outcome =
              what === "ends"
                ? queue.end(one, { succeeded: one.files.length, failed: 0, rows: 7 })
                : queue.giveBack(one, what === "fails" ? "failed" : "died");
            if (outcome !== undefined) outcomes.push(outcome);
          };
          events.forEach(act);
          while (!queue.finished) act("ends");
          expect(outcomes.map(({ index }) => index).sort((a, b) => a - b)).to.deep.equal(
            all.map((each) => each.index),
          );
          const { total, succeeded, failed, rows } = queue.counts;
          expect([total, succeeded + failed]).to.deep.equal([files, files]);
          expect(rows).to.equal(outcomes.reduce((sum, outcome) => sum + outcome.rows, 0));
        },
      ),
    );
  });
});
