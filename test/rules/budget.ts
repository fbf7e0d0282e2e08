import { Budget, type BudgetArgs } from "../../components";
import { budgetConstraints, budgetRules } from "../../components/budget";
import { ACTION_GROUP_ID, GROUP_ID } from "../helpers/pulumi-mocks";
import type { RuleCases } from "../helpers/rule-cases";

const owner = { percent: 1000, emails: ["owner@example.com"] };
const right: BudgetArgs = {
  scope: GROUP_ID,
  budgetName: "b".repeat(63),
  monthlyAmount: 500,
  startDate: "2017-06-01",
  endDate: "2017-06-02",
  notifications: { spent: owner },
};
const managementGroup: BudgetArgs = {
  ...right,
  scope: "/providers/Microsoft.Management/managementGroups/risk",
};

export const budget: RuleCases<BudgetArgs> = {
  component: "Budget",
  declare: (name, args) => new Budget(name, args),
  rules: budgetRules,
  constraints: budgetConstraints,
  cases: [
    {
      rule: "scope",
      right: managementGroup,
      wrong: { scope: `${GROUP_ID}/providers/Microsoft.Storage/storageAccounts/st` },
      path: "scope",
    },
    { rule: "budgetName", right, wrong: { budgetName: "b".repeat(64) }, path: "budgetName" },
    { rule: "startDate", right, wrong: { startDate: "2017-06-02" }, path: "startDate" },
    {
      rule: "notifications.*.percent",
      right,
      wrong: { notifications: { spent: { ...owner, percent: 1001 } } },
      path: "notifications.spent.percent",
    },
    {
      rule: "budget-notifications-limit",
      right: { ...right, notifications: { a: owner, b: owner, c: owner, d: owner, e: owner } },
      wrong: { notifications: { a: owner, b: owner, c: owner, d: owner, e: owner, f: owner } },
      path: "notifications",
    },
    { rule: "budget-start-before-2017", right, wrong: { startDate: "2017-05-01" }, path: "startDate" },
    {
      rule: "budget-start-too-late",
      right,
      wrong: { startDate: "2999-01-01", endDate: undefined },
      path: "startDate",
    },
    { rule: "budget-end-before-start", right, wrong: { endDate: "2017-06-01" }, path: "endDate" },
    {
      rule: "budget-action-groups-scope",
      right: managementGroup,
      wrong: { notifications: { spent: { ...owner, actionGroupIds: [ACTION_GROUP_ID] } } },
      path: "notifications.spent.actionGroupIds",
    },
    {
      rule: "budget-notification-to-nobody",
      right: { ...right, notifications: { spent: { percent: 80, actionGroupIds: [ACTION_GROUP_ID] } } },
      wrong: { notifications: { spent: { percent: 80, emails: [] } } },
      path: "notifications.spent",
    },
  ],
};
