import { knownRows, type Row } from "./table";

/** A function of azure-native: a GET of a resource, or a POST beside one. */
export type Invoke =
  | { readonly method: "GET"; readonly path: string; readonly row: Row }
  /** `body` names the arguments that go into the body. */
  | { readonly method: "POST"; readonly path: string; readonly body: readonly string[] };

/** Functions that are a POST: token → row's token, what follows its path, arguments in the body. */
const posts: Readonly<Record<string, readonly [of: string, action: string, ...body: string[]]>> = {
  "storage:listStorageAccountKeys": ["storage:StorageAccount", "listKeys"],
  "containerregistry:listRegistryCredentials": ["containerregistry:Registry", "listCredentials"],
  "operationalinsights:getSharedKeys": ["operationalinsights:Workspace", "sharedKeys"],
  "machinelearningservices:listWorkspaceKeys": ["machinelearningservices:Workspace", "listKeys"],
  "machinelearningservices:listOnlineEndpointKeys": ["machinelearningservices:OnlineEndpoint", "listKeys"],
  "machinelearningservices:listBatchEndpointKeys": ["machinelearningservices:BatchEndpoint", "listkeys"],
  "machinelearningservices:getOnlineEndpointToken": ["machinelearningservices:OnlineEndpoint", "token"],
  "machinelearningservices:getOnlineDeploymentLogs": [
    "machinelearningservices:OnlineDeployment",
    "getLogs",
    "containerType",
    "tail",
  ],
};

export const CLIENT_CONFIG = "azure-native:authorization:getClientConfig";

function knownInvokes(): ReadonlyMap<string, Invoke> {
  const invokes = new Map<string, Invoke>();
  for (const row of knownRows()) {
    const [provider, module, type] = row.token.split(":");
    invokes.set(`${provider}:${module}:get${type}`, { method: "GET", path: row.path, row });
  }
  for (const [token, [of, action, ...body]] of Object.entries(posts)) {
    const row = knownRows().find((each) => each.token === `azure-native:${of}`);
    if (row !== undefined)
      invokes.set(`azure-native:${token}`, { method: "POST", path: `${row.path}/${action}`, body });
  }
  return invokes;
}

const invokes = knownInvokes();

export function knownFunctions(): readonly string[] {
  return [CLIENT_CONFIG, ...invokes.keys()];
}

/** The function of a token; throws with what is known when there is none. */
export function invokeOf(token: string): Invoke {
  const found = invokes.get(token);
  if (found !== undefined) return found;
  throw new Error(
    `${token} is not among the functions that the local Azure's azure-native plugin knows: ${knownFunctions()
      .map((known) => known.replace("azure-native:", ""))
      .join(", ")}.`,
  );
}
