import type { dynamic } from "@pulumi/pulumi";
import { arm } from "../clients/arm";
import { deadlineIn } from "../clients/deadline";
import { ProviderError } from "../clients/errors";
import { changedKeys, checkFailures, say, withoutProvider } from "../inputs";
import { objectOf, oneOf, optional, rule, tags, text, type Rules } from "../rules";
import type { CommonSettings, EndpointIdentity } from "./types";
import { readLive, rewriteLive } from "./write";

/** How long a change of an endpoint may take, waiting for other operations included. */
const MINUTES = 60;

export const commonRules: Rules<CommonSettings> = {
  description: optional(text("text", /^/)),
  tags: optional(tags),
  identity: optional(
    objectOf<EndpointIdentity>({
      type: oneOf("SystemAssigned", "UserAssigned"),
      userAssignedIdentities: optional(rule(Array.isArray, "a list of ARM ids")),
    }),
  ),
};

export interface EndpointInputs {
  /** ARM id of the endpoint. */
  readonly endpointId: string;
}

/** What sets online and batch endpoints apart where their settings are written. */
export interface EndpointKind<Live, Settings> {
  readonly rules: Rules<Settings & EndpointInputs>;
  /** What lies between the settings. */
  readonly failures?: (settings: Settings) => dynamic.CheckFailure[];
  readonly writable: (live: Live) => Live;
  readonly merge: (live: Live, was: Settings, wish: Settings) => Live;
  readonly observed: <T extends Settings>(live: Live, declared: T) => T;
  /** What is taken back when the resource goes, so that the endpoint's deployments can; undefined where nothing is. */
  readonly release: (declared: Settings) => ((live: Live) => Live) | undefined;
}

/** The methods of a resource that writes the settings of an endpoint that exists. */
export function settingsProvider<Live extends object, Settings extends object>(
  kind: EndpointKind<Live, Settings>,
) {
  type All = Settings & EndpointInputs;
  const changeable = Object.keys(kind.rules).filter((key) => key !== "endpointId") as (keyof All & string)[];

  async function rewrite(endpointId: string, change: (live: Live) => Live): Promise<boolean> {
    const { writable } = kind;
    return await rewriteLive(arm(), { endpointId, writable, change }, deadlineIn(MINUTES), say);
  }

  async function apply(was: Settings, wish: All): Promise<void> {
    if (!(await rewrite(wish.endpointId, (live) => kind.merge(live, was, wish))))
      throw new ProviderError({
        what: "this endpoint is gone",
        where: wish.endpointId,
        tryThis: "`pulumi refresh`, then `pulumi up`",
      });
  }

  return {
    async check(_olds: All, news: All): Promise<dynamic.CheckResult<All>> {
      const inputs = withoutProvider<All>(news);
      return {
        inputs,
        failures: [...checkFailures(kind.rules, inputs), ...(kind.failures?.(inputs) ?? [])],
      };
    },
    async diff(_id: string, olds: All, news: All): Promise<dynamic.DiffResult> {
      const replaces = changedKeys<All>(olds, news, ["endpointId"]);
      const updates = changedKeys<All>(olds, news, changeable);
      return { changes: replaces.length + updates.length > 0, replaces, deleteBeforeReplace: false };
    },
    async create(inputs: All): Promise<dynamic.CreateResult<All>> {
      const outs = withoutProvider<All>(inputs);
      await apply({} as Settings, outs);
      return { id: outs.endpointId, outs };
    },
    async read(id: string, props?: All): Promise<dynamic.ReadResult<All>> {
      const live = await readLive<Live>(arm(), id);
      if (live === undefined || props === undefined) return { id: "" };
      const inputs = kind.observed(live, withoutProvider<All>(props));
      return { id, props: { ...inputs }, inputs: { ...inputs } };
    },
    async update(_id: string, olds: All, news: All): Promise<dynamic.UpdateResult<All>> {
      const outs = withoutProvider<All>(news);
      await apply(olds, outs);
      return { outs };
    },
    async delete(id: string, props: All): Promise<void> {
      const change = kind.release(props);
      if (change !== undefined) await rewrite(id, change);
    },
  };
}
