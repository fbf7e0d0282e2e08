import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { ProviderError } from "../../providers/clients/errors";
import { reasonOf } from "../../providers/doctor/finding";

const run = promisify(execFile);

/** Milliseconds for one answer of the engine's. */
const PATIENCE = 60_000;

export interface StackPlace {
  readonly stack: string;
  /** The program's folder. */
  readonly folder: string;
  /** The stack's file, where it is not beside the others. */
  readonly configFile?: string;
}

/** What a stack says of itself. Its configuration may be secret: it stays in this process's memory. */
export interface StackFacts {
  readonly outputs: Readonly<Record<string, unknown>>;
  /** By whole keys: `azure-native:clientId`. */
  readonly config: Readonly<Record<string, string>>;
}

/** @throws ProviderError where the engine isn't there, or does not know the stack */
export async function readStack({ stack, folder, configFile }: StackPlace): Promise<StackFacts> {
  const file = configFile === undefined ? [] : ["--config-file", configFile];
  const [outputs, config] = await Promise.all([
    pulumi(folder, stack, ["stack", "output", "--json"]),
    pulumi(folder, stack, ["config", "--json", "--show-secrets", ...file]),
  ]);
  return {
    outputs,
    config: Object.fromEntries(
      Object.entries(config).flatMap(([key, setting]) => {
        const { value } = setting as { readonly value?: string };
        return value === undefined ? [] : [[key, value]];
      }),
    ),
  };
}

async function pulumi(
  folder: string,
  stack: string,
  args: readonly string[],
): Promise<Readonly<Record<string, unknown>>> {
  try {
    const { stdout } = await run("pulumi", [...args, "--stack", stack, "--non-interactive"], {
      cwd: folder,
      timeout: PATIENCE,
      env: { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" },
    });
    return JSON.parse(stdout || "{}") as Readonly<Record<string, unknown>>;
  } catch (error) {
    // The message of a failed process begins with its command line, and what it said is on stderr; stdout may hold secrets.
    const said = (error as { stderr?: string }).stderr?.trim().split("\n").at(-1);
    throw new ProviderError({
      what: `\`pulumi ${args.slice(0, 2).join(" ")}\` tells nothing: ${said || reasonOf(error)}`,
      where: `stack ${stack}`,
      tryThis: "the program's folder by --cwd, and `pulumi stack ls` there",
    });
  }
}

/** A setting of the program's own, under whatever project's name. */
export function ownSetting({ config }: StackFacts, name: string): string | undefined {
  return Object.entries(config).find(
    ([key]) => key.endsWith(`:${name}`) && !key.startsWith("azure-native:") && !key.startsWith("pulumi:"),
  )?.[1];
}
