import type { Json, JsonObject } from "../json";
import type { AccessControl, Principal } from "../identity/principal";
import type { AccountKeys } from "../blobs/account-keys";
import type { Effects } from "./effects";
import type { Store, StoredResource } from "./store";

/** What the types of resources work with. */
export interface Arm {
  readonly store: Store;
  readonly effects: Effects;
  /** Who may do what; the types ask it for identities that Azure acts as. */
  readonly access: AccessControl;
  /** Keys of storage accounts; the blobs check them. */
  readonly keys: AccountKeys;
  /** Where a resource is when nobody says. */
  readonly region: string;
  readonly now: () => Date;
  /** Takes the resource away with everything under it, as its deletion does. */
  readonly erase: (resource: StoredResource, options: EraseOptions) => Promise<void>;
}

export interface EraseOptions {
  /** Nothing is kept for a recovery. */
  readonly purge: boolean;
}

/** What every request brings along. */
export interface Request {
  readonly arm: Arm;
  readonly id: string;
  readonly name: string;
  readonly apiVersion: string;
  readonly query: Readonly<Record<string, string>>;
  readonly principal: Principal;
}

export interface PutRequest extends Request {
  /** Without what Microsoft's models call read-only. */
  readonly body: JsonObject;
  /** As it came. */
  readonly sent: JsonObject;
  readonly existing: StoredResource | undefined;
}

export interface PatchRequest extends Request {
  readonly body: JsonObject;
  readonly existing: StoredResource;
}

export interface DeleteRequest extends Request {
  readonly existing: StoredResource | undefined;
}

export interface ActionRequest extends Request {
  readonly body: JsonObject;
  readonly existing: StoredResource;
}

/** A resource made whole: its body without `id`, `name`, `type` and `systemData`, and what ARM never shows. */
export interface Made {
  readonly body: JsonObject;
  readonly internal?: JsonObject;
}

/** What a POST answers. Without a body: 204. */
export interface Answer {
  readonly status: number;
  readonly body?: Json;
  /** With 202 of a long-running action: what the resource's `write` goes by; `body` is then the answer at the end. */
  readonly internal?: JsonObject;
}

export type OperationHeader = "Azure-AsyncOperation" | "Location";

/** How a long-running request is answered, besides the resource under way. */
export interface Accepted {
  readonly created: number;
  /** `at once`: a change is answered with 200 when it is done. */
  readonly updated: number | "at once";
  readonly headers: readonly OperationHeader[];
}

/** The operations of a type that take their time, and the collections of `locations/{location}` that tell how they went. */
export interface LongRunning {
  readonly status: string;
  readonly result: string;
  /** What stands before the operation's GUID: `oeidp:{guid}:{guid}`. */
  readonly prefix?: string;
  /** Whether the resource tells its provisioning state; it does unless said otherwise. */
  readonly hasState?: false;
  readonly put?: Accepted;
  readonly patch?: Accepted;
  readonly delete?: Accepted;
  /** POST, by the action's name in lower case. */
  readonly actions?: Readonly<Record<string, Accepted>>;
}

/** A type of resource: a row of ARM's table. Whatever is absent, the type does not have. */
export interface ResourceType {
  /** `Microsoft.Storage/storageAccounts`, in Azure's own case. */
  readonly type: string;
  readonly apiVersions: readonly string[];
  /** Where a type without parent may stand; `resourceGroup` unless said otherwise. */
  readonly scope?: "subscription" | "resourceGroup" | "any";
  /** `location` is required and never changes. */
  readonly tracked?: boolean;
  readonly systemData?: boolean;
  /** The parent comes into being with its first child. */
  readonly parentOptional?: boolean;
  /** Throws for a name that the type does not take. */
  readonly checkName?: (name: string) => void;
  /** PUT: checks the request and makes the resource whole. */
  readonly make?: (request: PutRequest) => Made | Promise<Made>;
  /** PATCH. */
  readonly amend?: (request: PatchRequest) => Made | Promise<Made>;
  /** Before a DELETE, even of what is not there: throws when it is refused, and gets ready what else changes with it. */
  readonly beforeDelete?: (request: DeleteRequest) => void | Promise<void>;
  /** What a PUT or PATCH sets going. A long-running type's runs after the answer, and again after a kill. */
  readonly write?: (
    arm: Arm,
    resource: StoredResource,
    previous: StoredResource | undefined,
  ) => Promise<void>;
  /** What goes with the resource, called after all that is under it is gone. */
  readonly erase?: (arm: Arm, resource: StoredResource, options: EraseOptions) => Promise<void>;
  /** POST, by the action's name in lower case. */
  readonly actions?: Readonly<Record<string, (request: ActionRequest) => Answer | Promise<Answer>>>;
  /** Those that may come before the resource's PUT. */
  readonly earlyActions?: Readonly<Record<string, (request: Request) => Answer | Promise<Answer>>>;
  /** The body as it is shown, where it tells of other resources too. */
  readonly shown?: (arm: Arm, resource: StoredResource) => JsonObject;
  /** What is there without having been put. */
  readonly implied?: (arm: Arm, id: string) => StoredResource | undefined;
  /** The id that it is kept by, whatever scope it is asked for at. */
  readonly keptAt?: (id: string) => string;
  /** What a PUT that changes answers, when the type is not long-running; 200 unless said otherwise. */
  readonly updatedStatus?: number;
  /** What a PUT that creates answers, when the type is not long-running; 201 unless said otherwise. */
  readonly createdStatus?: number;
  /** The members of a list, where they are not simply what is stored under the scope. */
  readonly collect?: (arm: Arm, scope: string, query: Readonly<Record<string, string>>) => StoredResource[];
  /** GET of a list: what it shows of the members, and in what order. */
  readonly listed?: (
    resources: readonly StoredResource[],
    query: Readonly<Record<string, string>>,
  ) => StoredResource[];
  readonly longRunning?: LongRunning;
}

/** A row by its type, without regard to case. */
export type ResourceTypes = ReadonlyMap<string, ResourceType>;

export function resourceTypes(rows: readonly ResourceType[]): ResourceTypes {
  return new Map(rows.map((row) => [row.type.toLowerCase(), row]));
}

/** The resource's type, as its body says. */
export function rowOf(types: ResourceTypes, resource: StoredResource): ResourceType | undefined {
  return types.get(String(resource.body["type"]).toLowerCase());
}
