import {
  kindOf,
  listOf,
  objectOf,
  oneOf,
  optional,
  recordOf,
  rule,
  text,
  type Problem,
  type Rule,
} from "../providers/rules";
import { isKnown, type Constraint, type Known } from "./args";
import { zoneNames } from "./dns-zones";
import { ipRange, isPublic, overlap } from "./ip-range";
import type {
  DnsZones,
  FqdnRule,
  OutboundRule,
  PrivateEndpointRule,
  PrivateEndpoints,
  ServiceTagRule,
} from "./isolation";
import type { WorkspaceArgs } from "./workspace-args";

const MANAGED_NETWORK = "azure-ai-docs, articles/machine-learning/how-to-managed-network.md";
const PRIVATE_LINK = "azure-ai-docs, articles/machine-learning/how-to-configure-private-link.md";
const STORAGE_FIREWALL = "azure-docs, articles/storage/common/storage-network-security.md";
const PRIVATE_ENDPOINT = "azure-docs, articles/private-link/private-endpoint-overview.md";
const PRIVATE_DNS = "azure-docs, articles/private-link/private-endpoint-dns.md";
const SERVICE_TAGS = "azure-docs, articles/virtual-network/service-tags-overview.md";
const MODELS = "azure-ai-ml 1.35.2";

const subnetId = text(
  "the ARM id of a subnet: …/virtualNetworks/…/subnets/…",
  /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/Microsoft\.Network\/virtualNetworks\/[^/]+\/subnets\/[^/]+$/i,
  `${PRIVATE_LINK}: a private endpoint takes an existing virtual network`,
);

const address = rule(
  (value) => typeof value === "string" && ipRange(value) !== undefined,
  "an IPv4 address, or a range that begins with its first address, as 16.17.18.0/24",
  `${PRIVATE_LINK}, restrictions for IP network rules`,
);

const MOST_ADDRESSES = 200;

/** ARM id of a private DNS zone that bears one of the names that Azure prescribes. */
function zoneId(key: keyof DnsZones): Rule {
  const names = zoneNames[key].map((name) => name.replaceAll(".", "\\.")).join("|");
  return text(
    `the ARM id of a private DNS zone named ${zoneNames[key].join(" or ")}`,
    new RegExp(
      `^/subscriptions/[^/]+/resourceGroups/[^/]+/providers/Microsoft\\.Network/privateDnsZones/(${names})$`,
      "i",
    ),
    PRIVATE_DNS,
  );
}

const dnsZones = objectOf<DnsZones>({
  api: zoneId("api"),
  notebooks: zoneId("notebooks"),
  blob: zoneId("blob"),
  file: zoneId("file"),
  vault: zoneId("vault"),
  registry: zoneId("registry"),
});

const privateEndpoints = { subnetId, dnsZones: optional(dnsZones) };

