import * as consumption from "@pulumi/azure-native/consumption";
import * as pulumi from "@pulumi/pulumi";
import {
  armId,
  listOf,
  objectOf,
  oneOf,
  optional,
  recordOf,
  rule,
  text,
  type Problem,
  type Rules,
} from "../providers/rules";
import { checkArgs, isKnown, type Constraint, type Known } from "./args";
import { azureName } from "./naming";

export interface BudgetArgs {
  /** ARM id of what is paid for: a resource group, a subscription, a management group or a billing scope. Another scope is another budget. */
  readonly scope: pulumi.Input<string>;
  /** 1 to 63 letters, digits, dashes and underscores, unique in the scope. By default `budget-` and the component's name. Another name is another budget. */
  readonly budgetName?: pulumi.Input<string>;
  /** What a month may cost, in the currency that the scope is billed in. More than 0. Azure doesn't stop anything when it is used up. */
  readonly monthlyAmount: pulumi.Input<number>;
  /**
   * First day of the month that it begins with, as `2026-11-01`: when it is made, the present month or one of the next twelve. By default the
   * month in which it is made, which stays. Azure can't change it: another day is another budget in the same place.
   */
  readonly startDate?: pulumi.Input<string>;
  /** Last day, as `2030-12-31`. By default ten years after it begins. */
  readonly endDate?: pulumi.Input<string>;
  /** Who is told at which part of the amount: one to five, each by a name of your choosing that stays. Azure looks at the costs once or twice a day. */
  readonly notifications: Readonly<Record<string, BudgetNotification>>;
}

/** Told once a month, when what has been spent, or what is expected to be, passes a part of the amount. */
export interface BudgetNotification {
  /** Part of the amount in percent, 0 to 1000. */
  readonly percent: pulumi.Input<number>;
  /** `Actual` (the default): what has been spent. `Forecasted`: what Azure expects the month to cost. */
  readonly of?: pulumi.Input<"Actual" | "Forecasted">;
  /** Mail addresses. Outside of subscriptions and resource groups there must be one. */
  readonly emails?: pulumi.Input<readonly pulumi.Input<string>[]>;
  /** ARM ids of action groups, `ActionGroup`'s `id`; for budgets of subscriptions and resource groups alone. */
  readonly actionGroupIds?: pulumi.Input<readonly pulumi.Input<string>[]>;
}

const MODEL = "models 2024-08-01, BudgetProperties";
const NOTIFICATION = "models 2024-08-01, Notification";
const FIRST_START = "2017-06-01";
const inSubscription = /^\/subscriptions\/[^/]+(\/resourceGroups\/[^/]+)?$/i;

const day = text("a day, for instance 2026-11-30", /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/);

export const budgetRules: Rules<BudgetArgs> = {
  scope: text(
    "the ARM id of a resource group, subscription, management group or billing scope",
    /^(\/subscriptions\/[^/]+(\/resourceGroups\/[^/]+)?|\/providers\/Microsoft\.(Management\/managementGroups\/[^/]+|Billing\/billingAccounts\/[^/]+(\/\w+\/[^/]+)*))$/i,
    "Consumption REST API 2024-08-01, budgets: scope",
  ),
  budgetName: optional(
    text(
      "1 to 63 letters, digits, dashes and underscores",
      /^[\w-]{1,63}$/,
      "Naming rules for Azure resources, Microsoft.Consumption: budgets",
    ),
  ),
  monthlyAmount: rule(
    (value) => typeof value === "number" && Number.isFinite(value) && value > 0,
    "a number above 0",
  ),
  startDate: optional(
    text(
      "the first day of a month, for instance 2026-11-01",
      /^\d{4}-(0[1-9]|1[0-2])-01$/,
      `${MODEL}: the start date must be first of the month`,
    ),
  ),
  endDate: optional(day),
  notifications: recordOf(
    objectOf<BudgetNotification>({
      percent: rule(
        (value) => typeof value === "number" && value >= 0 && value <= 1000,
        "a number from 0 to 1000",
        `${NOTIFICATION}: threshold has to be between 0 and 1000`,
      ),
      of: optional(oneOf("Actual", "Forecasted")),
      emails: optional(listOf(text("a mail address", /^[^\s@]+@[^\s@]+$/))),
      actionGroupIds: optional(listOf(armId("Microsoft.Insights/actionGroups"))),
    }),
  ),
};

