import * as pulumi from "@pulumi/pulumi";
import { setTimeout as sleep } from "node:timers/promises";

/** What to do about a refusal of Azure's that says too little. */
interface Advice {
  readonly refusal: RegExp;
  readonly advice: string;
}

const advices: readonly Advice[] = [
  {
    refusal: /soft-deleted workspace exists/i,
    advice:
      "A workspace of this name was deleted less than 14 days ago and holds on to it. Either remove it for good with " +
      "`az ml workspace delete --name <workspace> --resource-group <group> --permanently-delete`, or choose another name " +
      '(`namePrefix`, `nameSuffix`). With `onDelete: "purge"` Workspace leaves nothing behind when it is deleted.',
  },
  {
    refusal: /vault with the same name already exists in deleted state/i,
    advice:
      "A key vault of this name was deleted and holds on to it until its retention is over. Either bring it back (`az keyvault recover`) or " +
      "remove it for good (`az keyvault purge`, not under purge protection), or choose another name (`namePrefix`, `nameSuffix`). " +
      'With `onDelete: "purge"` Workspace leaves nothing behind when it is deleted.',
  },
  {
    refusal: /ScopeLocked|scope\(s\) are locked/i,
    advice:
      "A management lock is on it, or on its resource group or subscription, that this program doesn't hold. Remove it with `az lock delete` first.",
  },
];

/** What to do about the refusal; undefined where Azure's own words are all there is. */
export function adviceOn(refusal: string): string | undefined {
  return advices.find((each) => each.refusal.test(refusal))?.advice;
}

/**
 * Whether the refusal may end once a role, which Azure has just assigned to the workspace's identity, has effect.
 *
 * Not what whoever runs `up` lacks. And not what Azure has begun to make: azure-native would refuse to create it again; the next `up` goes on
 * with it.
 */
export function waitsForRole(refusal: string): boolean {
  if (/^\d+ errors? occurred:/.test(refusal)) return false;
  if (/perform action 'Microsoft\.MachineLearningServices\//i.test(refusal)) return false;
  return /\b(AuthorizationFailed|ForbiddenByRbac|FailedIdentityOperation|LinkedAuthorizationFailed)\b/.test(
    refusal,
  );
}

/** Azure says that a role can take ten minutes to have effect (Troubleshoot Azure RBAC). */
const PATIENCE = 15 * 60_000;
const LONGEST_WAIT = 15_000;

/**
 * Milliseconds until the next try; undefined when it is time to give up.
 *
 * @param failures how often it was refused, at least once
 * @param waited milliseconds since the first refusal
 */
export function nextTry(failures: number, waited: number): number | undefined {
  const wait = Math.min(1000 * 2 ** (failures - 1), LONGEST_WAIT);
  return waited + wait > PATIENCE ? undefined : wait;
}

/**
 * For resources that Azure refuses while a role is on its way, or in words that need a translation: tries again until the role has effect, and
 * says what to do about the rest.
 */
export function withHelp(): pulumi.ResourceHookBinding {
  const monitor = monitorOf();
  // Pulumi's mocks, which unit tests run under, have no hooks and fail on one.
  if (monitor === undefined || !("registerErrorHook" in monitor)) return {};
  let hook = hooks.get(monitor);
  if (hook === undefined) hooks.set(monitor, (hook = new pulumi.ErrorHook(NAME, tryAgain)));
  return { onError: [hook] };
}

/** One an engine, for its name must be unique there. */
const hooks = new WeakMap<object, pulumi.ErrorHook>();

const NAME = "pulumi-azureml: Azure's refusals of a workspace";

async function tryAgain({ urn, errors }: pulumi.ErrorHookArgs): Promise<boolean> {
  const [refusal = ""] = errors;
  if (waitsForRole(refusal)) {
    const begun = refusedSince.get(urn) ?? Date.now();
    refusedSince.set(urn, begun);
    const wait = nextTry(errors.length, Date.now() - begun);
    if (wait === undefined) {
      await tell(
        urn,
        "The roles of the workspace's identity still have no effect after 15 minutes. See whether something denies them (a deny assignment, a policy), then run `pulumi up` again.",
      );
      return false;
    }
    await sleep(wait);
    return true;
  }
  const advice = adviceOn(refusal);
  if (advice !== undefined) await tell(urn, advice);
  return false;
}

const refusedSince = new Map<string, number>();

async function tell(urn: string, text: string): Promise<void> {
  // Its URN is all that the log reads of a resource.
  await pulumi.log.error(text, { urn: pulumi.output(urn) } as pulumi.Resource);
}

/** The connection to the engine, which the SDK has and leaves out of its declarations. */
function monitorOf(): object | undefined {
  return (pulumi.runtime as unknown as { getMonitor(): object | undefined }).getMonitor();
}
