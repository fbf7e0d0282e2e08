import type { TextBlob } from "../clients/blob-text";
import { present } from "../inputs";
import type { DeploymentBody } from "./azure";
import type { RolloutInputs } from "./provider";

/** The whole declared rollout, so that it can go on without the program and its state. */
export interface StoredSpec {
  readonly format: 1;
  /** Without the values of environment variables, and without the addresses of check and webhook, and headers. */
  readonly inputs: RolloutInputs & { readonly generation: string };
  /** The names of the environment variables, whose values the deployment in Azure has and the store has not. */
  readonly withheld: readonly string[];
}

/** What may stand in the workspace's store, which more people read than deployments. */
export function storedSpec(inputs: StoredSpec["inputs"]): StoredSpec {
  const { environmentVariables, ...properties } = inputs.deployment.properties;
  const { check, notify, ...rest } = inputs;
  return {
    format: 1,
    inputs: {
      ...rest,
      deployment: { ...inputs.deployment, properties },
      ...(check === undefined ? {} : { check: { url: "" } }),
      ...(notify === undefined ? {} : { notify: present({ url: "", on: notify.on }) }),
    },
    withheld: Object.keys((environmentVariables ?? {}) as object),
  };
}

/** The declared deployment, with the values that only the live one has; undefined where that is gone and they are with it. */
export function restoredBody(
  { inputs, withheld }: StoredSpec,
  live: Pick<DeploymentBody, "properties"> | undefined,
): DeploymentBody | undefined {
  if (withheld.length === 0) return inputs.deployment;
  const environmentVariables = live?.properties["environmentVariables"];
  return environmentVariables === undefined
    ? undefined
    : { ...inputs.deployment, properties: { ...inputs.deployment.properties, environmentVariables } };
}

/** Keeps it. What goes wrong is said, and no reason to stop: only commands outside of `pulumi up` need it. */
export async function saveSpec(
  blob: TextBlob,
  inputs: StoredSpec["inputs"],
  say: (line: string) => void,
): Promise<void> {
  try {
    const text = JSON.stringify(storedSpec(inputs));
    const before = await blob.read();
    if (before?.text === text) return;
    if ((await blob.replace(text, before)) === undefined)
      throw new Error("somebody else has just written it");
  } catch (error) {
    say(`what is declared can't be kept for \`pulumi-azureml rollout\`: ${(error as Error).message}`);
  }
}

/** @returns undefined where there is none, or one that another version of this package wrote */
export function specIn(text: string | undefined): StoredSpec | undefined {
  try {
    const spec = JSON.parse(text ?? "") as Partial<StoredSpec>;
    return spec.format === 1 && spec.inputs !== undefined ? (spec as StoredSpec) : undefined;
  } catch {
    return undefined;
  }
}
