import * as pulumi from "@pulumi/pulumi";
import type { Isolation } from "../components";
import { isolationRule } from "../components/isolation-args";
import { rolloutRules, type RolloutSettings } from "../components/rolling-deployment-args";
import {
  flag,
  findProblems,
  integer,
  objectOf,
  oneOf,
  optional,
  recordOf,
  rule,
  tags,
  text,
  type Problem,
  type Rule,
  type Rules,
} from "../providers/rules";

/** Who uploads models: the principal that runs `pulumi up`, and people. */
export interface Deployer {
  /** Of the service principal (not its application's client id), user or group. */
  readonly objectId: string;
  /** `ServicePrincipal` by default. */
  readonly principalType?: "ServicePrincipal" | "User" | "Group";
}

/** A stack's settings. `Pulumi.yaml` describes each and holds what it is by default. */
export interface Settings {
  readonly location: string;
  readonly workload: string;
  readonly onDelete: "softDelete" | "purge";
  readonly protectData: boolean;
  readonly lock: "none" | "CanNotDelete";
  /** `create`, an ARM id, or `none`. */
  readonly containerRegistry: string;
  readonly computeVmSize: string;
  readonly computeMinNodes: number;
  readonly computeMaxNodes: number;
  readonly computeIdleSeconds: number;
  readonly modelName: string;
  readonly modelPath: string;
  readonly modelOnDelete: "retain" | "delete";
  /** The only digest that is registered, or `any`. */
  readonly modelDigest: string;
  /** A JSON file, or `none`. */
  readonly smokeRequestsPath: string;
  readonly endpointAuthMode: "AADToken" | "Key";
  readonly instanceType: string;
  readonly instances: number;
  /** The workspace's network, as `Workspace` takes it. */
  readonly isolation?: Isolation;
  /** How another model takes the place of the one that serves, as `RollingDeployment` takes it. */
  readonly rollout?: Omit<RolloutSettings, "smokeRequests">;
  readonly deployers?: Readonly<Record<string, Deployer>>;
  readonly tags?: Readonly<Record<string, string>>;
}

const vmSize = text("an Azure VM size, for instance Standard_DS3_v2", /^Standard_\w+$/);

/** What each setting may be. Those that `Pulumi.yaml` can't describe, because they are objects, are optional. */
export const rules: Rules<Settings> = {
  location: text("an Azure region, for instance westeurope", /^[a-z][a-z0-9]+$/),
  workload: text("1 to 20 lower-case letters, digits and dashes, a letter first", /^[a-z][a-z0-9-]{0,19}$/),
  onDelete: oneOf("softDelete", "purge"),
  protectData: flag(),
  lock: oneOf("none", "CanNotDelete"),
  containerRegistry: text(
    "none, create, or the ARM id of a container registry",
    /^(none|create|\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/Microsoft.ContainerRegistry\/registries\/[^/]+)$/i,
  ),
  computeVmSize: vmSize,
  computeMinNodes: integer(0, 1000),
  computeMaxNodes: integer(1, 1000),
  computeIdleSeconds: integer(60, 86_400),
  modelName: text("letters, digits, dots, dashes and underscores", /^[a-zA-Z0-9][a-zA-Z0-9._-]*$/),
  modelPath: text("the path of a folder"),
  modelOnDelete: oneOf("retain", "delete"),
  modelDigest: text(
    "any, or the SHA-256 digest of a model: 64 hexadecimal digits in lower case",
    /^(any|[0-9a-f]{64})$/,
  ),
  smokeRequestsPath: text("none, or the path of a file"),
  endpointAuthMode: oneOf("AADToken", "Key"),
  instanceType: vmSize,
  instances: integer(1, 50),
  isolation: optional(isolationRule),
  rollout: optional(
    objectOf<RolloutSettings>({
      ...rolloutRules,
      smokeRequests: optional(rule(() => false, "left out: smokeRequestsPath names the file that has them")),
    }),
  ),
  deployers: optional(
    recordOf(
      objectOf<Deployer>({
        objectId: text("an object id: a GUID", /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i),
        principalType: optional(oneOf("ServicePrincipal", "User", "Group")),
      }),
    ),
  ),
  tags: optional(tags),
};

/** Settings that a stack can't be made of. Pulumi prints the message alone, without a stack trace. */
export class InvalidSettings extends pulumi.RunError {
  constructor(
    stack: string,
    readonly lines: readonly string[],
  ) {
    super(
      `Wrong settings of stack ${stack} (stacks/Pulumi.${stack}.yaml):\n${lines.map((line) => `  ${line}`).join("\n")}`,
    );
  }
}

/** The settings of the stack that runs. @throws InvalidSettings with every problem */
export function readSettings(): Settings {
  const project = pulumi.getProject();
  // The SDK has it, but leaves it out of its declarations.
  const { isConfigSecret } = pulumi.runtime as unknown as { isConfigSecret: (key: string) => boolean };
  return parseSettings(pulumi.getStack(), project, pulumi.runtime.allConfig(), (key) =>
    isConfigSecret(`${project}:${key}`),
  );
}

/**
 * @param config every key with its namespace, its value as text, as Pulumi hands it over
 * @param isSecret whether a key, without its namespace, holds a secret: its value is not shown
 */
export function parseSettings(
  stack: string,
  project: string,
  config: Readonly<Record<string, string>>,
  isSecret: (key: string) => boolean = () => false,
): Settings {
  const own = Object.entries(config)
    .filter(([key]) => key.startsWith(`${project}:`))
    .map(([key, value]) => [key.slice(project.length + 1), value] as const);
  const values = Object.fromEntries(own.map(([key, value]) => [key, valueOf(key, value)]));
  const problems = [...findProblems<Settings>(rules, values), ...nodeProblems(values)];
  if (problems.length > 0)
    throw new InvalidSettings(
      stack,
      problems.map((problem) => printProblem(project, problem, isSecret)),
    );
  return values as unknown as Settings;
}

/** Pulumi hands every value over as text; what isn't text by its rule is JSON. */
function valueOf(key: string, value: string): unknown {
  const rule = (rules as Readonly<Record<string, Rule>>)[key];
  if (rule === undefined || findProblems({ [key]: rule }, { [key]: value }).length === 0) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

function nodeProblems({ computeMinNodes, computeMaxNodes }: Partial<Settings>): Problem[] {
  if (typeof computeMinNodes !== "number" || typeof computeMaxNodes !== "number") return [];
  if (computeMinNodes <= computeMaxNodes) return [];
  return [
    {
      path: "computeMinNodes",
      value: computeMinNodes,
      reason: `it must be at most computeMaxNodes, ${computeMaxNodes}`,
    },
  ];
}

function printProblem(
  project: string,
  { path, value, reason }: Problem,
  isSecret: (key: string) => boolean,
): string {
  const [key = ""] = path.split(".");
  const shown = isSecret(key) ? "[secret]" : JSON.stringify(value);
  return `${project}:${path} is ${value === undefined ? "missing" : shown}: ${reason}`;
}
