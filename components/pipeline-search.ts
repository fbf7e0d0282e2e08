import * as pulumi from "@pulumi/pulumi";
import type { StepSearch } from "../providers/pipeline/types";
import type { SweepDistribution } from "../providers/sweep-job/types";
import type { SweepStep } from "./pipeline-steps";

/** What a step that is a sweep tries, and what its trials are judged by. */
export function searchOf(step: SweepStep): pulumi.Output<StepSearch> {
  const { searchSpace, samplingAlgorithm, objective, earlyTermination, limits } = step;
  const maxTotalTrials = pulumi.output(limits).maxTotalTrials;
  return pulumi.output({
    ...{ searchSpace, samplingAlgorithm, objective, maxTotalTrials },
    ...(earlyTermination === undefined ? {} : { earlyTermination }),
  }) as unknown as pulumi.Output<StepSearch>;
}

/** A trial's command as its component has it, to which a value that is tried is an input as any. */
export function trialCommand(command: string): string {
  return command.replace(/\$\{\{\s*search_space\.(\w+)\s*\}\}/g, "${{inputs.$1}}");
}

/** The component's input of a name of the search space. */
export function searchedInput(distribution: SweepDistribution): { readonly type: string } {
  if (distribution.type === "randint") return { type: "integer" };
  if (distribution.type !== "choice") return { type: "number" };
  const [first, ...others] = distribution.values.map((value) => typeof value);
  const same = first !== undefined && others.every((other) => other === first);
  return { type: same ? first : "string" };
}
