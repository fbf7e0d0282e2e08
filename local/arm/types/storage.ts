import type { JsonObject } from "../../json";
import { ArmError } from "../errors";
import { parentId } from "../ids";
import { objectAt, pick, stringAt, withDefaults } from "../objects";
import { lastName } from "../path";
import type { ActionRequest, Answer, Made, PutRequest, ResourceType } from "../resource-type";
import type { Store, StoredResource } from "../store";
import { identityOf } from "./identity";
import { withConnections } from "./network/private-link";
import { isMade, kept, locationAndTags, mergedPatch, nameRule, requiredString } from "./envelope";

const API_VERSIONS = [
  "2023-01-01",
  "2023-05-01",
  "2024-01-01",
  "2025-01-01",
  "2025-06-01",
  "2025-08-01",
] as const;
const ACCOUNTS = "Microsoft.Storage/storageAccounts";

/** The storage account of that name, wherever it is; names are global. */
export function findStorageAccount(store: Store, name: string): StoredResource | undefined {
  const wanted = name.toLowerCase();
  return store
    .list("/subscriptions/")
    .find(({ body }) => body["type"] === ACCOUNTS && String(body["name"]).toLowerCase() === wanted);
}

function makeAccount({ arm, body, existing, name }: PutRequest): Made {
  const taken = existing === undefined ? findStorageAccount(arm.store, name) : undefined;
  if (taken !== undefined) {
    throw new ArmError(
      409,
      "StorageAccountAlreadyTaken",
      `The storage account named ${name} is already taken.`,
    );
  }
  const sku = requiredString(objectAt(body, "sku"), "name", "sku.name", "InvalidRequestPropertyValue");
  const kind = requiredString(body, "kind", "kind", "InvalidRequestPropertyValue");
  const before = objectAt(existing?.body ?? {}, "properties");
  const now = arm.now().toISOString();
  const location = locationAndTags(body);
  return {
    body: {
      ...location,
      ...identityOf(arm.store, body, existing?.body),
      sku: { name: sku, tier: sku.split("_")[0] },
      kind,
      properties: {
        ...withDefaults(pick(objectAt(body, "properties"), ACCOUNT_SETTINGS), ACCOUNT_DEFAULTS),
        keyCreationTime: before["keyCreationTime"] ?? { key1: now, key2: now },
        creationTime: before["creationTime"] ?? now,
        primaryEndpoints: endpoints(name),
        primaryLocation: location["location"],
        statusOfPrimary: "available",
        provisioningState: "Succeeded",
      },
    },
  };
}

const ACCOUNT_SETTINGS = [
  "accessTier", "allowBlobPublicAccess", "allowCrossTenantReplication", "allowSharedKeyAccess", "allowedCopyScope", "azureFilesIdentityBasedAuthentication",
  "customDomain", "defaultToOAuthAuthentication", "dnsEndpointType", "enableExtendedGroups", "encryption", "immutableStorageWithVersioning", "isHnsEnabled",
  "isLocalUserEnabled", "isNfsV3Enabled", "isSftpEnabled", "keyPolicy", "largeFileSharesState", "minimumTlsVersion", "networkAcls", "publicNetworkAccess",
  "routingPreference", "sasPolicy", "supportsHttpsTrafficOnly",
]; // prettier-ignore

const ACCOUNT_DEFAULTS: JsonObject = {
  accessTier: "Hot",
  allowBlobPublicAccess: false,
  allowCrossTenantReplication: false,
  minimumTlsVersion: "TLS1_0",
  supportsHttpsTrafficOnly: true,
  networkAcls: { bypass: "AzureServices", virtualNetworkRules: [], ipRules: [], defaultAction: "Allow" },
  encryption: {
    services: { blob: { keyType: "Account", enabled: true }, file: { keyType: "Account", enabled: true } },
    keySource: "Microsoft.Storage",
  },
};

function endpoints(name: string): JsonObject {
  const services = ["blob", "dfs", "file", "queue", "table"];
  return Object.fromEntries(
    services.map((service) => [service, `https://${name}.${service}.core.windows.net/`]),
  );
}

function listKeys({ arm, existing, name }: ActionRequest): Answer {
  const { keyCreationTime } = objectAt(existing.body, "properties");
  const keys = arm.keys.accessKeys(name.toLowerCase()).map((value, index) => {
    const keyName = `key${index + 1}`;
    return {
      creationTime: objectAt({ keyCreationTime }, "keyCreationTime")[keyName],
      keyName,
      permissions: "Full",
      value,
    };
  });
  return { status: 200, body: { keys } };
}

