import type { ScoringCodeArgs } from "../../components";
import { assetFixture } from "./asset-fixtures";
import { WORKSPACE_ID } from "./pulumi-mocks";
import type { RuleCase } from "./rule-cases";

const environment = `${WORKSPACE_ID}/environments/churn/versions/3`;
const right: Required<ScoringCodeArgs> = {
  code: { path: assetFixture("scoring"), scoringScript: "score.py" },
  environment,
};
const code = (path: string, scoringScript: string): { code: object } => ({
  code: { path: assetFixture(path), scoringScript },
});

type Case = RuleCase<ScoringCodeArgs>;

const cases: readonly Case[] = [
  { rule: "code.scoringScript", right, wrong: code("scoring", "score.ipynb"), path: "code.scoringScript" },
  { rule: "code.scoringScript", right, wrong: code("scoring", "../score.py"), path: "code.scoringScript" },
  { rule: "scoring-code-folder", right, wrong: code("nowhere", "score.py"), path: "code.path" },
  { rule: "scoring-code-folder", right, wrong: code("scoring/score.py", "score.py"), path: "code.path" },
  {
    rule: "scoring-code-script-missing",
    right,
    wrong: code("scoring", "main.py"),
    path: "code.scoringScript",
  },
  {
    rule: "scoring-code-script-functions",
    right,
    wrong: code("scoring", "rows.py"),
    path: "code.scoringScript",
  },
  { rule: "scoring-code-without-environment", right, wrong: { environment: undefined }, path: "environment" },
  {
    rule: "scoring-code-environment-elsewhere",
    right: { ...right, environment: "azureml://registries/contoso/environments/churn/versions/3" },
    wrong: { environment: environment.replace("mlw-test", "mlw-other") },
    path: "environment",
  },
  {
    rule: "environment",
    right,
    wrong: { environment: "azureml://registries/azureml/environments/sklearn-1.5/labels/latest" },
    path: "environment",
  },
  { rule: "environment", right, wrong: { environment: "azureml:churn:3" }, path: "environment" },
];

/** Those of scoring code, for a component of deployments. @param others its right args without code, on an endpoint of `WORKSPACE_ID` */
export function scoringCodeCases<Args extends ScoringCodeArgs>(others: Args): readonly RuleCase<Args>[] {
  return cases.map((one) => ({
    ...one,
    right: { ...others, ...one.right },
    wrong: one.wrong as RuleCase<Args>["wrong"],
  }));
}
