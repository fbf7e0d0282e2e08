import { DataAsset, type DataAssetArgs } from "../../components";
import { dataAssetRules } from "../../components/data-asset-args";
import type { ArgumentCases } from "../helpers/argument-cases";
import { assetFixture } from "../helpers/asset-fixtures";
import { WORKSPACE_ID } from "../helpers/pulumi-mocks";

export const dataAsset: ArgumentCases<DataAssetArgs> = {
  component: "DataAsset",
  rules: dataAssetRules,
  declare: (name, args) => new DataAsset(name, args),
  cases: [
    {
      workspaceId: WORKSPACE_ID,
      dataName: "churn",
      type: "uri_folder",
      path: "azureml://datastores/lake/paths/churn/",
      description: "What the shops sent",
      tags: { team: "risk" },
      onDelete: "delete",
    },
    { workspaceId: WORKSPACE_ID, dataName: "table", type: "mltable", path: assetFixture("table") },
    {
      workspaceId: WORKSPACE_ID,
      dataName: "points",
      type: "uri_file",
      path: assetFixture("table", "points.csv"),
    },
  ],
  exempt: { onDelete: "decides whether deleting the resource deletes the version" },
};
