import type * as pulumi from "@pulumi/pulumi";
import { isWebhookUrl } from "../providers/clients/webhook-address";
import { NOTIFIED } from "../providers/rollout/notified";
import { listOf, objectOf, oneOf, optional, rule, type Rule } from "../providers/rules";

/**
 * Who is told how a rollout goes, by an HTTP address of theirs. It is sent a POST with JSON: `event`, `endpointId`, `endpoint`, `generation`, `step`,
 * `weight`, `traffic`, `figures`, `reason` and `time`. A webhook that is away is tried again for 20 seconds and then said to be; no
 * traffic waits for it. Commands tell nobody: they don't know the address.
 */
export interface RolloutNotify {
  /** `https://…`, or `http://` on this machine. Kept secret. */
  readonly url: pulumi.Input<string>;
  /** All three by default. */
  readonly on?: readonly ("promoted" | "rolledBack" | "paused")[];
}

export const webhookUrl: Rule = rule(
  isWebhookUrl,
  "https://…, without a name or password in it; or http:// on this machine",
);

export const rolloutNotifyRule = objectOf<RolloutNotify>({
  url: webhookUrl,
  on: optional(listOf(oneOf(...NOTIFIED), { least: 1 })),
});
