import { Budget, type BudgetArgs } from "../../components";
import { budgetRules } from "../../components/budget";
import type { ArgumentCases } from "../helpers/argument-cases";
import { ACTION_GROUP_ID, GROUP_ID } from "../helpers/pulumi-mocks";

export const budget: ArgumentCases<BudgetArgs> = {
  component: "Budget",
  rules: budgetRules,
  declare: (name, args) => new Budget(name, args),
  cases: [
    {
      scope: GROUP_ID,
      budgetName: "risk",
      monthlyAmount: 500,
      startDate: "2026-11-01",
      endDate: "2030-12-31",
      notifications: {
        spent: { percent: 80, of: "Actual", emails: ["owner@example.com"] },
        expected: { percent: 100, of: "Forecasted", actionGroupIds: [ACTION_GROUP_ID] },
      },
    },
    {
      scope: GROUP_ID,
      monthlyAmount: 500,
      startDate: "2026-12-01",
      notifications: {
        spent: { percent: 80, emails: ["risk@example.com"], actionGroupIds: [`${ACTION_GROUP_ID}2`] },
      },
    },
  ],
};
