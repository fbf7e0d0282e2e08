/** Who the endpoint acts as. */
export interface EndpointIdentity {
  readonly type: "SystemAssigned" | "UserAssigned";
  /** ARM ids. */
  readonly userAssignedIdentities?: readonly string[];
}

/** What a program declares of an endpoint of either kind; what is left out is left as it is. */
export interface CommonSettings {
  readonly description?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly identity?: EndpointIdentity;
}

/** An endpoint as ARM holds it. */
export interface EndpointBody<Properties> {
  readonly location: string;
  readonly kind?: string;
  readonly sku?: object;
  readonly tags?: Readonly<Record<string, string>>;
  readonly identity?: {
    readonly type: string;
    readonly userAssignedIdentities?: Readonly<Record<string, object>>;
  };
  readonly properties: Properties;
}
