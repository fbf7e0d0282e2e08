import type * as pulumi from "@pulumi/pulumi";

/**
 * Who reaches the workspace, and what its computes reach: one choice, from which public access, private endpoints, the registry and the
 * computes' addresses follow. `public` by default. Storage account, key vault and registry are closed where they are made here; what is brought
 * along keeps its own firewall, and only gets its private endpoints.
 */
export type Isolation = PublicIsolation | ManagedOutbound | ManagedApprovedOnly | PrivateIsolation;

/** Reached from the internet, by whoever signs in; computes reach everything. */
export interface PublicIsolation {
  readonly mode: "public";
  /**
   * Public IPv4 addresses, or ranges as `16.17.18.0/24`, that alone reach the storage account, key vault and registry of the workspace;
   * up to 200, none reserved for private networks, no ranges of /31 or /32. By default all of the internet reaches them, and signs in.
   * The workspace's own address, its studio and its endpoints stay open to the internet, to whoever signs in: a list of theirs (`networkAcls`) was in
   * preview versions of Azure's API alone, and 2025-12-01, which this package speaks, has it no more. What must close them takes private endpoints.
   * Azure's own computes are not on the list: where jobs or endpoints use the storage account, take a managed network instead.
   */
  readonly ipAllowList?: readonly pulumi.Input<string>[];
}

/**
 * Computes in a network that Azure manages, which reach everything, and what has an outbound rule over a private endpoint. Azure never lets a
 * workspace go back to `public` or `private`.
 *
 * Costs: each private endpoint by the hour and by what goes through it.
 */
export interface ManagedOutbound {
  readonly mode: "managedOutbound";
  /** By a name that stays, unique in the workspace whatever its case. Private endpoints alone: the rest is reached anyway. */
  readonly outboundRules?: Readonly<Record<string, OutboundRule>>;
  /** Where the workspace is reached from; by default from the internet. */
  readonly privateEndpoints?: PrivateEndpoints;
}

/**
 * Computes in a network that Azure manages, which reach only what Azure ML needs and what the outbound rules name. Azure never lets a workspace
 * go back to another mode.
 *
 * Costs: each private endpoint by the hour; with the first FQDN rule an Azure Firewall by the hour.
 */
export interface ManagedApprovedOnly {
  readonly mode: "managedApprovedOnly";
  /** By a name that stays, unique in the workspace whatever its case. Each opens a way for data to leave. */
  readonly outboundRules?: Readonly<Record<string, OutboundRule>>;
  /** Of the firewall that the first FQDN rule brings: `Standard` (the default) or `Basic`, which is cheaper. */
  readonly firewallSku?: pulumi.Input<"Basic" | "Standard">;
  /** Where the workspace is reached from; by default from the internet. */
  readonly privateEndpoints?: PrivateEndpoints;
}

/**
 * Everything in your own virtual network: workspace, storage account, key vault and registry are reached through private endpoints alone, and
 * what the network lets through is your network's matter. The machine that runs `pulumi up` must be in it.
 *
 * Costs: five private endpoints by the hour and by what goes through them, five to six DNS zones by the month.
 */
export interface PrivateIsolation extends PrivateEndpoints {
  readonly mode: "private";
  /** ARM id of the subnet that computes go into. The private endpoints' by default. */
  readonly computeSubnetId?: pulumi.Input<string>;
}

/** Private endpoints for workspace, blobs, files, key vault and registry; public access to them is off. */
export interface PrivateEndpoints {
  /** ARM id of the subnet that they go into, in a virtual network of the workspace's region and subscription. */
  readonly subnetId: pulumi.Input<string>;
  /** Private DNS zones by what they are for, each linked to the virtual network already. By default new ones, linked to it. */
  readonly dnsZones?: DnsZones;
}

/** ARM ids of the private DNS zones, each by its fixed name; in other clouds than Azure's public one bring that cloud's. */
export interface DnsZones {
  /** `privatelink.api.azureml.ms` */
  readonly api: pulumi.Input<string>;
  /** `privatelink.notebooks.azure.net` */
  readonly notebooks: pulumi.Input<string>;
  /** `privatelink.blob.core.windows.net` */
  readonly blob: pulumi.Input<string>;
  /** `privatelink.file.core.windows.net` */
  readonly file: pulumi.Input<string>;
  /** `privatelink.vaultcore.azure.net` */
  readonly vault: pulumi.Input<string>;
  /** `privatelink.azurecr.io` */
  readonly registry: pulumi.Input<string>;
}

/** What computes may reach besides what Azure ML needs. */
export type OutboundRule = FqdnRule | PrivateEndpointRule | ServiceTagRule;

/** A host in the internet, on ports 80 and 443. */
export interface FqdnRule {
  readonly type: "fqdn";
  /** `pypi.org`, or all below a domain: `*.pytorch.org`. A storage account takes a private endpoint instead. */
  readonly destination: pulumi.Input<string>;
}

/** An Azure resource, through a private endpoint that Azure makes in the managed network. */
export interface PrivateEndpointRule {
  readonly type: "privateEndpoint";
  /** ARM id of the resource, in the workspace's tenant. Its owner approves the endpoint, or the workspace's identity may. */
  readonly resourceId: pulumi.Input<string>;
  /** Which of the resource's services, as `blob`, `vault`, `registry`. */
  readonly subresource: pulumi.Input<string>;
}

/** The public addresses of an Azure service. */
export interface ServiceTagRule {
  readonly type: "serviceTag";
  /** `DataFactory`, or in one region: `DataFactory.WestEurope`. */
  readonly serviceTag: pulumi.Input<string>;
  /** `TCP`, `UDP`, `ICMP`, or `*` for all. */
  readonly protocol: pulumi.Input<"TCP" | "UDP" | "ICMP" | "*">;
  /** Ports and ranges with commas between them, as `443,8080-8089`; `*` for all. */
  readonly portRanges: pulumi.Input<string>;
}

/** Whether a registry is made beforehand: the one that Azure ML makes itself when it first builds an image is open to the internet. */
export function needsRegistry(isolation: Isolation = { mode: "public" }): boolean {
  return isolation.mode !== "public" || isolation.ipAllowList !== undefined;
}

/** ARM id of the subnet that computes are made in; none where Azure chooses the network. */
export function computeSubnetOf(isolation: Isolation = { mode: "public" }): pulumi.Input<string> | undefined {
  return isolation.mode === "private" ? (isolation.computeSubnetId ?? isolation.subnetId) : undefined;
}

/** Where private endpoints go, in the modes that have them. */
export function privateEndpointsOf(isolation: Isolation = { mode: "public" }): PrivateEndpoints | undefined {
  switch (isolation.mode) {
    case "public":
      return undefined;
    case "private":
      return isolation;
    default:
      return isolation.privateEndpoints;
  }
}
