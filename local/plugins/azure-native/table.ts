import type { Json, JsonObject } from "../../json";

/** How one resource type is written to ARM. Inputs, outputs and API version come from the installed SDK. */
export interface Row {
  readonly token: string;
  /** ARM id with the path inputs in braces. */
  readonly path: string;
  /** Inputs, by path, that cannot change in place, besides the path inputs and `location`. */
  readonly createOnly: readonly string[];
  /** Top-level properties whose name in ARM is another. */
  readonly wireNames: Readonly<Record<string, string>>;
  /** Top-level properties that belong in ARM's `properties` although other types have them beside it. */
  readonly inProperties: readonly string[];
  /** Top-level properties that stand beside ARM's `properties` although other types have them in it. */
  readonly beside: readonly string[];
  /** Inputs that are query parameters of PUT. */
  readonly query: readonly string[];
  /** Query parameters of DELETE. */
  readonly deleteQuery: Readonly<Record<string, string>>;
  /** Lists, by path, that other resources write too: empty on create, kept as they are when the program does not set them. */
  readonly keptWhenUnset: readonly string[];
  /** What Azure sets a property to that is not given, where leaving it out of a PUT would change nothing. */
  readonly defaults: Readonly<Record<string, Json>>;
  /** The body that puts it back, for what Azure makes together with its parent and never deletes. */
  readonly defaultBody: JsonObject | undefined;
}

type Extra = Partial<Omit<Row, "token" | "path">>;

function row(token: string, path: string, extra: Extra = {}): Row {
  return {
    token: `azure-native:${token}`,
    path,
    createOnly: [],
    wireNames: {},
    inProperties: [],
    beside: [],
    query: [],
    deleteQuery: {},
    keptWhenUnset: [],
    defaults: {},
    defaultBody: undefined,
    ...extra,
  };
}

const group = "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}";

function inGroup(token: string, path: string, extra?: Extra): Row {
  return row(token, `${group}/providers/${path}`, extra);
}

function inWorkspace(type: string, path: string, extra?: Extra): Row {
  return inGroup(
    `machinelearningservices:${type}`,
    `Microsoft.MachineLearningServices/workspaces/{workspaceName}/${path}`,
    extra,
  );
}

const storageNetworkRules = {
  bypass: "AzureServices",
  defaultAction: "Allow",
  ipRules: [],
  virtualNetworkRules: [],
};
const environmentDefinition = [
  "autoRebuild",
  "build",
  "condaFile",
  "image",
  "inferenceConfig",
  "isAnonymous",
  "osType",
];

/**
 * Every resource type this plugin knows. Create-only properties of the Machine Learning types are those that Microsoft's models let
 * only a create write, as far as the official plugin sees them: two levels deep and not inside a union of types (so a new
 * `instanceType` of an OnlineDeployment is an update there, which Azure refuses). Those of other types are the official plugin's own list.
 */
