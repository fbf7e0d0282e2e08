import type * as pulumi from "@pulumi/pulumi";
import {
  integer,
  listOf,
  objectOf,
  oneOf,
  optional,
  flag,
  tags,
  text,
  type Rule,
  type Rules,
} from "../providers/rules";
import type { Constraint, Known } from "./args";
import {
  accessRules,
  azureComputeName,
  computeIdentity,
  identityConstraints,
  networkConstraints,
  networkRules,
  sshPublicKey,
  vmSize,
  workspaceId,
  type ComputeIdentity,
  type ComputeNetwork,
  type IdentityArgs,
} from "./compute";
import type { Tags } from "./tags";
import { triggerConstraints, triggerRules, type PlacedTrigger, type Trigger } from "./trigger";
import { guid, location } from "./workspace-args";

/**
 * Tags change in place, and nothing else: Azure takes the rest when an instance is made, and ignores later changes without a word. A change makes another
 * instance; what its user has on the machine's own disk is lost, what is in the workspace's file share stays.
 */
export interface ComputeInstanceArgs extends IdentityArgs, ComputeNetwork {
  /** ARM id of the workspace. */
  readonly workspaceId: pulumi.Input<string>;
  /** Azure region: the workspace's. */
  readonly location: pulumi.Input<string>;
  /**
   * Azure's name: 3 to 24 letters, digits and dashes, unique in the region. By default the component's name with a digest of all but tags, so that
   * another instance is there before this one goes. With a name of yours this one goes first.
   */
  readonly computeName?: pulumi.Input<string>;
  /** Azure VM size, as `Standard_DS3_v2`. It is paid for while the instance runs, and counts on the quota while it is stopped, too. */
  readonly vmSize: pulumi.Input<string>;
  /**
   * Whose machine it is: nobody else gets in. By default who runs `pulumi up`. On a storage account without shared keys the user needs Storage File Data
   * Privileged Contributor (docs:how-to-disable-local-auth-storage), which one assignment gives for all of a user's instances: it is yours to make.
   */
  readonly assignedUser?: AssignedUser;
  /**
   * Minutes without kernel, terminal, job or VS Code connection after which the instance stops: 15 to 4320. 60 by default. With an identity of its own
   * the instance gets Contributor on the workspace, without which Azure would not stop it; give that to identities that you bring.
   */
  readonly idleMinutes?: pulumi.Input<number>;
  /** When the instance starts and stops whatever is going on: up to 4. None by default. */
  readonly schedules?: readonly InstanceSchedule[];
  /** Runs as root when the instance is made, once. None by default. */
  readonly creationScript?: SetupScript;
  /** Runs as root at each start, the first among them. None by default. */
  readonly startupScript?: SetupScript;
  /**
   * RSA public key of who may sign in by SSH, as `azureuser`; opens a port of instances with public addresses. By default nobody may, and local accounts
   * are off.
   */
  readonly sshPublicKey?: pulumi.Input<string>;
  /** Who code on the machine acts as. By default its user: the instance has no identity. */
  readonly identity?: ComputeIdentity;
  /** Of every resource. */
  readonly tags?: Tags;
}

/** A user of Microsoft Entra. */
export interface AssignedUser {
  /** Object id: a GUID. */
  readonly objectId: pulumi.Input<string>;
  /** A GUID. The tenant of who runs `pulumi up` by default. */
  readonly tenantId?: pulumi.Input<string>;
}

/** Starts or stops an instance: by `cron` or by `recurrence`. */
export interface InstanceSchedule extends Trigger {
  /** What is done to the machine: `Start`, from when on it is paid for, or `Stop`. */
  readonly action: pulumi.Input<"Start" | "Stop">;
  /** Whether it is on. True by default. */
  readonly enabled?: pulumi.Input<boolean>;
}

/** A shell script: `content`, or the `path` of one that is in the workspace already. */
export interface SetupScript {
  /** The script itself, without secrets: whoever reads the instance reads it. */
  readonly content?: pulumi.Input<string>;
  /** In the workspace's notebooks, as `Users/ada/setup.sh`. */
  readonly path?: pulumi.Input<string>;
  /** What the script finds as `$1`, `$2` …, separated by spaces. Without secrets, too. */
  readonly arguments?: pulumi.Input<string>;
  /** Minutes after which the script is ended and the instance fails. 15 by default. */
  readonly timeoutMinutes?: pulumi.Input<number>;
}

const INSTANCES = "docs:how-to-create-compute-instance";
const SCRIPTS = "docs:how-to-customize-compute-instance";
const schedule = objectOf<InstanceSchedule>({
  action: oneOf("Start", "Stop"),
  ...triggerRules,
  enabled: optional(flag()),
});

const script: Rule = objectOf<SetupScript>({
  content: optional(text("a shell script")),
  path: optional(text("the path of a .sh file in the workspace's notebooks", /^[^/].*\.sh$/, SCRIPTS)),
  arguments: optional(text("arguments with spaces between them")),
  timeoutMinutes: optional(integer(1, 1440)),
});

const objectId = text("an object id: a GUID", guid);

export const computeInstanceRules: Rules<ComputeInstanceArgs> = {
  workspaceId,
  location,
  computeName: optional(azureComputeName),
  vmSize,
  assignedUser: optional(
    objectOf<AssignedUser>({ objectId, tenantId: optional(text("a tenant's id: a GUID", guid)) }),
  ),
  idleMinutes: optional(integer(15, 4320, `${INSTANCES}: idle shutdown`)),
  schedules: optional(listOf(schedule, { most: 4, source: `${INSTANCES}: four schedules` })),
  creationScript: optional(script),
  startupScript: optional(script),
  ...networkRules,
  sshPublicKey: optional(sshPublicKey),
  identity: optional(computeIdentity),
  ...accessRules,
  tags: optional(tags),
};

export const computeInstanceConstraints: readonly Constraint<ComputeInstanceArgs>[] = [
  ...triggerConstraints("compute-instance-schedule", triggersOf),
  {
    id: "compute-instance-script-source",
    source: `${SCRIPTS}: scriptSource is inline or workspaceStorage`,
    problems: ({ creationScript, startupScript }) =>
      Object.entries({ creationScript, startupScript }).flatMap(([path, given]) =>
        given !== undefined && (given.content === undefined) === (given.path === undefined)
          ? [{ path, value: Object.keys(given), reason: "it must have either content or path" }]
          : [],
      ),
  },
  ...identityConstraints("compute-instance", false),
  ...networkConstraints("compute-instance"),
];

function triggersOf({ schedules }: Known<ComputeInstanceArgs>): readonly PlacedTrigger[] {
  return Array.isArray(schedules)
    ? (schedules as readonly Known<InstanceSchedule>[]).map((trigger, index) => ({
        trigger,
        path: `schedules.${index}`,
      }))
    : [];
}