export const budgetConstraints: readonly Constraint<BudgetArgs>[] = [
  {
    id: "budget-notifications-limit",
    source: `${MODEL}: up to five notifications`,
    problems: ({ notifications }) => {
      const count = isKnown(notifications) ? Object.keys(notifications).length : 1;
      return count >= 1 && count <= 5
        ? []
        : [{ path: "notifications", value: count, reason: "it must have 1 to 5 items" }];
    },
  },
  {
    id: "budget-start-before-2017",
    source: `${MODEL}: the start date must be on or after June 1, 2017`,
    problems: ({ startDate }) =>
      typeof startDate === "string" && startDate < FIRST_START
        ? [{ path: "startDate", value: startDate, reason: `it must be ${FIRST_START} or later` }]
        : [],
  },
  {
    id: "budget-start-too-late",
    source: `${MODEL}: a future start date should not be more than twelve months`,
    problems: ({ startDate }) => {
      const latest = dayIn(new Date(), 12);
      return typeof startDate === "string" && startDate > latest
        ? [{ path: "startDate", value: startDate, reason: "it must be within the next twelve months" }]
        : [];
    },
  },
  {
    id: "budget-end-before-start",
    source: `${MODEL}: the start date should be less than the end date`,
    problems: ({ startDate, endDate }) =>
      typeof startDate === "string" && typeof endDate === "string" && endDate <= startDate
        ? [{ path: "endDate", value: endDate, reason: "it must be after startDate" }]
        : [],
  },
  {
    id: "budget-action-groups-scope",
    source: `${NOTIFICATION}: contactGroups, only supported at subscription or resource group scopes`,
    problems: ({ scope, notifications }) =>
      typeof scope !== "string" || inSubscription.test(scope)
        ? []
        : told(notifications, (name, { actionGroupIds }) =>
            counted(actionGroupIds) === 0
              ? []
              : [
                  {
                    path: `notifications.${name}.actionGroupIds`,
                    value: actionGroupIds,
                    reason: "it must be empty outside of subscriptions and resource groups",
                  },
                ],
          ),
  },
  {
    id: "budget-notification-to-nobody",
    source: `${NOTIFICATION}: contactEmails, at least one contact email or contact group`,
    problems: ({ scope, notifications }) =>
      told(notifications, (name, { emails, actionGroupIds }) => {
        const groups = typeof scope === "string" && !inSubscription.test(scope) ? 0 : counted(actionGroupIds);
        if (counted(emails) + groups > 0) return [];
        return [
          {
            path: `notifications.${name}`,
            value: undefined,
            reason: "it must have a mail address or an action group",
          },
        ];
      }),
  },
];

function told(
  notifications: Known<BudgetArgs>["notifications"],
  problems: (name: string, notification: Known<BudgetNotification>) => readonly Problem[],
): readonly Problem[] {
  return Object.entries(isKnown(notifications) ? notifications : {}).flatMap(([name, each]) =>
    problems(name, each),
  );
}

/** How many items there are; one, where that is not known yet. */
function counted(list: unknown): number {
  if (list === undefined) return 0;
  return Array.isArray(list) ? list.length : 1;
}

/** The first day of a month, in UTC: `2026-11-01`. */
function dayIn(now: Date, months: number): string {
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + months)).toISOString().slice(0, 10);
}

/**
 * What a scope may cost a month, and who is told when a part of it is spent or expected to be. It tells; it stops nothing.
 *
 * Costs nothing.
 */
export class Budget extends pulumi.ComponentResource {
  /** ARM id. */
  declare readonly id: pulumi.Output<string>;
  declare readonly name: pulumi.Output<string>;

  constructor(name: string, args: BudgetArgs, opts?: pulumi.ComponentResourceOptions) {
    super("pulumi-azureml:index:Budget", name, {}, opts);
    args = checkArgs("Budget", name, args, budgetRules, budgetConstraints);

    const budget = new consumption.Budget(
      name,
      {
        budgetName: args.budgetName ?? azureName("budget", name),
        scope: args.scope,
        category: "Cost",
        amount: args.monthlyAmount,
        timeGrain: "Monthly",
        timePeriod: {
          startDate: pulumi.interpolate`${args.startDate ?? dayIn(new Date(), 0)}T00:00:00Z`,
          endDate: args.endDate === undefined ? undefined : pulumi.interpolate`${args.endDate}T00:00:00Z`,
        },
        notifications: Object.fromEntries(
          Object.entries(args.notifications).map(([key, each]) => [key, contact(each)]),
        ),
      },
      {
        parent: this,
        // Azure refuses another start of a budget that is there, and a second budget of its name.
        replaceOnChanges: ["timePeriod.startDate"],
        deleteBeforeReplace: true,
        // The month of its creation is not that of every later update.
        ignoreChanges: args.startDate === undefined ? ["timePeriod.startDate"] : [],
      },
    );

    this.id = budget.id;
    this.name = budget.name;
    this.registerOutputs({ id: this.id, name: this.name });
  }
}

function contact({ percent, of, emails, actionGroupIds }: BudgetNotification): {
  enabled: boolean;
  operator: string;
  threshold: pulumi.Input<number>;
  thresholdType: pulumi.Input<string>;
  contactEmails: pulumi.Output<string[]>;
  contactGroups: pulumi.Output<string[]>;
} {
  const list = (items: BudgetNotification["emails"]): pulumi.Output<string[]> =>
    pulumi.output(items ?? []).apply((all) => [...all]);
  return {
    enabled: true,
    operator: "GreaterThanOrEqualTo",
    threshold: percent,
    thresholdType: of ?? "Actual",
    contactEmails: list(emails),
    contactGroups: list(actionGroupIds),
  };
}
