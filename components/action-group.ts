import * as monitor from "@pulumi/azure-native/monitor";
import * as pulumi from "@pulumi/pulumi";
import { resourceParts } from "../providers/clients/arm-id";
import { objectOf, optional, recordOf, tags, text, type Problem, type Rules } from "../providers/rules";
import { checkArgs, isKnown, type Constraint } from "./args";
import { azureName } from "./naming";
import type { Tags } from "./tags";
import { resourceGroupId } from "./workspace-args";

export interface ActionGroupArgs {
  /** ARM id of the resource group that it is in. */
  readonly resourceGroupId: pulumi.Input<string>;
  /** 1 to 260 characters, unique in the resource group. By default `ag-` and the component's name. Another name is another group. */
  readonly actionGroupName?: pulumi.Input<string>;
  /** What messages call the group, 1 to 12 characters. By default the first 12 of the component's name. */
  readonly shortName?: pulumi.Input<string>;
  /**
   * Addresses that get a mail, up to 1000, each by a name of your choosing that stays. Azure sends a new address a code, which its owner
   * enters within 30 minutes; until then nothing else reaches it. At most 100 mails an hour reach an address. Costs by the mail, beyond a
   * free amount.
   */
  readonly emails?: Readonly<Record<string, pulumi.Input<string>>>;
  /** Addresses that get a POST in the common alert schema, up to 10, each by a name of your choosing that stays. Costs by the call, beyond a free amount. */
  readonly webhooks?: Readonly<Record<string, Webhook>>;
  /** Of the action group. */
  readonly tags?: Tags;
}

/** An address that gets a POST with the alert. */
export interface Webhook {
  /** `https://…`. A secret in the state and in previews, since its path or query often holds a key: whoever knows it can post as Azure does. */
  readonly uri: pulumi.Input<string>;
  /** What Azure signs in with, so that the receiver can tell its calls from others. By default it doesn't sign in: the address is all that protects it. */
  readonly entra?: WebhookSignIn;
}

/** A "secure webhook": Azure brings an Entra token for the receiver's application. */
export interface WebhookSignIn {
  /** Object id of the receiver's application (not its client id): a GUID. It must give the `ActionGroupsSecureWebhook` role to Azure's AZNS application. */
  readonly applicationObjectId: pulumi.Input<string>;
  /** The application's identifier URI, `api://…`: the audience of the tokens. */
  readonly identifierUri: pulumi.Input<string>;
  /** The application's tenant: a GUID. */
  readonly tenantId: pulumi.Input<string>;
}

const guid = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i;
const NAMES = "Naming rules for Azure resources, Microsoft.Insights";
const LIMITS = "Azure Monitor service limits, action groups";
const SECURE = "Action groups, configure authentication for secure webhook";

export const actionGroupRules: Rules<ActionGroupArgs> = {
  resourceGroupId,
  actionGroupName: optional(
    text(
      "1 to 260 characters without :<>+/&%\\?, no space or dot last",
      /^[^:<>+/&%\\?\p{Cc}]{0,259}[^:<>+/&%\\?\p{Cc} .]$/u,
      `${NAMES}: actionGroups`,
    ),
  ),
  shortName: optional(
    text("1 to 12 characters", /^.{1,12}$/u, "models 2023-01-01, ActionGroupResource: group_short_name"),
  ),
  emails: optional(
    recordOf(
      text("a mail address of at most 64 characters", /^(?=.{3,64}$)[^\s@]+@[^\s@]+$/, `${LIMITS}: email`),
    ),
  ),
  webhooks: optional(
    recordOf(
      objectOf<Webhook>({
        uri: text("an address that begins with https://", /^https:\/\/[^\s/]/),
        entra: optional(
          objectOf<WebhookSignIn>({
            applicationObjectId: text("an object id: a GUID", guid, `${SECURE}: the application's object id`),
            identifierUri: text("an identifier URI, for instance api://…", /^[a-z][a-z0-9+.-]*:\S+$/i),
            tenantId: text("a tenant's id: a GUID", guid),
          }),
        ),
      }),
    ),
  ),
  tags: optional(tags),
};

