import type * as pulumi from "@pulumi/pulumi";
import {
  integer,
  listOf,
  objectOf,
  oneOf,
  optional,
  flag,
  rule,
  tags,
  text,
  type Problem,
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
import { isCron } from "./cron";
import type { Tags } from "./tags";
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
export interface InstanceSchedule {
  /** What is done to the machine: `Start`, from when on it is paid for, or `Stop`. */
  readonly action: pulumi.Input<"Start" | "Stop">;
  /** Minute, hour, day of month, month, day of week (0 is Sunday): `0 18 * * 1-5`. */
  readonly cron?: pulumi.Input<string>;
  /** When, in words rather than as `cron`. */
  readonly recurrence?: InstanceRecurrence;
  /** Name of a Windows time zone, as `W. Europe Standard Time`. `UTC` by default. */
  readonly timeZone?: pulumi.Input<string>;
  /** From when on, in that time zone: `2026-01-31T18:00:00`. At once by default. */
  readonly startTime?: pulumi.Input<string>;
  /** Whether it is on. True by default. */
  readonly enabled?: pulumi.Input<boolean>;
}

/** Each so many hours, days, weeks or months. */
export interface InstanceRecurrence {
  /** What `interval` counts: `Minute`, `Hour`, `Day`, `Week` or `Month`. */
  readonly frequency: pulumi.Input<string>;
  /** Of `frequency`: up to 72 000 minutes, 12 000 hours, 500 days, 71 weeks or 16 months. 1 by default. */
  readonly interval?: pulumi.Input<number>;
  /** Hours of the day: 0 to 23. */
  readonly hours: pulumi.Input<pulumi.Input<number>[]>;
  /** Minutes of the hour: 0 to 59. */
  readonly minutes: pulumi.Input<pulumi.Input<number>[]>;
  /** With `Week`: days of the week, as `Monday`. */
  readonly weekDays?: pulumi.Input<pulumi.Input<string>[]>;
  /** With `Month`: days of the month, 1 to 31. */
  readonly monthDays?: pulumi.Input<pulumi.Input<number>[]>;
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
const RECURRENCES = "Azure Logic Apps docs, Recurrence trigger";

const recurrence = objectOf<InstanceRecurrence>({
  frequency: oneOf("Minute", "Hour", "Day", "Week", "Month"),
  interval: optional(integer(1, 72_000)),
  hours: listOf(integer(0, 23, RECURRENCES), { least: 1 }),
  minutes: listOf(integer(0, 59, RECURRENCES), { least: 1 }),
  weekDays: optional(
    listOf(oneOf("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"), { least: 1 }),
  ),
  monthDays: optional(listOf(integer(1, 31, RECURRENCES), { least: 1 })),
});

const schedule = objectOf<InstanceSchedule>({
  action: oneOf("Start", "Stop"),
  cron: optional(
    rule(
      (value) => typeof value === "string" && isCron(value),
      "minute, hour, day of month, month and day of week, each *, a number, a range or a list of them, as 0 18 * * 1-5",
      `${INSTANCES}: cron`,
    ),
  ),
  recurrence: optional(recurrence),
  timeZone: optional(
    text(
      "the name of a Windows time zone, for instance W. Europe Standard Time",
      /^(UTC([+-]\d\d)?|[A-Z][A-Za-z. -]* Standard Time( \d| \(Mexico\))?)$/,
      "models 2025-12-01, Cron.timeZone",
    ),
  ),
  startTime: optional(
    text(
      "a time without zone, as 2026-01-31T18:00:00",
      /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\d$/,
      "models 2025-12-01, Cron.startTime",
    ),
  ),
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

type KnownSchedule = Known<InstanceSchedule>;

/** How many of a frequency may lie between two times. */
const INTERVALS: Readonly<Record<string, number>> = {
  Minute: 72_000,
  Hour: 12_000,
  Day: 500,
  Week: 71,
  Month: 16,
};

export const computeInstanceConstraints: readonly Constraint<ComputeInstanceArgs>[] = [
  {
    id: "compute-instance-schedule-trigger",
    source: "models 2025-12-01, ComputeStartStopSchedule: cron or recurrence, as triggerType says",
    problems: ofSchedules(({ cron, recurrence: other }, path) =>
      (cron === undefined) === (other === undefined)
        ? [{ path, value: { cron, recurrence: other }, reason: "it must have either cron or recurrence" }]
        : [],
    ),
  },
  {
    id: "compute-instance-schedule-interval",
    source: `${RECURRENCES}: interval`,
    problems: ofRecurrences(({ frequency, interval }, path) => {
      const most = typeof frequency === "string" ? (INTERVALS[frequency] ?? 0) : Infinity;
      return typeof interval === "number" && interval > most
        ? [
            {
              path: `${path}.interval`,
              value: interval,
              reason: `with this frequency it must be at most ${most}`,
            },
          ]
        : [];
    }),
  },
  {
    id: "compute-instance-schedule-week-days",
    source: `${RECURRENCES}: weekDays only with frequency Week`,
    problems: ofRecurrences(({ frequency, weekDays }, path) =>
      weekDays !== undefined && typeof frequency === "string" && frequency !== "Week"
        ? [
            {
              path: `${path}.weekDays`,
              value: weekDays,
              reason: "it must be left out unless frequency is Week",
            },
          ]
        : [],
    ),
  },
  {
    id: "compute-instance-schedule-month-days",
    source: `${RECURRENCES}: monthDays only with frequency Month`,
    problems: ofRecurrences(({ frequency, monthDays }, path) =>
      monthDays !== undefined && typeof frequency === "string" && frequency !== "Month"
        ? [
            {
              path: `${path}.monthDays`,
              value: monthDays,
              reason: "it must be left out unless frequency is Month",
            },
          ]
        : [],
    ),
  },
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

function ofSchedules(
  problemsOf: (schedule: KnownSchedule, path: string) => readonly Problem[],
): (args: Known<ComputeInstanceArgs>) => readonly Problem[] {
  return ({ schedules }) =>
    Array.isArray(schedules)
      ? (schedules as readonly KnownSchedule[]).flatMap((each, index) =>
          problemsOf(each, `schedules.${index}`),
        )
      : [];
}

function ofRecurrences(
  problemsOf: (recurrence: Known<InstanceRecurrence>, path: string) => readonly Problem[],
): (args: Known<ComputeInstanceArgs>) => readonly Problem[] {
  return ofSchedules(({ recurrence: given }, path) =>
    given === undefined ? [] : problemsOf(given, `${path}.recurrence`),
  );
}
