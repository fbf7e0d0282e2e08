import type { CommonSettings, EndpointBody } from "../endpoint/types";

/** What a program declares of a batch endpoint that exists; what is left out is left as it is. */
export interface BatchSettings extends CommonSettings {
  /** Name of the deployment that calls go to which name none. */
  readonly defaultDeployment?: string;
}

/** A batch endpoint as ARM holds it. */
export type LiveBatchEndpoint = EndpointBody<{
  readonly authMode: string;
  readonly description?: string;
  readonly defaults?: { readonly deploymentName?: string };
  readonly properties?: Readonly<Record<string, string>>;
}>;
