import { expect } from "chai";
import { SUBSCRIPTION_ID, TENANT_ID } from "../../local/cloud";
import type { ApplicationReport } from "../../local/identity/applications";
import { ROLES } from "../../local/identity/roles";
import type { JsonObject } from "../../local/json";
import { findRunning } from "../../local/running";
import type { Run } from "../../local/state";
import { AzureWorkspace } from "./azure-workspace";
import { Door, expectRefusal, Forger, type Received, type Sent, type Service } from "./refused-requests";
import { addServicePrincipal } from "./service-principal";

export const ARM = "https://management.azure.com";
export const STORAGE = "https://storage.azure.com";
export const VAULT = "https://vault.azure.net";
export const SCORING = "https://ml.azure.com";
export const ML = "2025-12-01";
/** GUID of a custom role that tracks runs and nothing else. */
export const TRACKS = "0000aaaa-0000-4000-8000-0000000000aa";

export type RefusalScene = ReturnType<typeof refusalScene>;

/** A local Azure with two workspaces, endpoints, blobs, a secret, and service principals that may do little in it. */
export function refusalScene() {
  let azure: AzureWorkspace;
  let another: AzureWorkspace;
  let door: Door;
  let forger: Forger;
  const states = new Map<Service, string>();
  const people = new Map<string, ApplicationReport>();
  const issued = new Map<string, string>();

  const run = (): Run => findRunning(azure.paths) ?? expect.fail("the local Azure is not running");
  const blob = (path: string): string => `https://stmaynot.blob.core.windows.net/${path}`;
  const mlflow = (call: string, of = azure): string =>
    `https://westeurope.api.azureml.ms/mlflow/v1.0${of.id}/api/2.0/mlflow/${call}`;
  const secret = "https://kv-maynot.vault.azure.net/secrets/planted?api-version=7.4";
  const score = (endpoint: string): string => `https://${endpoint}.westeurope.inference.ml.azure.com/score`;
  const model = (name: string, of = azure): string => `${ARM}${of.id}/models/${name}?api-version=${ML}`;
  const endpointId = (name: string): string => `${azure.id}/onlineEndpoints/${name}`;
  const identityId = (): string =>
    `${azure.group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/trainer`;

  /** What each service is asked to change. */
  const targets: Record<Exclude<Service, "entra">, { readonly audience: string; sent(): Sent }> = {
    arm: { audience: ARM, sent: () => ({ method: "PUT", url: model("planted"), body: '{"properties":{}}' }) },
    mlflow: {
      audience: ARM,
      sent: () => ({ method: "POST", url: mlflow("runs/create"), body: '{"experiment_id":"0"}' }),
    },
    blobs: {
      audience: STORAGE,
      sent: () => ({
        ...{ method: "PUT", url: blob("one/planted"), body: "planted" },
        headers: { "x-ms-blob-type": "BlockBlob", "x-ms-version": "2024-11-04" },
      }),
    },
    vault: { audience: VAULT, sent: () => ({ method: "PUT", url: secret, body: '{"value":"planted"}' }) },
    scoring: { audience: SCORING, sent: () => ({ method: "POST", url: score("maynot-aad"), body: "{}" }) },
  };

  const send = async (sent: Sent, authorization?: string): Promise<Received> =>
    await door.send({
      ...sent,
      headers: { ...sent.headers, ...(authorization !== undefined && { authorization }) },
    });
  const token = async (form: Record<string, string>, tenant = TENANT_ID): Promise<Received> =>
    await door.send({
      ...{ method: "POST", url: `https://login.microsoftonline.com/${tenant}/oauth2/v2.0/token` },
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams({
        grant_type: "client_credentials",
        scope: `${ARM}/.default`,
        ...form,
      }).toString(),
    });
  const person = (name: string): ApplicationReport =>
    people.get(name) ?? expect.fail(`nobody is called ${name}`);
  const signIn = async (name: string, audience: string): Promise<string> => {
    const key = `${name} ${audience}`;
    const found = issued.get(key);
    if (found !== undefined) return found;
    const { clientId, secret: password = "" } = person(name);
    const { text } = await token({
      client_id: clientId,
      client_secret: password,
      scope: `${audience}/.default`,
    });
    const made = `Bearer ${(JSON.parse(text) as { access_token: string }).access_token}`;
    issued.set(key, made);
    return made;
  };
  const as = async (name: string, sent: Sent, audience = ARM): Promise<Received> =>
    await send(sent, await signIn(name, audience));

  let assignments = 0;
  const give = async (objectId: string, role: string, scope: string): Promise<string> => {
    const count = String(++assignments).padStart(12, "0");
    const id = `${scope}/providers/Microsoft.Authorization/roleAssignments/0000bbbb-0000-4000-8000-${count}`;
    const roleDefinitionId = `/subscriptions/${SUBSCRIPTION_ID}/providers/Microsoft.Authorization/roleDefinitions/${role}`;
    await azure.arm("PUT", id, "2022-04-01", { properties: { principalId: objectId, roleDefinitionId } });
    return id;
  };
  const endpoint = async (name: string, authMode: string): Promise<void> => {
    const body = { location: "westeurope", identity: { type: "SystemAssigned" }, properties: { authMode } };
    await azure.ml("PUT", endpointId(name), body);
    for (;;) {
      const { properties } = (await azure.ml("GET", endpointId(name))) as { properties: JsonObject };
      if (properties["provisioningState"] === "Succeeded") return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };

  /** What a service's refused requests are after, as the deployer sees it. */
  const looks: Record<Service, () => Promise<{ status: number; text: string }[]>> = {
    arm: async () => {
      const assigned = "providers/Microsoft.Authorization/roleAssignments?api-version=2022-04-01";
      return await Promise.all(
        [
          `${azure.id}?api-version=${ML}`,
          `${azure.id}/models?api-version=${ML}`,
          `${another.id}/models?api-version=${ML}`,
          `${azure.id}/onlineEndpoints?api-version=${ML}`,
          `${azure.id}/computes?api-version=${ML}`,
          `/subscriptions/${SUBSCRIPTION_ID}/${assigned}`,
          `${azure.group}/providers/Microsoft.Authorization/roleDefinitions/${TRACKS}?api-version=2022-05-01-preview`,
        ].map(async (path) => await azure.ask("GET", ARM + path)),
      );
    },
    mlflow: async () =>
      await Promise.all([
        azure.ask("POST", mlflow("runs/search"), { experiment_ids: ["0"] }),
        azure.ask("POST", mlflow("runs/search", another), { experiment_ids: ["0"] }),
        azure.ask("GET", mlflow("experiments/search?max_results=100")),
        azure.ask("GET", mlflow("registered-models/search")),
      ]),
    blobs: async () =>
      await Promise.all(
        ["one", "two"].map(async (container) => {
          const list = { method: "GET", url: blob(`${container}?restype=container&comp=list`) } as const;
          const headers = { "x-ms-version": "2024-11-04" };
          return await send({ ...list, headers }, await forger.sign(STORAGE));
        }),
      ),
    vault: async () => [
      await azure.ask("GET", secret.replace("/planted", ""), undefined, `${VAULT}/.default`),
    ],
    scoring: () => Promise.resolve([]),
    entra: () => Promise.resolve([]),
  };
  const services = Object.keys(looks) as Service[];
  const look = async (service: Service): Promise<string> => {
    const seen = await looks[service]();
    for (const { status, text } of seen) expect(status, text).to.equal(200);
    return seen.map(({ text }) => text).join("\n");
  };
  /** What is there now is how it shall stay. */
  const settle = async (): Promise<void> => {
    for (const service of services) states.set(service, await look(service));
  };
  /** Nothing is other than it was when it was last settled, anywhere. */
  const unchanged = async (): Promise<void> => {
    for (const service of services) expect(await look(service), service).to.equal(states.get(service));
  };
  /** The request is refused in the service's own shape, and has changed nothing there. */
  const refused = async (service: Service, request: Promise<Received>): Promise<Received> => {
    const answer = await request;
    expectRefusal(service, answer);
    expect(await look(service), "something has changed").to.equal(states.get(service));
    return answer;
  };
  /** The request is taken: what it changed shall stay. */
  const taken = async (request: Promise<Received>): Promise<Received> => {
    const answer = await request;
    expect(answer.status, answer.text).to.be.lessThan(300);
    await settle();
    return answer;
  };

  const open = async (): Promise<void> => {
    azure = await AzureWorkspace.open("maynot");
    another = await AzureWorkspace.open("maynot2", { paths: azure.paths, run });
    door = new Door(azure.paths, run().ports.proxy);
    forger = await Forger.open(azure.paths);
    await azure.allowBlobs();
    for (const container of ["one", "two"])
      await send(
        {
          method: "PUT",
          url: blob(`${container}?restype=container`),
          headers: { "x-ms-version": "2024-11-04" },
        },
        await forger.sign(STORAGE),
      );
    await azure.writeBlob("one/there", "there");
    await give("10ca1a2e-0000-4000-8000-000000000004", ROLES["Key Vault Secrets Officer"], azure.group);
    for (const [name, mode] of [
      ["maynot-aad", "AADToken"],
      ["maynot-key", "Key"],
      ["maynot-key2", "Key"],
      ["maynot-aml", "AMLToken"],
      ["maynot-aml2", "AMLToken"],
    ] as const)
      await endpoint(name, mode);
    const actions = [
      "read",
      "experiments/read",
      "experiments/write",
      "experiments/runs/*",
      "metadata/artifacts/*",
    ];
    await azure.arm(
      "PUT",
      `${azure.group}/providers/Microsoft.Authorization/roleDefinitions/${TRACKS}`,
      "2022-05-01-preview",
      {
        properties: {
          roleName: "Tracks runs, and nothing else",
          type: "CustomRole",
          assignableScopes: [azure.id],
          permissions: [
            { actions: actions.map((each) => `Microsoft.MachineLearningServices/workspaces/${each}`) },
          ],
        },
      },
    );
    for (const [name, role, scope] of [
      ["nobody", undefined, ""],
      ["reader", ROLES.Reader, azure.group],
      ["scientist", ROLES["AzureML Data Scientist"], azure.id],
      ["neighbour", ROLES["AzureML Data Scientist"], another.id],
      ["contributor", ROLES.Contributor, azure.group],
      ["tracker", TRACKS, azure.id],
    ] as const) {
      const made = await addServicePrincipal(azure.paths, name);
      people.set(name, made);
      if (role !== undefined) await give(made.objectId, role, scope);
    }
    await settle();
  };
  const close = async (): Promise<void> => {
    await door?.close();
    await another?.close();
    await azure?.close();
  };

  return {
    ...{ open, close, settle, unchanged, refused, taken },
    ...{ send, token, as, give, person, people, run, targets },
    ...{ blob, mlflow, model, score, secret, endpointId, identityId },
    azure: () => azure,
    another: () => another,
    forger: () => forger,
  };
}
