import { readFileSync } from "node:fs";
import type { JsonObject } from "../../json";
import { changesOf } from "../object-diff";
import type { CheckFailure, Provider, ResourceState } from "../provider";
import { isUnknown, UNKNOWN } from "../values";
import { randomResource } from "./resources";

/** `@pulumi/random` on this machine: a value is made once and kept in the state; another argument makes another value. */
export class Random implements Provider {
  readonly version = (
    JSON.parse(readFileSync(require.resolve("@pulumi/random/package.json"), "utf8")) as { version: string }
  ).version;

  async configure(): Promise<void> {
    // Nothing to configure.
  }

  async check({ urn, newInputs }: Parameters<Provider["check"]>[0]): ReturnType<Provider["check"]> {
    const resource = randomResource(urn.type);
    const failures: CheckFailure[] = resource.required
      .filter((name) => newInputs[name] === undefined)
      .map((name) => ({ property: name, reason: `missing required property '${name}'` }));
    for (const [name, value] of Object.entries(newInputs)) {
      const expected = resource.args[name];
      if (value === undefined || isUnknown(value)) continue;
      if (expected === undefined)
        failures.push({
          property: name,
          reason: `there is no property '${name}'; allowed: ${Object.keys(resource.args).join(", ")}`,
        });
      else if (typeof value !== expected)
        failures.push({
          property: name,
          reason: `'${name}' should be of type '${expected}' but got a ${typeof value}`,
        });
    }
    return { inputs: newInputs, failures: failures.length > 0 ? failures : resource.problems(newInputs) };
  }

  async diff({ oldInputs, newInputs }: Parameters<Provider["diff"]>[0]): ReturnType<Provider["diff"]> {
    return { changes: changesOf(oldInputs, newInputs, () => true), deleteBeforeReplace: false };
  }

  async create({ urn, inputs, preview }: Parameters<Provider["create"]>[0]): Promise<ResourceState> {
    const resource = randomResource(urn.type);
    if (preview)
      return {
        id: "",
        outputs: { ...inputs, ...Object.fromEntries(resource.results.map((name) => [name, UNKNOWN])) },
      };
    const { id, outputs } = resource.make(inputs);
    return { id, outputs: { ...inputs, ...outputs } };
  }

  async read({
    urn,
    id,
    oldInputs,
    oldOutputs,
  }: Parameters<Provider["read"]>[0]): ReturnType<Provider["read"]> {
    randomResource(urn.type);
    if (oldInputs === undefined && Object.keys(oldOutputs).length === 0)
      throw new Error(
        `${urn.type} cannot be imported: its value is made by this program and kept in its state only.`,
      );
    return { id, outputs: oldOutputs, inputs: oldInputs ?? {} };
  }

  async update({ oldOutputs, newInputs }: Parameters<Provider["update"]>[0]): Promise<JsonObject> {
    return { ...oldOutputs, ...newInputs };
  }

  async delete(): Promise<void> {
    // The value lives in the state, which the engine clears.
  }

  async invoke(token: string): Promise<JsonObject> {
    throw new Error(`${token}: random has no functions.`);
  }

  cancel(): void {
    // Nothing takes long enough to be ended.
  }
}