export const actionGroupConstraints: readonly Constraint<ActionGroupArgs>[] = [
  {
    id: "action-group-emails-limit",
    source: `${LIMITS}: 1,000 email actions`,
    problems: ({ emails }) => tooMany("emails", emails, 1000),
  },
  {
    id: "action-group-webhooks-limit",
    source: `${LIMITS}: 10 webhook actions, 10 secure webhook actions`,
    problems: ({ webhooks = {} }) =>
      isKnown(webhooks)
        ? [true, false].flatMap((secure) =>
            tooMany(
              "webhooks",
              pickBy(webhooks, (webhook) => isSecure(webhook) === secure),
              10,
            ),
          )
        : [],
  },
  {
    id: "action-group-receiver-names",
    source: "models 2023-01-01, EmailReceiver and WebhookReceiver: names unique across all receivers",
    problems: ({ emails = {}, webhooks = {} }) => {
      if (!isKnown(emails) || !isKnown(webhooks)) return [];
      const others = new Set(Object.keys(emails).map((name) => name.toLowerCase()));
      return Object.keys(webhooks)
        .filter((name) => others.has(name.toLowerCase()))
        .map((name) => ({
          path: `webhooks.${name}`,
          value: name,
          reason: "it must have another name than every mail address",
        }));
    },
  },
  {
    id: "action-group-secure-webhook-credentials",
    source: "Action groups, action types: a secure webhook doesn't support basic authentication",
    problems: ({ webhooks = {} }) =>
      isKnown(webhooks)
        ? Object.entries(webhooks).flatMap(([name, { uri, entra }]) =>
            entra !== undefined && typeof uri === "string" && /^https:\/\/[^/?#]*@/.test(uri)
              ? [
                  {
                    path: `webhooks.${name}.uri`,
                    value: "…",
                    reason: "it must be without user and password where Azure signs in",
                  },
                ]
              : [],
          )
        : [],
  },
];

function tooMany(path: string, items: object | undefined, most: number): Problem[] {
  const count = Object.keys(items ?? {}).length;
  return count <= most ? [] : [{ path, value: count, reason: `it must have ${most} items at most` }];
}

function pickBy<T>(items: Readonly<Record<string, T>>, test: (item: T) => boolean): Record<string, T> {
  return Object.fromEntries(Object.entries(items).filter(([, item]) => test(item)));
}

function isSecure({ entra }: { readonly entra?: unknown }): boolean {
  return entra !== undefined;
}

/**
 * Who is told when an alert fires or a budget is used up: mail addresses and webhooks. Alerts and budgets take it by its `id`, also one
 * that is made elsewhere.
 *
 * It is processed in any region ("global"), and outlives a region's loss. No SMS, no calls. Costs: nothing by itself, messages by their number.
 */
export class ActionGroup extends pulumi.ComponentResource {
  /** ARM id; the `actionGroupIds` of `EndpointAlerts` and `Budget` take it. */
  declare readonly id: pulumi.Output<string>;
  declare readonly name: pulumi.Output<string>;

  constructor(name: string, args: ActionGroupArgs, opts?: pulumi.ComponentResourceOptions) {
    super("pulumi-azureml:index:ActionGroup", name, {}, opts);
    args = checkArgs("ActionGroup", name, args, actionGroupRules, actionGroupConstraints);

    const group = new monitor.ActionGroup(
      name,
      {
        actionGroupName: args.actionGroupName ?? azureName("actionGroup", name),
        resourceGroupName: pulumi
          .output(args.resourceGroupId)
          .apply((id) => resourceParts(id).resourceGroupName),
        location: "global",
        groupShortName: args.shortName ?? name.slice(0, 12),
        enabled: true,
        emailReceivers: Object.entries(args.emails ?? {}).map(([key, emailAddress]) => ({
          name: key,
          emailAddress,
          useCommonAlertSchema: true,
        })),
        webhookReceivers: Object.entries(args.webhooks ?? {}).map(webhookReceiver),
        tags: args.tags,
      },
      { parent: this, additionalSecretOutputs: ["webhookReceivers"] },
    );

    this.id = group.id;
    this.name = group.name;
    this.registerOutputs({ id: this.id, name: this.name });
  }
}

function webhookReceiver([name, { uri, entra }]: [string, Webhook]): {
  name: string;
  serviceUri: pulumi.Output<string>;
  useCommonAlertSchema: boolean;
  useAadAuth: boolean;
  objectId?: pulumi.Input<string>;
  identifierUri?: pulumi.Input<string>;
  tenantId?: pulumi.Input<string>;
} {
  return {
    name,
    serviceUri: pulumi.secret(uri),
    useCommonAlertSchema: true,
    useAadAuth: entra !== undefined,
    ...(entra === undefined
      ? {}
      : {
          objectId: entra.applicationObjectId,
          identifierUri: entra.identifierUri,
          tenantId: entra.tenantId,
        }),
  };
}
