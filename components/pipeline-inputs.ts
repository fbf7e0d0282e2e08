import type * as pulumi from "@pulumi/pulumi";
import type { StepBinding } from "../providers/pipeline/types";
import { fromOf, inputName, isPlain } from "./pipeline-references";

/** Where a step's input comes from: another step, or the inputs of the pipeline that it is in. */
export function bindingOf(step: string, input: string, value: unknown): pulumi.Input<StepBinding> {
  const mode = (isPlain(value) ? Reflect.get(value, "mode") : undefined) as pulumi.Input<string> | undefined;
  const moded = mode === undefined ? {} : { mode };
  const from = fromOf(value);
  return (
    from === undefined
      ? { input: inputName(step, input), ...moded }
      : { step: from.step ?? "", output: from.output ?? "", ...moded }
  ) as pulumi.Input<StepBinding>;
}
