import { badArgument } from "../arm/errors";

/** What a command's `${{inputs.x}}` and `${{outputs.y}}` stand for, by name. */
export interface Bindings {
  readonly inputs: Readonly<Record<string, string>>;
  readonly outputs: Readonly<Record<string, string>>;
}

const BINDING = /\$\{\{(.*?)\}\}/g;
const NAMED = /^\s*(inputs|outputs)\.([A-Za-z_]\w*)\s*$/;

/**
 * The command with each binding's value in its place, as it is: nothing is quoted, as Azure ML quotes nothing.
 * @throws ArmError (400) for a binding of nothing that the job has
 */
export function substituted(command: string, bindings: Bindings): string {
  return command.replace(BINDING, (whole: string, inner: string) => {
    const [, kind, name = ""] = NAMED.exec(inner) ?? [];
    if (kind === undefined)
      throw badArgument(
        `The command has '${whole}'; it takes \${{inputs.NAME}} and \${{outputs.NAME}}.`,
        "properties.command",
      );
    const values = bindings[kind as keyof Bindings];
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    if (value !== undefined) return value;
    const known = Object.keys(values).join(", ") || "none";
    throw badArgument(
      `The command has '${whole}', but the job's ${kind} are: ${known}. Declare it, or take it out of the command.`,
      "properties.command",
    );
  });
}
