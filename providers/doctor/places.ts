import { ML_API_VERSION, type Arm } from "../clients/arm";
import { resourceParts } from "../clients/arm-id";
import type { Cloud } from "../clients/cloud";
import type { Place } from "./reach";

const STORAGE_API_VERSION = "2024-01-01";
const VAULT_API_VERSION = "2024-11-01";
/** Of a workspace's endpoints, as many. */
const ENDPOINTS = 20;

interface Properties {
  readonly publicNetworkAccess?: string;
}

export interface Workspace {
  readonly id: string;
  readonly location?: string;
  readonly properties?: Properties & {
    readonly mlFlowTrackingUri?: string;
    readonly storageAccount?: string;
    readonly keyVault?: string;
  };
}

interface Endpoint {
  readonly name?: string;
  readonly properties?: Properties & { readonly scoringUri?: string };
}

/** @returns undefined where there is none. @throws ArmError */
export async function readWorkspace(arm: Arm, id: string): Promise<Workspace | undefined> {
  const workspace = await arm.read<Workspace>(id, { apiVersion: ML_API_VERSION });
  return workspace && { ...workspace, id };
}

/** What needs no workspace. */
export function cloudPlaces({ authorityHost, resourceManager }: Cloud): Place[] {
  return [
    {
      name: "Azure Resource Manager",
      url: `${resourceManager}/metadata/endpoints?api-version=2022-09-01`,
      isPrivate: false,
    },
    { name: "Entra", url: `${authorityHost}common/v2.0/.well-known/openid-configuration`, isPrivate: false },
  ];
}

/** Addresses of the workspace and of what it stands on, each read from ARM. @throws ArmError */
export async function workspacePlaces(arm: Arm, cloud: Cloud, workspace: Workspace): Promise<Place[]> {
  const { storageAccount, keyVault, mlFlowTrackingUri } = workspace.properties ?? {};
  const read = async (id: string | undefined, apiVersion: string): Promise<Properties | undefined> =>
    id === undefined
      ? undefined
      : (await arm.read<{ properties?: Properties }>(id, { apiVersion }))?.properties;
  const [storage, vault, endpoints] = await Promise.all([
    read(storageAccount, STORAGE_API_VERSION),
    read(keyVault, VAULT_API_VERSION),
    arm.list<Endpoint>(`${workspace.id}/onlineEndpoints`, { apiVersion: ML_API_VERSION }),
  ]);
  const zone = `privatelink.${zoneOfMachineLearning(cloud)}`;
  return [
    ...(storageAccount === undefined
      ? []
      : [
          {
            name: "storage",
            url: `https://${resourceParts(storageAccount).name}.blob.${cloud.storageSuffix}/`,
            isPrivate: isClosed(storage),
            zone: `privatelink.blob.${cloud.storageSuffix}`,
          },
        ]),
    ...(keyVault === undefined
      ? []
      : [
          {
            name: "key vault",
            url: `https://${resourceParts(keyVault).name}.${cloud.vaultSuffix}/`,
            isPrivate: isClosed(vault),
            zone: `privatelink.${cloud.vaultSuffix.replace(/^vault\./, "vaultcore.")}`,
          },
        ]),
    ...(mlFlowTrackingUri === undefined
      ? []
      : [
          {
            name: "tracking",
            url: `${mlFlowTrackingUri.replace(/^azureml:/, "https:")}/api/2.0/mlflow/experiments/search`,
            isPrivate: isClosed(workspace.properties),
            zone,
          },
        ]),
    ...endpoints.slice(0, ENDPOINTS).flatMap(({ name = "?", properties }) =>
      properties?.scoringUri === undefined
        ? []
        : [
            {
              name: `scoring of ${name}`,
              url: properties.scoringUri,
              isPrivate: isClosed(properties),
              zone,
            },
          ],
    ),
  ];
}

function isClosed(properties: Properties | undefined): boolean {
  return properties?.publicNetworkAccess?.toLowerCase() === "disabled";
}

function zoneOfMachineLearning({ name }: Cloud): string {
  if (name === "china") return "api.ml.azure.cn";
  return name === "usgovernment" ? "api.ml.azure.us" : "api.azureml.ms";
}