async function regenerateKey(request: ActionRequest): Promise<Answer> {
  const { arm, body, existing, name } = request;
  const keyName = stringAt(body, "keyName");
  if (keyName !== "key1" && keyName !== "key2") {
    const message = `The key '${String(keyName)}' is not one of the account's: key1 and key2 are.`;
    throw new ArmError(400, "InvalidRequestPropertyValue", message, { target: "keyName" });
  }
  await arm.keys.regenerate(name.toLowerCase(), keyName);
  const properties = objectAt(existing.body, "properties");
  const keyCreationTime = {
    ...objectAt(properties, "keyCreationTime"),
    [keyName]: arm.now().toISOString(),
  };
  const changed = { ...existing, body: { ...existing.body, properties: { ...properties, keyCreationTime } } };
  await arm.store.put(changed);
  return listKeys({ ...request, existing: changed });
}

function makeService({ body }: PutRequest): Made {
  return { body: { properties: withDefaults(objectAt(body, "properties"), SERVICE_DEFAULTS) } };
}

const SERVICE_DEFAULTS: JsonObject = { cors: { corsRules: [] }, deleteRetentionPolicy: { enabled: false } };

function makeContainer({ arm, body, existing }: PutRequest): Made {
  const before = objectAt(existing?.body ?? {}, "properties");
  return {
    body: {
      properties: {
        publicAccess: "None",
        defaultEncryptionScope: "$account-encryption-key",
        denyEncryptionScopeOverride: false,
        immutableStorageWithVersioning: { enabled: false },
        metadata: {},
        ...pick(objectAt(body, "properties"), ["publicAccess", "metadata", "defaultEncryptionScope"]),
        hasImmutabilityPolicy: false,
        hasLegalHold: false,
        leaseState: "Available",
        leaseStatus: "Unlocked",
        lastModifiedTime: before["lastModifiedTime"] ?? arm.now().toISOString(),
      },
    },
  };
}

/** Microsoft.Storage: accounts, their blob service and its containers. */
export const storageTypes: readonly ResourceType[] = [
  {
    type: ACCOUNTS,
    apiVersions: API_VERSIONS,
    tracked: true,
    checkName: nameRule(
      /^[a-z0-9]{3,24}$/,
      "AccountNameInvalid",
      (name) =>
        `${name} is not a valid storage account name. Storage account name must be between 3 and 24 characters in length and use numbers and lower-case letters only.`,
    ),
    make: makeAccount,
    shown: withConnections,
    amend: (request) => mergedPatch(request, ["tags", "sku", "identity", "properties"]),
    write: async ({ effects }, { id }, previous) => {
      if (!isMade(previous)) await effects.storageAccountCreated(lastName(id));
    },
    erase: ({ effects }, { id }) => effects.storageAccountDeleted(lastName(id)),
    actions: {
      listkeys: listKeys,
      regeneratekey: regenerateKey,
    },
    longRunning: {
      status: "asyncoperationstatus",
      result: "asyncoperations",
      put: { created: 202, updated: "at once", headers: ["Location"] },
    },
  },
  {
    type: `${ACCOUNTS}/blobServices`,
    apiVersions: API_VERSIONS,
    implied: (_arm, id) => ({
      id,
      body: { id, name: "default", type: `${ACCOUNTS}/blobServices`, properties: SERVICE_DEFAULTS },
      internal: {},
    }),
    checkName: nameRule(
      /^default$/i,
      "InvalidResourceName",
      () => "The blob service of an account is named 'default'.",
    ),
    createdStatus: 200,
    make: makeService,
  },
  {
    type: `${ACCOUNTS}/blobServices/containers`,
    apiVersions: API_VERSIONS,
    checkName: nameRule(
      /^(?!.*--)[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/,
      "InvalidResourceName",
      (name) =>
        `The container name '${name}' is not valid: 3 to 63 lower-case letters, digits and single dashes.`,
    ),
    make: makeContainer,
    amend: (request) => {
      const changed = objectAt(request.body, "properties");
      const body = kept(request.existing.body);
      return { body: { ...body, properties: { ...objectAt(body, "properties"), ...changed } } };
    },
    write: async ({ effects }, { id }, previous) => {
      if (previous === undefined)
        await effects.containerCreated(lastName(parentId(parentId(id))), lastName(id));
    },
  },
];
