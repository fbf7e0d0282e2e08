import { DataAsset, type DataAssetArgs } from "../../components";
import { dataAssetConstraints, dataAssetRules } from "../../components/data-asset-args";
import { assetFixture } from "../helpers/asset-fixtures";
import { WORKSPACE_ID } from "../helpers/pulumi-mocks";
import type { RuleCases } from "../helpers/rule-cases";

const right: DataAssetArgs = {
  workspaceId: WORKSPACE_ID,
  dataName: "churn",
  type: "uri_file",
  path: "azureml://datastores/lake/paths/churn.csv",
};
const table: DataAssetArgs = { ...right, type: "mltable", path: assetFixture("table") };

export const dataAsset: RuleCases<DataAssetArgs> = {
  component: "DataAsset",
  declare: (name, args) => new DataAsset(name, args),
  rules: dataAssetRules,
  constraints: dataAssetConstraints,
  cases: [
    { rule: "dataName", right, wrong: { dataName: "churn data" }, path: "dataName" },
    { rule: "data-asset-path-scheme", right, wrong: { path: "s3://bucket/churn.csv" }, path: "path" },
    {
      rule: "data-asset-file-is-folder",
      right,
      wrong: { path: "azureml://datastores/lake/paths/churn/" },
      path: "path",
    },
    { rule: "data-asset-local-kind", right: table, wrong: { type: "uri_file" }, path: "path" },
    { rule: "data-asset-mltable-file", right: table, wrong: { path: assetFixture("image") }, path: "path" },
  ],
};
