import type { TokenCredential } from "@azure/identity";
import type { Arm } from "../clients/arm";
import { resourceGroupIdOf, resourceParts } from "../clients/arm-id";
import type { Cloud } from "../clients/cloud";
import type { CredentialDescription } from "../clients/credential-plan";
import { once } from "../once";
import { ask, look } from "./ask";
import { clockFinding } from "./clock-skew";
import type { Check } from "./examine";
import { problem, reasonOf, unknown, type Finding } from "./finding";
import { machineFinding } from "./machines";
import { nameFinding, type WantedName } from "./names";
import { permissionFindings, readPermissions } from "./permissions";
import { cloudPlaces, readWorkspace, workspacePlaces, type Workspace } from "./places";
import { reachFinding, type Place } from "./reach";
import { signedInBy, signInFindings, type SignedIn } from "./sign-in";
import {
  providerFindings,
  readProviders,
  readSubscription,
  subscriptionFinding,
  subscriptionIds,
} from "./subscription";
import { readTools, toolFindings } from "./tools";

/** What is to be found out. */
export interface DoctorSpec {
  /** The program's folder. */
  readonly folder: string;
  /** ARM id. */
  readonly workspaceId?: string;
  /** Of the settings; else it is the workspace's, or the only one that there is. */
  readonly subscriptionId?: string;
  readonly names: readonly WantedName[];
  readonly machines?: { readonly instanceType: string; readonly instances: number };
  /** Region of the machines; the workspace's by default. */
  readonly location?: string;
}

/** Who is asked. */
export interface Services {
  readonly arm: Arm;
  readonly credential: TokenCredential;
  readonly cloud: () => Promise<Cloud>;
  readonly describe: () => CredentialDescription;
}

/** Each subject that can be told with what is known; what needs somebody signed in says so where nobody is. */
export function checksOf(spec: DoctorSpec, services: Services): Check[] {
  const { arm, cloud } = services;
  const { workspaceId, names, machines } = spec;
  const signedIn = once(async () => await signIn(services));
  const subscription = once(async () => await subscriptionOf(spec, arm));
  const workspace = once(async () => await workspaceOf(arm, workspaceId));
  const asSomebody = (name: string, find: (who: SignedIn) => Promise<readonly Finding[]>): Check => ({
    name,
    async find() {
      const who = await signedIn().catch(() => undefined);
      return who === undefined ? [unknown(name, "nobody is signed in")] : await find(who);
    },
  });
  return [
    { name: "tools", find: async () => toolFindings(await readTools(spec.folder)) },
    { name: "clock", find: async () => [await lookAtClock(await cloud())] },
    { name: "sign-in", find: async () => await lookAtSignIn(services, signedIn) },
    {
      name: "reach",
      find: async () => await lookAround(cloudPlaces(await cloud())),
    },
    asSomebody("subscription", async ({ tenantId }) => {
      const id = await subscription();
      return [subscriptionFinding(id, await readSubscription(arm, id), tenantId)];
    }),
    asSomebody("resource providers", async () => {
      const id = await subscription();
      return providerFindings(id, await readProviders(arm, id));
    }),
    ...(workspaceId === undefined
      ? [
          {
            name: "workspace",
            find: () =>
              Promise.resolve([
                unknown(
                  "workspace",
                  "without one, neither roles nor storage, tracking and scoring are looked at",
                  "--workspace with its ARM id, or --stack",
                ),
              ]),
          },
        ]
      : [
          asSomebody("workspace", async () => {
            const found = await workspace();
            return found === undefined
              ? [
                  problem(
                    "workspace",
                    `${workspaceId} isn't there, or not for who is signed in`,
                    NO_WORKSPACE,
                  ),
                ]
              : await lookAround(await workspacePlaces(arm, await cloud(), found));
          }),
          asSomebody("roles", async (who) => {
            const group = await readPermissions(arm, resourceGroupIdOf(workspaceId));
            const within = await readPermissions(arm, workspaceId).catch(() => undefined);
            return permissionFindings(group, within, who);
          }),
        ]),
    ...names.map((wanted) =>
      asSomebody(`name of ${wanted.kind}`, async () => [
        await nameFinding(arm, await subscription(), wanted),
      ]),
    ),
    ...(machines === undefined
      ? []
      : [
          asSomebody(`quota of ${machines.instanceType}`, async () => {
            const location = spec.location ?? (await workspace())?.location;
            if (location === undefined)
              return [
                unknown(`quota of ${machines.instanceType}`, "in which region?", "--location westeurope"),
              ];
            const at = workspaceId ?? `/subscriptions/${await subscription()}/resourceGroups/any`;
            return [await machineFinding(arm, at, { ...machines, location })];
          }),
        ]),
  ];
}

const NO_WORKSPACE = "`az ml workspace list --query [].id`, or Reader on it for who is signed in";

async function signIn({ credential, cloud }: Services): Promise<SignedIn> {
  const token = await credential.getToken((await cloud()).resourceManagerScope);
  if (token === null) throw new Error("no token was given");
  return signedInBy(token.token);
}

async function lookAtSignIn(
  { describe }: Services,
  signedIn: () => Promise<SignedIn>,
): Promise<readonly Finding[]> {
  try {
    return signInFindings(describe(), await signedIn());
  } catch (error) {
    const [what = "", tryThis] = reasonOf(error).split(" Try: ");
    return [
      problem(
        "sign-in",
        what,
        tryThis ?? "`az login`, or ARM_TENANT_ID, ARM_CLIENT_ID and ARM_CLIENT_SECRET",
      ),
    ];
  }
}

async function lookAtClock({ resourceManager }: Cloud): Promise<Finding> {
  const url = `${resourceManager}/metadata/endpoints?api-version=2022-09-01`;
  const { response, asked, answered } = await ask(url);
  return clockFinding(response.headers.get("date"), asked, answered);
}

async function lookAround(places: readonly Place[]): Promise<Finding[]> {
  return await Promise.all(places.map(async (place) => reachFinding(place, await look(place))));
}

async function subscriptionOf({ subscriptionId, workspaceId }: DoctorSpec, arm: Arm): Promise<string> {
  if (workspaceId !== undefined) return resourceParts(workspaceId).subscriptionId;
  if (subscriptionId !== undefined) return subscriptionId;
  const [only, ...others] = await subscriptionIds(arm);
  if (only !== undefined && others.length === 0) return only;
  throw new Error(
    only === undefined
      ? "who is signed in sees no subscription"
      : "there are several: ARM_SUBSCRIPTION_ID says which",
  );
}

async function workspaceOf(arm: Arm, id: string | undefined): Promise<Workspace | undefined> {
  return id === undefined ? undefined : await readWorkspace(arm, id);
}
