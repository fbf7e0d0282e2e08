import { valueAt } from "./differences";
import type { Change } from "./engine-json";
import { azure, own, type OperationRule, type PropertyRule } from "./risk";

const GOES = ["delete", "replace"] as const;

const deletesInAzure = ({ old }: Change): boolean => valueAt(old?.inputs, "onDelete") !== "retain";

/** What loses data, or what was recorded. */
export const dataOperations: readonly OperationRule[] = [
  {
    id: "deletes-storage",
    level: "high",
    types: azure("storage", "StorageAccount", "BlobContainer", "FileShare", "Table", "Queue", "Blob"),
    ops: GOES,
    reason: "deletes the data in it",
  },
  {
    id: "deletes-workspace",
    level: "high",
    types: azure("machinelearningservices", "Workspace"),
    ops: GOES,
    reason: "loses its experiments, runs, models and endpoints",
  },
  {
    id: "deletes-registry",
    level: "high",
    types: azure("machinelearningservices", "Registry"),
    ops: GOES,
    reason: "loses the models and environments that workspaces share",
  },
  {
    id: "deletes-vault",
    level: "high",
    types: azure("keyvault", "Vault", "Key", "Secret"),
    ops: GOES,
    reason: "takes secrets and keys away from whoever uses them",
  },
  {
    id: "deletes-resource-group",
    level: "high",
    types: azure("resources", "ResourceGroup"),
    ops: GOES,
    reason: "deletes everything in it",
  },
  {
    id: "deletes-logs",
    level: "medium",
    types: azure("(operationalinsights|applicationinsights|insights)", "Workspace", "Component"),
    ops: GOES,
    reason: "loses the logs and metrics in it",
  },
  {
    id: "deletes-model-version",
    level: "high",
    types: own("MlflowModel", "CustomModel"),
    ops: ["delete"],
    when: deletesInAzure,
    reason: "deletes the version with its files",
  },
  {
    id: "replaces-model-version",
    level: "medium",
    types: own("MlflowModel", "CustomModel"),
    ops: ["replace"],
    when: deletesInAzure,
    reason: "deletes the version that was before, so that nobody goes back to it (`onDelete`)",
  },
  {
    id: "deletes-experiment",
    level: "high",
    types: own("Experiment"),
    ops: GOES,
    when: deletesInAzure,
    reason: "hides the experiment with its runs",
  },
  {
    id: "deletes-registered-model",
    level: "high",
    types: own("RegisteredModel"),
    ops: GOES,
    when: deletesInAzure,
    reason: "deletes the model with every version, whoever registered it",
  },
  {
    id: "purges",
    level: "medium",
    types: own("Purge"),
    ops: ["create"],
    when: ({ new: now }) => valueAt(now?.inputs, "onDelete") === "purge",
    reason: "from now on what is deleted is gone at once and can't be recovered",
  },
];

export const dataProperties: readonly PropertyRule[] = [
  {
    id: "shortens-retention",
    level: "medium",
    types: /./,
    path: /(^|\.)(retentionInDays|softDeleteRetentionInDays|retention\.days|days)$/,
    when: ({ declared, live }) => Number(live) < Number(declared),
    reason: "keeps less of what was",
  },
  {
    id: "purges-from-now-on",
    level: "medium",
    types: own("Purge"),
    path: /^onDelete$/,
    when: ({ live }) => live === "purge",
    reason: "from now on what is deleted is gone at once and can't be recovered",
  },
  {
    id: "deletes-on-delete",
    level: "low",
    types: own("MlflowModel", "CustomModel", "Experiment", "RegisteredModel"),
    path: /^onDelete$/,
    when: ({ live }) => live === "delete",
    reason: "from now on deleting the resource deletes what it stands for",
  },
];
