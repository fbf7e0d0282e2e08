type Properties = Readonly<Record<string, unknown>>;

/** A step of a preview, as little of it as a test says. */
export interface PreviewStep {
  readonly op: string;
  readonly type: string;
  readonly name?: string;
  readonly id?: string;
  readonly old?: Properties;
  readonly new?: Properties;
  readonly dependsOn?: readonly string[];
  /** URN of the component that it is in. */
  readonly parent?: string;
  /** Of a component `false`. */
  readonly custom?: boolean;
}

export const AZURE = {
  storage: "azure-native:storage:StorageAccount",
  container: "azure-native:storage:BlobContainer",
  workspace: "azure-native:machinelearningservices:Workspace",
  vault: "azure-native:keyvault:Vault",
  logs: "azure-native:operationalinsights:Workspace",
  registry: "azure-native:containerregistry:Registry",
  endpoint: "azure-native:machinelearningservices:OnlineEndpoint",
  compute: "azure-native:machinelearningservices:Compute",
  role: "azure-native:authorization:RoleAssignment",
  definition: "azure-native:authorization:RoleDefinition",
  lock: "azure-native:authorization:ManagementLockByScope",
  diagnostics: "azure-native:monitor:DiagnosticSetting",
} as const;

export const own = (type: string): string => `pulumi-nodejs:dynamic/pulumi-azureml:${type}`;

export const urnOf = (type: string, name = "one"): string => `urn:pulumi:dev::credit::${type}::${name}`;

/** What `pulumi preview --json` prints for these steps: the shape of the engine's digest. */
export function digest(
  steps: readonly PreviewStep[],
  diagnostics: readonly { readonly message: string; readonly severity: string }[] = [],
): string {
  return JSON.stringify({
    config: {},
    steps: steps.map(({ op, type, name, id = "", old, new: now, dependsOn = [], parent, custom = true }) => {
      const state = (inputs: Properties): object => ({
        urn: urnOf(type, name),
        type,
        id,
        inputs,
        outputs: inputs,
        dependencies: dependsOn,
        custom,
        ...(parent === undefined ? {} : { parent }),
      });
      return {
        op,
        urn: urnOf(type, name),
        ...(old === undefined ? {} : { oldState: state(old) }),
        ...(now === undefined ? {} : { newState: state(now) }),
        detailedDiff: null,
      };
    }),
    diagnostics,
    duration: 1,
    changeSummary: { same: 7 },
  });
}

/** A rollout of `oe-credit` from one generation to the next; `over` is put over what is new. */
export function rolloutSteps(over: Properties = {}): PreviewStep[] {
  const workspaceId =
    "/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/w";
  const model = (digestOf: string): Properties => ({
    name: "credit",
    digest: digestOf,
    onDelete: "retain",
    workspaceId,
  });
  const rollout = (generation: string): Properties => ({
    endpointId: `${workspaceId}/onlineEndpoints/oe-credit`,
    generation,
    deployment: {
      location: "westeurope",
      properties: { instanceType: "Standard_DS3_v2", model: generation },
      sku: { name: "Default", capacity: 3 },
    },
    gates: [
      { metric: "latencyP95", max: 120 },
      { metric: "errorPercent", max: 1 },
    ],
    smokeRequests: [],
    steps: [
      { weight: 0, mirror: 20, bakeSeconds: 300 },
      { weight: 5, bakeSeconds: 600 },
      { weight: 25, bakeSeconds: 600 },
      { weight: 100, bakeSeconds: 600 },
    ],
  });
  const modelType = own("MlflowModel");
  return [
    {
      op: "replace",
      type: modelType,
      name: "model",
      id: `${workspaceId}/models/credit/versions/7`,
      old: model("3f9c11"),
      new: model("a41d22"),
    },
    {
      op: "update",
      type: own("Rollout"),
      name: "rollout",
      old: rollout("credit-1"),
      new: { ...rollout("04da6b54-80e4-46f7-96ec-b56ff0331ba9"), ...over },
      dependsOn: [urnOf(modelType, "model")],
    },
  ];
}