const rows: readonly Row[] = [
  row("resources:ResourceGroup", group),
  inGroup("storage:StorageAccount", "Microsoft.Storage/storageAccounts/{accountName}", {
    createOnly: ["isHnsEnabled"],
    wireNames: {
      enableHttpsTrafficOnly: "supportsHttpsTrafficOnly",
      networkRuleSet: "networkAcls",
      enableNfsV3: "isNfsV3Enabled",
    },
    defaults: { networkRuleSet: storageNetworkRules },
  }),
  inGroup(
    "storage:BlobContainer",
    "Microsoft.Storage/storageAccounts/{accountName}/blobServices/default/containers/{containerName}",
  ),
  inGroup(
    "storage:BlobServiceProperties",
    "Microsoft.Storage/storageAccounts/{accountName}/blobServices/{blobServicesName}",
    { defaultBody: {} },
  ),
  inGroup("keyvault:Vault", "Microsoft.KeyVault/vaults/{vaultName}", {
    keptWhenUnset: ["properties.accessPolicies"],
  }),
  inGroup("keyvault:Key", "Microsoft.KeyVault/vaults/{vaultName}/keys/{keyName}"),
  inGroup("keyvault:Secret", "Microsoft.KeyVault/vaults/{vaultName}/secrets/{secretName}"),
  inGroup("operationalinsights:Workspace", "Microsoft.OperationalInsights/workspaces/{workspaceName}", {
    inProperties: ["sku"],
  }),
  inGroup("applicationinsights:Component", "Microsoft.Insights/components/{resourceName}", {
    wireNames: {
      appId: "AppId",
      applicationId: "ApplicationId",
      applicationType: "Application_Type",
      connectionString: "ConnectionString",
      creationDate: "CreationDate",
      disableIpMasking: "DisableIpMasking",
      disableLocalAuth: "DisableLocalAuth",
      flowType: "Flow_Type",
      forceCustomerStorageForProfiler: "ForceCustomerStorageForProfiler",
      hockeyAppId: "HockeyAppId",
      hockeyAppToken: "HockeyAppToken",
      immediatePurgeDataOn30Days: "ImmediatePurgeDataOn30Days",
      ingestionMode: "IngestionMode",
      instrumentationKey: "InstrumentationKey",
      laMigrationDate: "LaMigrationDate",
      privateLinkScopedResources: "PrivateLinkScopedResources",
      requestSource: "Request_Source",
      retentionInDays: "RetentionInDays",
      samplingPercentage: "SamplingPercentage",
      tenantId: "TenantId",
      workspaceResourceId: "WorkspaceResourceId",
    },
  }),
  inGroup("monitor:ActionGroup", "Microsoft.Insights/actionGroups/{actionGroupName}"),
  inGroup("monitor:AutoscaleSetting", "Microsoft.Insights/autoscaleSettings/{autoscaleSettingName}", {
    inProperties: ["name"],
  }),
  inGroup("monitor:MetricAlert", "Microsoft.Insights/metricAlerts/{ruleName}"),
  row("consumption:Budget", "/{scope}/providers/Microsoft.Consumption/budgets/{budgetName}", {
    beside: ["eTag"],
  }),
  inGroup("containerregistry:Registry", "Microsoft.ContainerRegistry/registries/{registryName}"),
  inGroup(
    "managedidentity:UserAssignedIdentity",
    "Microsoft.ManagedIdentity/userAssignedIdentities/{resourceName}",
  ),
  inGroup(
    "managedidentity:FederatedIdentityCredential",
    "Microsoft.ManagedIdentity/userAssignedIdentities/{resourceName}/federatedIdentityCredentials/{federatedIdentityCredentialResourceName}",
  ),
  row(
    "authorization:RoleAssignment",
    "/{scope}/providers/Microsoft.Authorization/roleAssignments/{roleAssignmentName}",
    { createOnly: ["principalId"] },
  ),
  row(
    "authorization:RoleDefinition",
    "/{scope}/providers/Microsoft.Authorization/roleDefinitions/{roleDefinitionId}",
    { wireNames: { roleType: "type" } },
  ),
  inGroup("network:VirtualNetwork", "Microsoft.Network/virtualNetworks/{virtualNetworkName}"),
  inGroup("network:PrivateEndpoint", "Microsoft.Network/privateEndpoints/{privateEndpointName}"),
  inGroup(
    "network:PrivateDnsZoneGroup",
    "Microsoft.Network/privateEndpoints/{privateEndpointName}/privateDnsZoneGroups/{privateDnsZoneGroupName}",
  ),
  inGroup("privatedns:PrivateZone", "Microsoft.Network/privateDnsZones/{privateZoneName}"),
  inGroup(
    "privatedns:VirtualNetworkLink",
    "Microsoft.Network/privateDnsZones/{privateZoneName}/virtualNetworkLinks/{virtualNetworkLinkName}",
  ),
  row("authorization:ManagementLockByScope", "/{scope}/providers/Microsoft.Authorization/locks/{lockName}"),
  row("monitor:DiagnosticSetting", "/{resourceUri}/providers/Microsoft.Insights/diagnosticSettings/{name}"),
  inGroup(
    "machinelearningservices:Workspace",
    "Microsoft.MachineLearningServices/workspaces/{workspaceName}",
  ),
  inWorkspace("Compute", "computes/{computeName}", { deleteQuery: { underlyingResourceAction: "Delete" } }),
  inWorkspace("ManagedNetworkSettingsRule", "outboundRules/{ruleName}"),
  inWorkspace("OnlineEndpoint", "onlineEndpoints/{endpointName}", { createOnly: ["properties.keys"] }),
  inWorkspace("OnlineDeployment", "onlineEndpoints/{endpointName}/deployments/{deploymentName}"),
  inWorkspace("BatchEndpoint", "batchEndpoints/{endpointName}", { createOnly: ["properties.keys"] }),
  inWorkspace("BatchDeployment", "batchEndpoints/{endpointName}/deployments/{deploymentName}"),
  inWorkspace("Job", "jobs/{id}"),
  inWorkspace("Schedule", "schedules/{name}", { createOnly: ["properties.displayName"] }),
  inWorkspace("ModelContainer", "models/{name}"),
  inWorkspace("ModelVersion", "models/{name}/versions/{version}", { createOnly: ["properties.isAnonymous"] }),
  inWorkspace("Datastore", "datastores/{name}", { query: ["skipValidation"] }),
  inWorkspace("WorkspaceConnection", "connections/{connectionName}"),
  inGroup("machinelearningservices:Registry", "Microsoft.MachineLearningServices/registries/{registryName}"),
  inWorkspace("EnvironmentContainer", "environments/{name}"),
  inWorkspace("EnvironmentVersion", "environments/{name}/versions/{version}", {
    createOnly: environmentDefinition.map((name) => `properties.${name}`),
  }),
];

const rowsByToken: ReadonlyMap<string, Row> = new Map(rows.map((each) => [each.token, each]));

export function knownRows(): readonly Row[] {
  return rows;
}

/** The row of a type token; throws with what is known when there is none. */
export function rowOf(token: string): Row {
  const found = rowsByToken.get(token);
  if (found !== undefined) return found;
  throw new Error(
    `${token} is not among the resource types that the local Azure's azure-native plugin knows: ${[...rowsByToken.keys()].map((known) => known.replace("azure-native:", "")).join(", ")}. ` +
      "Deploy this part to Azure, or add a row to local/plugins/azure-native/table.ts.",
  );
}

/** Names of the inputs that stand in a row's path, in order. */
export function pathInputs(path: string): readonly string[] {
  return [...path.matchAll(/\{(\w+)\}/g)]
    .map((match) => match[1] ?? "")
    .filter((name) => name !== "subscriptionId");
}

/** Whether the input of a path holds a whole ARM id. */
export function isScope(input: string): boolean {
  return input === "scope" || input === "resourceUri";
}
