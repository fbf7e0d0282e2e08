/** Who the endpoint acts as. */
export interface EndpointIdentity {
  readonly type: "SystemAssigned" | "UserAssigned";
  /** ARM ids. */
  readonly userAssignedIdentities?: readonly string[];
}

/** What a program declares of an endpoint that exists; what is left out is left as it is. */
export interface EndpointSettings {
  readonly authMode?: string;
  readonly publicNetworkAccess?: string;
  readonly description?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly identity?: EndpointIdentity;
  /** Percent a deployment, 0 or 100 in total; the whole map, without which nothing of the traffic is touched. */
  readonly traffic?: Readonly<Record<string, number>>;
}

export interface OnlineEndpointInputs extends EndpointSettings {
  /** ARM id of the endpoint. */
  readonly endpointId: string;
}

/** An endpoint as ARM holds it. */
export interface LiveEndpoint {
  readonly location: string;
  readonly kind?: string;
  readonly sku?: object;
  readonly tags?: Readonly<Record<string, string>>;
  readonly identity?: {
    readonly type: string;
    readonly userAssignedIdentities?: Readonly<Record<string, object>>;
  };
  readonly properties: {
    readonly authMode: string;
    readonly publicNetworkAccess?: string;
    readonly description?: string;
    readonly traffic?: Readonly<Record<string, number>>;
    readonly mirrorTraffic?: Readonly<Record<string, number>>;
    readonly compute?: string;
    readonly properties?: Readonly<Record<string, string>>;
  };
}
