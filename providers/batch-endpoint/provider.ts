import { commonRules, settingsProvider } from "../endpoint/settings";
import { armId, optional, text } from "../rules";
import { defaultOf, merge, observed, withDefault, writable } from "./merge";
import type { BatchSettings, LiveBatchEndpoint } from "./types";

const provider = settingsProvider<LiveBatchEndpoint, BatchSettings>({
  rules: {
    endpointId: armId("Microsoft.MachineLearningServices/workspaces/batchEndpoints"),
    ...commonRules,
    defaultDeployment: optional(text("the name of a deployment")),
  },
  writable,
  merge,
  observed,
  release: ({ defaultDeployment }) =>
    defaultDeployment === undefined ? undefined : (live) => withoutDefault(live, defaultDeployment),
});

/** Azure deletes no default deployment. One that somebody else made the default stays. */
function withoutDefault(live: LiveBatchEndpoint, deployment: string): LiveBatchEndpoint {
  const body = writable(live);
  return defaultOf(live)?.toLowerCase() === deployment.toLowerCase() ? withDefault(body, undefined) : body;
}

const { check, diff, create, read, update, delete: deleteResource } = provider;
export { check, create, deleteResource as delete, diff, read, update };

export { configure } from "../clients/sign-in-settings";
