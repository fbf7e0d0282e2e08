// @ts-check
"use strict";
const { appendFileSync } = require("node:fs");
const { reporters } = require("mocha");

/** Mocha's spec reporter, which also writes the counts of its run to the file that the option `counts` names. */
class CountingReporter extends reporters.Spec {
  /**
   * @param {import("mocha").Runner} runner
   * @param {{ reporterOption: { counts: string } }} options
   */
  constructor(runner, options) {
    super(runner, /** @type {import("mocha").MochaOptions} */ (options));
    runner.once("end", () => {
      const { passes, failures, pending } = this.stats;
      appendFileSync(
        options.reporterOption.counts,
        `${JSON.stringify({ passed: passes, failed: failures, skipped: pending })}\n`,
      );
    });
  }
}

module.exports = CountingReporter;
