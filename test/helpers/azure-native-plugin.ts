import type { JsonObject } from "../../local/json";
import { AzureNative } from "../../local/plugins/azure-native/provider";
import { serve } from "../../local/plugins/provider-server";
import { MemoryArm } from "./memory-arm";
import { ProviderClient, type Remembered } from "./provider-client";

export const endpointType = "azure-native:machinelearningservices:OnlineEndpoint";
export const deploymentType = "azure-native:machinelearningservices:OnlineDeployment";
export const groupType = "azure-native:resources:ResourceGroup";
export const group = "/subscriptions/sub/resourceGroups/rg";
export const workspace = `${group}/providers/Microsoft.MachineLearningServices/workspaces/ws`;
export const endpointId = `${workspace}/onlineEndpoints/scorer`;
export const config = {
  tenantId: "tenant",
  clientId: "client",
  clientSecret: "secret",
  subscriptionId: "sub",
};

export const endpoint: JsonObject = {
  resourceGroupName: "rg",
  workspaceName: "ws",
  endpointName: "scorer",
  location: "westeurope",
  properties: { authMode: "Key", publicNetworkAccess: "Enabled" },
};

/** The provider's configuration as the engine gives it. */
export function configOf(extra: Record<string, string> = {}): Record<string, string> {
  return Object.fromEntries(
    Object.entries({ ...config, ...extra }).map(([key, value]) => [`azure-native:config:${key}`, value]),
  );
}

/** The plugin on a port, configured, with an ARM in memory behind it. */
export interface PluginOnPort {
  readonly arm: MemoryArm;
  readonly plugin: ProviderClient;
  /** Creates an online endpoint, as the engine does: checked inputs. */
  created(inputs?: JsonObject): Promise<Remembered>;
  stop(): void;
}

export async function startPlugin(): Promise<PluginOnPort> {
  const arm = new MemoryArm();
  const server = await serve(new AzureNative(arm.transport));
  const plugin = new ProviderClient(server.port);
  await plugin.configure(configOf());
  return {
    arm,
    plugin,
    created: async (inputs = endpoint) => {
      const checked = await plugin.check(endpointType, "scorer", inputs);
      return await plugin.create(endpointType, "scorer", checked.inputs);
    },
    stop: () => {
      plugin.close();
      server.close();
    },
  };
}
