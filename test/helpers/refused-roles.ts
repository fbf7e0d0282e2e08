import type { Sent, Service } from "./refused-requests";
import { ARM, ML, TRACKS, type RefusalScene } from "./refusal-scene";
import { ROLES } from "../../local/identity/roles";

/** What somebody tries whose roles don't reach it: in words, at which service, who, and how. */
export type RoleCase = readonly [what: string, service: Service, who: string, sent: () => Sent];

export function refusedRoles(scene: RefusalScene): readonly RoleCase[] {
  const { azure, another, targets, mlflow, model, blob, secret, person, endpointId } = scene;
  const body = '{"properties":{}}';
  return [
    ["reads in ARM without a role", "arm", "nobody", () => ({ method: "GET", url: model("planted") })],
    ["writes in ARM without a role", "arm", "nobody", targets.arm.sent],
    ["tracks without a role", "mlflow", "nobody", targets.mlflow.sent],
    [
      "reads runs without a role",
      "mlflow",
      "nobody",
      () => ({ method: "GET", url: mlflow("experiments/get?experiment_id=0") }),
    ],
    ["writes a blob without a role", "blobs", "nobody", targets.blobs.sent],
    [
      "reads a blob without a role",
      "blobs",
      "nobody",
      () => ({ ...targets.blobs.sent(), method: "GET", url: blob("one/there"), body: undefined as never }),
    ],
    ["reads a secret without a role", "vault", "nobody", () => ({ method: "GET", url: secret })],
    ["scores without a role", "scoring", "nobody", targets.scoring.sent],
    ["writes in ARM as a reader", "arm", "reader", targets.arm.sent],
    ["deletes in ARM as a reader", "arm", "reader", () => ({ method: "DELETE", url: model("planted") })],
    [
      "lists an endpoint's keys as a reader",
      "arm",
      "reader",
      () => ({ method: "POST", url: `${ARM}${endpointId("maynot-key")}/listKeys?api-version=${ML}` }),
    ],
    [
      "lists the storage account's keys as a reader",
      "arm",
      "reader",
      () => ({
        method: "POST",
        url: `${ARM}${azure().group}/providers/Microsoft.Storage/storageAccounts/stmaynot/listKeys?api-version=2024-01-01`,
      }),
    ],
    ["tracks as a reader", "mlflow", "reader", targets.mlflow.sent],
    [
      "registers as a reader",
      "mlflow",
      "reader",
      () => ({ method: "POST", url: mlflow("registered-models/create"), body: '{"name":"x"}' }),
    ],
    [
      "reads a blob by a management role",
      "blobs",
      "contributor",
      () => ({ method: "GET", url: blob("one/there"), headers: { "x-ms-version": "2024-11-04" } }),
    ],
    ["writes a blob by a management role", "blobs", "contributor", targets.blobs.sent],
    ["writes a secret by a management role", "vault", "contributor", targets.vault.sent],
    ["scores as a reader", "scoring", "reader", targets.scoring.sent],
    [
      "gives roles as a contributor",
      "arm",
      "contributor",
      () => ({
        method: "PUT",
        url: `${ARM}${azure().group}/providers/Microsoft.Authorization/roleAssignments/0000cccc-0000-4000-8000-000000000001?api-version=2022-04-01`,
        body: JSON.stringify({
          properties: { principalId: person("contributor").objectId, roleDefinitionId: ROLES.Owner },
        }),
      }),
    ],
    [
      "widens its own role as a contributor",
      "arm",
      "contributor",
      () => ({
        method: "PUT",
        url: `${ARM}${azure().group}/providers/Microsoft.Authorization/roleDefinitions/${TRACKS}?api-version=2022-05-01-preview`,
        body: JSON.stringify({
          properties: { roleName: "x", assignableScopes: [azure().id], permissions: [{ actions: ["*"] }] },
        }),
      }),
    ],
    [
      "writes outside its group as a contributor",
      "arm",
      "contributor",
      () => ({ method: "PUT", url: model("planted", another()), body }),
    ],
    ["writes in another workspace", "arm", "neighbour", targets.arm.sent],
    ["tracks in another workspace", "mlflow", "neighbour", targets.mlflow.sent],
    [
      "tracks in another workspace by a path that goes up",
      "mlflow",
      "neighbour",
      () => ({
        ...targets.mlflow.sent(),
        url: mlflow("runs/create").replace("/workspaces/", "/workspaces/x/../"),
      }),
    ],
    ["scores on another workspace's endpoint", "scoring", "neighbour", targets.scoring.sent],
    [
      "deletes the workspace as a data scientist",
      "arm",
      "scientist",
      () => ({ method: "DELETE", url: `${ARM}${azure().id}?api-version=${ML}` }),
    ],
    [
      "makes a compute as a data scientist",
      "arm",
      "scientist",
      () => ({
        method: "PUT",
        url: `${ARM}${azure().id}/computes/planted?api-version=${ML}`,
        body: '{"location":"westeurope","properties":{"computeType":"AmlCompute"}}',
      }),
    ],
    [
      "lists the workspace's keys as a data scientist",
      "arm",
      "scientist",
      () => ({ method: "POST", url: `${ARM}${azure().id}/listKeys?api-version=${ML}` }),
    ],
    [
      "deploys as a tracker",
      "arm",
      "tracker",
      () => ({
        method: "PUT",
        url: `${ARM}${endpointId("planted")}?api-version=${ML}`,
        body: '{"location":"westeurope","properties":{"authMode":"Key"}}',
      }),
    ],
    ["registers a model by ARM as a tracker", "arm", "tracker", targets.arm.sent],
    [
      "registers a model by MLflow as a tracker",
      "mlflow",
      "tracker",
      () => ({ method: "POST", url: mlflow("registered-models/create"), body: '{"name":"x"}' }),
    ],
    [
      "deletes an experiment as a tracker",
      "mlflow",
      "tracker",
      () => ({ method: "POST", url: mlflow("experiments/delete"), body: '{"experiment_id":"0"}' }),
    ],
    [
      "lists an endpoint's keys as a tracker",
      "arm",
      "tracker",
      () => ({ method: "POST", url: `${ARM}${endpointId("maynot-key")}/listKeys?api-version=${ML}` }),
    ],
    ["scores as a tracker", "scoring", "tracker", targets.scoring.sent],
  ];
}