/** A host name, or `*.` before one. */
const HOST = /^(\*\.)?(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/i;

const outboundRule = kindOf("type", {
  fqdn: {
    destination: text(
      "a host name, as pypi.org or *.pytorch.org: no scheme, port or path",
      HOST,
      `${MODELS}, FqdnOutboundRule`,
    ),
  },
  privateEndpoint: {
    resourceId: text(
      "the ARM id of a resource",
      /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/[^/]+\/[^/]+\/[^/]+/i,
      `${MODELS}, PrivateEndpointDestination`,
    ),
    subresource: text("the name of one of the resource's services, as blob", /^[A-Za-z]\w*$/),
  },
  serviceTag: {
    serviceTag: text(
      "a service tag, as DataFactory, or in one region: DataFactory.WestEurope",
      /^[A-Z][A-Za-z0-9]*(\.[A-Za-z0-9]+)?$/,
      SERVICE_TAGS,
    ),
    protocol: rule(
      (value) => ["TCP", "UDP", "ICMP", "*"].includes(String(value)),
      "TCP, UDP, ICMP or *",
      `${MODELS}, ServiceTagDestination`,
    ),
    portRanges: rule(
      (value) => typeof value === "string" && portsOf(value) !== undefined,
      "ports from 0 to 65535 and ranges of them with commas between, as 443,8080-8089, or *",
      `${MODELS}, ServiceTagDestination`,
    ),
  },
} satisfies Record<OutboundRule["type"], Readonly<Record<string, Rule>>>);

const outboundRules = optional(recordOf(outboundRule));
const inbound = optional(objectOf<PrivateEndpoints>(privateEndpoints));

export const isolationRule = kindOf("mode", {
  public: {
    ipAllowList: optional(
      listOf(address, {
        least: 1,
        most: MOST_ADDRESSES,
        source: `${PRIVATE_LINK}: up to 200 rules a workspace`,
      }),
    ),
  },
  managedOutbound: { outboundRules, privateEndpoints: inbound },
  managedApprovedOnly: {
    outboundRules,
    firewallSku: optional(oneOf("Basic", "Standard")),
    privateEndpoints: inbound,
  },
  private: { ...privateEndpoints, computeSubnetId: optional(subnetId) },
});

type Range = readonly [least: number, most: number];

/** `443,8080-8089` as ranges; undefined for what is none. */
function portsOf(text: string): readonly Range[] | undefined {
  if (text === "*") return [[0, 65_535]];
  const ranges = text.split(",").map((part): Range | undefined => {
    const match = /^\s*(\d{1,5})(?:-(\d{1,5}))?\s*$/.exec(part);
    if (match === null) return undefined;
    const least = Number(match[1]);
    const most = Number(match[2] ?? match[1]);
    return least <= most && most <= 65_535 ? [least, most] : undefined;
  });
  return ranges.some((range) => range === undefined) ? undefined : (ranges as Range[]);
}

type Args = Known<Pick<WorkspaceArgs, "isolation" | "resourceGroupId">>;
type KnownRule = Known<OutboundRule>;
type Named<R> = readonly [name: string, rule: R];

function rulesOf({ isolation }: Args): Named<KnownRule>[] {
  if (isolation === undefined || !isKnown(isolation) || !("outboundRules" in isolation)) return [];
  const { outboundRules } = isolation;
  return outboundRules === undefined || !isKnown(outboundRules) ? [] : Object.entries(outboundRules);
}

function fqdnRules(args: Args): Named<Known<FqdnRule>>[] {
  return rulesOf(args).filter((entry): entry is Named<Known<FqdnRule>> => entry[1].type === "fqdn");
}

function endpointRules(args: Args): Named<Known<PrivateEndpointRule>>[] {
  return rulesOf(args).filter(
    (entry): entry is Named<Known<PrivateEndpointRule>> => entry[1].type === "privateEndpoint",
  );
}

function tagRules(args: Args): Named<Known<ServiceTagRule>>[] {
  return rulesOf(args).filter(
    (entry): entry is Named<Known<ServiceTagRule>> => entry[1].type === "serviceTag",
  );
}

function at(name: string, property = ""): string {
  return `isolation.outboundRules.${name}${property === "" ? "" : `.${property}`}`;
}

/** A problem for each that has something in common with one before it. */
function clashes<R>(
  entries: readonly Named<R>[],
  clash: (one: Named<R>, other: Named<R>) => boolean,
  problem: (one: Named<R>, earlier: string) => Problem,
): Problem[] {
  return entries.flatMap((entry, index) => {
    const earlier = entries.slice(0, index).find((other) => clash(entry, other));
    return earlier === undefined ? [] : [problem(entry, earlier[0])];
  });
}

function allowList({ isolation }: Args): readonly (readonly [index: number, value: string])[] {
  if (isolation === undefined || !isKnown(isolation) || isolation.mode !== "public") return [];
  const { ipAllowList } = isolation;
  if (ipAllowList === undefined || !isKnown(ipAllowList)) return [];
  return ipAllowList.flatMap((value, index) => (typeof value === "string" ? [[index, value] as const] : []));
}

/** The services that private endpoints of a managed network lead to, by type; `undefined` where any name is taken. */
const subresources: Readonly<Record<string, readonly string[] | undefined>> = {
  "microsoft.machinelearningservices/workspaces": ["amlworkspace"],
  "microsoft.machinelearningservices/registries": ["amlregistry"],
  "microsoft.storage/storageaccounts": [
    "blob", "blob_secondary", "table", "table_secondary", "queue", "queue_secondary", "file", "web", "web_secondary", "dfs", "dfs_secondary",
  ],
  "microsoft.containerregistry/registries": ["registry"],
  "microsoft.keyvault/vaults": ["vault"],
  "microsoft.cognitiveservices/accounts": ["account"],
  "microsoft.search/searchservices": ["searchService"],
  "microsoft.sql/servers": ["sqlServer"],
  "microsoft.datafactory/factories": ["dataFactory", "portal"],
  "microsoft.documentdb/databaseaccounts": ["Sql", "MongoDB", "Cassandra", "Gremlin", "Table", "Analytical"],
  "microsoft.eventhub/namespaces": ["namespace"],
  "microsoft.cache/redis": ["redisCache"],
  "microsoft.cache/redisenterprise": ["redisEnterprise"],
  "microsoft.databricks/workspaces": ["databricks_ui_api", "browser_authentication"],
  "microsoft.dbformariadb/servers": ["mariadbServer"],
  "microsoft.dbforpostgresql/servers": ["postgresqlServer"],
  "microsoft.dbforpostgresql/flexibleservers": ["postgresqlServer"],
  "microsoft.dbformysql/servers": ["mysqlServer"],
  "microsoft.dbformysql/flexibleservers": ["mysqlServer"],
  "microsoft.apimanagement/service": ["Gateway"],
  "microsoft.network/applicationgateways": undefined,
}; // prettier-ignore

function typeOf(id: string): string {
  const [, , , , , , namespace = "", type = ""] = id.split("/");
  return `${namespace}/${type}`.toLowerCase();
}

const STORAGE_HOST =
  /(^|\.)(blob|file|queue|table|dfs|web)\.core\.(windows\.net|usgovcloudapi\.net|chinacloudapi\.cn)$/i;

/** Whether the pattern, `*.pytorch.org`, is of the host, or of all hosts of the other pattern. */
function covers(pattern: string, host: string): boolean {
  const [wide, narrow] = [pattern.toLowerCase(), host.toLowerCase()];
  return wide === narrow || (wide.startsWith("*.") && narrow.endsWith(wide.slice(1)));
}

function subnetsOf({ isolation }: Args): readonly (readonly [path: string, id: string])[] {
  if (isolation === undefined || !isKnown(isolation)) return [];
  const inside =
    "privateEndpoints" in isolation &&
    isolation.privateEndpoints !== undefined &&
    isKnown(isolation.privateEndpoints)
      ? isolation.privateEndpoints
      : undefined;
  const found = [
    ["isolation.subnetId", "subnetId" in isolation ? isolation.subnetId : undefined],
    ["isolation.computeSubnetId", "computeSubnetId" in isolation ? isolation.computeSubnetId : undefined],
    ["isolation.privateEndpoints.subnetId", inside?.subnetId],
  ] as const;
  return found.flatMap(([path, id]) => (typeof id === "string" ? [[path, id] as const] : []));
}

/** What Azure has to say about a workspace's isolation, beyond each property's shape. */
export const isolationConstraints: readonly Constraint<
  Pick<WorkspaceArgs, "isolation" | "resourceGroupId">
>[] = [
  {
    id: "isolation-fqdn-rule-approved-only",
    source: `${MANAGED_NETWORK}: FQDN rules are only available with allow only approved outbound`,
    problems: (args) =>
      args.isolation?.mode !== "managedOutbound"
        ? []
        : fqdnRules(args).map(([name]) => ({
            path: at(name, "type"),
            value: "fqdn",
            reason: "managedOutbound reaches every host anyway; FQDN rules are for managedApprovedOnly",
          })),
  },
  {
    id: "isolation-service-tag-rule-approved-only",
    source: `${MANAGED_NETWORK}: private endpoints alone are added to allow internet outbound`,
    problems: (args) =>
      args.isolation?.mode !== "managedOutbound"
        ? []
        : tagRules(args).map(([name]) => ({
            path: at(name, "type"),
            value: "serviceTag",
            reason:
              "managedOutbound reaches every service anyway; service tag rules are for managedApprovedOnly",
          })),
  },
  {
    id: "isolation-outbound-rule-name",
    source:
      "azure-docs, articles/azure-resource-manager/management/resource-name-rules.md: names are compared without case",
    problems: (args) =>
      clashes(
        rulesOf(args),
        ([one], [other]) => one.toLowerCase() === other.toLowerCase(),
        ([name], earlier) => ({
          path: at(name),
          value: name,
          reason: `${earlier} has this name, but for case`,
        }),
      ),
  },
  {
    id: "isolation-outbound-rule-of-azure",
    source: `${MANAGED_NETWORK}, list of required rules: Azure ML's own, which begin with __SYS_`,
    problems: (args) =>
      rulesOf(args)
        .filter(([name]) => name.startsWith("__SYS_"))
        .map(([name]) => ({
          path: at(name),
          value: name,
          reason: "names that begin with __SYS_ are Azure ML's own rules'",
        })),
  },
  {
    id: "isolation-fqdn-rules-overlap",
    source: `${MANAGED_NETWORK}: each FQDN rule is a rule of the firewall; a second for the same hosts changes nothing`,
    problems: (args) =>
      clashes(
        fqdnRules(args),
        ([, { destination: one }], [, { destination: other }]) =>
          typeof one === "string" && typeof other === "string" && (covers(one, other) || covers(other, one)),
        ([name, { destination }], earlier) => ({
          path: at(name, "destination"),
          value: destination,
          reason: `${earlier} is for the same hosts`,
        }),
      ),
  },
  {
    id: "isolation-fqdn-rule-storage",
    source: `${MANAGED_NETWORK}, limitations: no FQDN rule for Azure Storage accounts`,
    problems: (args) =>
      fqdnRules(args).flatMap(([name, { destination }]) =>
        typeof destination === "string" && STORAGE_HOST.test(destination)
          ? [
              {
                path: at(name, "destination"),
                value: destination,
                reason: "a storage account takes a privateEndpoint rule",
              },
            ]
          : [],
      ),
  },
  {
    id: "isolation-endpoint-rules-overlap",
    source: "azureml-examples #2990: a second rule to a destination is refused",
    problems: (args) =>
      clashes(
        endpointRules(args),
        ([, one], [, other]) =>
          typeof one.resourceId === "string" &&
          typeof other.resourceId === "string" &&
          one.resourceId.toLowerCase() === other.resourceId.toLowerCase() &&
          isKnown(one.subresource) &&
          one.subresource === other.subresource,
        ([name, { resourceId }], earlier) => ({
          path: at(name, "resourceId"),
          value: resourceId,
          reason: `${earlier} leads to the same service of this resource`,
        }),
      ),
  },
  {
    id: "isolation-endpoint-rule-type",
    source: `${MANAGED_NETWORK}, private endpoints: the supported services`,
    problems: (args) =>
      endpointRules(args).flatMap(([name, { resourceId }]) =>
        typeof resourceId !== "string" || typeOf(resourceId) in subresources
          ? []
          : [
              {
                path: at(name, "resourceId"),
                value: resourceId,
                reason: "Azure ML's managed network has no private endpoints to resources of this type",
              },
            ],
      ),
  },
  {
    id: "isolation-endpoint-rule-subresource",
    source: `${PRIVATE_ENDPOINT}, private-link resource`,
    problems: (args) =>
      endpointRules(args).flatMap(([name, { resourceId, subresource }]) => {
        const allowed = typeof resourceId === "string" ? subresources[typeOf(resourceId)] : undefined;
        if (allowed === undefined || typeof subresource !== "string" || allowed.includes(subresource))
          return [];
        return [
          { path: at(name, "subresource"), value: subresource, reason: `it must be ${allowed.join(" or ")}` },
        ];
      }),
  },
  {
    id: "isolation-service-tag-rules-overlap",
    source: `${MODELS}, ServiceTagDestination: a rule is for a tag, a protocol and ports`,
    problems: (args) =>
      clashes(
        tagRules(args),
        ([, one], [, other]) => sameTraffic(one, other),
        ([name, { portRanges }], earlier) => ({
          path: at(name, "portRanges"),
          value: portRanges,
          reason: `${earlier} is for some of these ports of the same service`,
        }),
      ),
  },
  {
    id: "isolation-allow-list-public",
    source: `${PRIVATE_LINK}: IP network rules are for public internet addresses only`,
    problems: (args) =>
      allowList(args).flatMap(([index, value]) => {
        const range = ipRange(value);
        if (range === undefined || isPublic(range)) return [];
        return [
          {
            path: `isolation.ipAllowList.${index}`,
            value,
            reason: "it must be of the public internet, not reserved",
          },
        ];
      }),
  },
  {
    id: "isolation-allow-list-small-range",
    source: `${STORAGE_FIREWALL}: ranges of /31 and /32 are given as addresses`,
    problems: (args) =>
      allowList(args)
        .filter(([, value]) => /\/3[12]$/.test(value))
        .map(([index, value]) => ({
          path: `isolation.ipAllowList.${index}`,
          value,
          reason: "it must be given as single addresses: storage accounts take no ranges of /31 or /32",
        })),
  },
  {
    id: "isolation-allow-list-overlap",
    source: `${STORAGE_FIREWALL}: a rule an address or range`,
    problems: (args) =>
      clashes(
        allowList(args).map(([index, value]) => [String(index), value] as const),
        ([, one], [, other]) => {
          const [a, b] = [ipRange(one), ipRange(other)];
          return a !== undefined && b !== undefined && overlap(a, b);
        },
        ([index, value], earlier) => ({
          path: `isolation.ipAllowList.${index}`,
          value,
          reason: `isolation.ipAllowList.${earlier} has some of these addresses already`,
        }),
      ),
  },
  {
    id: "isolation-gateway-subnet",
    source:
      "azure-docs, articles/vpn-gateway/vpn-gateway-about-vpn-gateway-settings.md: nothing else goes into GatewaySubnet",
    problems: (args) =>
      subnetsOf(args)
        .filter(([, id]) => /\/subnets\/(GatewaySubnet|AzureFirewallSubnet|AzureBastionSubnet)$/i.test(id))
        .map(([path, value]) => ({
          path,
          value,
          reason: "this subnet is kept for Azure's gateway, firewall or bastion",
        })),
  },
  {
    id: "isolation-subnet-subscription",
    source: `${PRIVATE_ENDPOINT}: in the same region and subscription as the virtual network`,
    problems: (args) => {
      const { resourceGroupId } = args;
      if (typeof resourceGroupId !== "string") return [];
      const own = subscriptionOf(resourceGroupId);
      return subnetsOf(args)
        .filter(([, id]) => subscriptionOf(id) !== own)
        .map(([path, value]) => ({
          path,
          value,
          reason: "it must be in the subscription of resourceGroupId",
        }));
    },
  },
];

function subscriptionOf(id: string): string {
  return (id.split("/")[2] ?? "").toLowerCase();
}

function sameTraffic(one: Known<ServiceTagRule>, other: Known<ServiceTagRule>): boolean {
  if (!isKnown(one.serviceTag) || one.serviceTag !== other.serviceTag) return false;
  const [protocol, others] = [one.protocol, other.protocol];
  if (!isKnown(protocol) || !isKnown(others) || (protocol !== others && protocol !== "*" && others !== "*"))
    return false;
  if (typeof one.portRanges !== "string" || typeof other.portRanges !== "string") return false;
  const theirs = portsOf(other.portRanges) ?? [];
  return (portsOf(one.portRanges) ?? []).some(([least, most]) =>
    theirs.some(([from, to]) => least <= to && from <= most),
  );
}
