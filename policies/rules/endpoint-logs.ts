import { isLogged } from "../logs";
import type { StackRule } from "../rule";

const CATEGORIES = [
  "AmlOnlineEndpointTrafficLog",
  "AmlOnlineEndpointConsoleLog",
  "AmlOnlineEndpointEventLog",
] as const;

export const endpointLogs: StackRule = {
  id: "endpoint-logs",
  title: "An online endpoint's logs are kept",
  reason:
    "Without them nobody can say which calls failed, what the model printed, or why a machine went away.",
  fix: "Declare a DiagnosticSetting with the endpoint's id as resourceUri that enables the three categories, or categoryGroup allLogs.",
  covers: {},
  levels: { dev: "advisory", prod: "mandatory" },
  checkStack: (resources) =>
    resources
      .filter(({ kind, type }) => kind === "machinelearningservices:OnlineEndpoint" && isAzures(type))
      .map((resource) => ({
        resource,
        missing: CATEGORIES.filter((category) => !isLogged(resource, resources, category)),
      }))
      .filter(({ missing }) => missing.length > 0)
      .map(({ resource, missing }) => ({
        resource,
        problem: `no diagnostic setting of the stack sends on ${missing.join(", ")}`,
      })),
};

/** The endpoint itself, not this package's resource that writes its settings. */
function isAzures(type: string): boolean {
  return type.startsWith("azure-native:");
}
