import { isLogged } from "../logs";
import type { StackRule } from "../rule";

export const workspaceLogs: StackRule = {
  id: "workspace-logs",
  title: "A workspace's logs are kept",
  reason: "Without them nobody can say afterwards who did what.",
  fix: "Declare a DiagnosticSetting with the workspace's id as resourceUri and an enabled log, as Workspace does by default.",
  covers: { azurePolicy: ["afe0c3be-ba3b-4544-ba52-0c99672a8ad6", "f59276f0-5740-4aaf-821d-45d185aa210e"] },
  levels: { dev: "advisory", prod: "mandatory" },
  checkStack: (resources) =>
    resources
      .filter(({ kind }) => kind === "machinelearningservices:Workspace")
      .filter((workspace) => !isLogged(workspace, resources))
      .map((resource) => ({ resource, problem: "no diagnostic setting of the stack sends its logs on" })),
};
