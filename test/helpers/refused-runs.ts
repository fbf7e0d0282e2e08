import { expect } from "chai";
import { compileRun, type ProjectRun } from "../../providers/mlflow-project/compile";
import { FILES, projectOf } from "./mlflow-projects";

/** A run that is refused. */
export interface RefusedRun {
  readonly what: string;
  readonly files: Readonly<Record<string, string>>;
  readonly run?: ProjectRun;
  readonly message: RegExp;
}

/** A test for each. */
export function testRefusals(runs: readonly RefusedRun[]): void {
  for (const { what, files, run = {}, message } of runs)
    it(what, () => expect(refusal(run, files)).to.match(message));
}

/** A project with these fields of its entry point main, the first in line 3. */
export const main = (fields: string): Record<string, string> => ({
  ...FILES,
  MLproject: `entry_points:\n  main:\n    ${fields.replaceAll("\n", "\n    ")}\n`,
});

/** What it is refused with. */
const refusal = (run: ProjectRun, files: Readonly<Record<string, string>>): string => {
  try {
    compileRun(projectOf(files), run);
  } catch (error) {
    expect((error as Error).name, String(error)).to.equal("ProviderError");
    return (error as Error).message;
  }
  throw new Error("it is not refused");
};
