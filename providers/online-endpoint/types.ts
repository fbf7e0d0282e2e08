import type { CommonSettings, EndpointBody } from "../endpoint/types";

/** What a program declares of an endpoint that exists; what is left out is left as it is. */
export interface EndpointSettings extends CommonSettings {
  readonly authMode?: string;
  readonly publicNetworkAccess?: string;
  /** Percent a deployment, 0 or 100 in total; the whole map, without which nothing of the traffic is touched. */
  readonly traffic?: Readonly<Record<string, number>>;
}

export interface OnlineEndpointInputs extends EndpointSettings {
  /** ARM id of the endpoint. */
  readonly endpointId: string;
}

/** An endpoint as ARM holds it. */
export type LiveEndpoint = EndpointBody<{
  readonly authMode: string;
  readonly publicNetworkAccess?: string;
  readonly description?: string;
  readonly traffic?: Readonly<Record<string, number>>;
  readonly mirrorTraffic?: Readonly<Record<string, number>>;
  readonly compute?: string;
  readonly properties?: Readonly<Record<string, string>>;
}>;
