/**
 * Where the SDK's name of a nested property is not ARM's, by type (`module.Type` without `Args` and `Response`). The SDK takes its names
 * from `x-ms-client-name` in Azure's API definitions; with `x-ms-client-flatten` there ARM's name is a path; a dot in a name is written `\.`.
 */
export const nestedWireNames: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "monitor.MetricAlertMultipleResourceMultipleMetricCriteria": { odataType: "odata\\.type" },
  "monitor.MetricAlertSingleResourceMultipleMetricCriteria": { odataType: "odata\\.type" },
  "monitor.ScaleRuleMetricDimension": {
    dimensionName: "DimensionName",
    operator: "Operator",
    values: "Values",
  },
  "monitor.WebtestLocationAvailabilityCriteria": { odataType: "odata\\.type" },
  "storage.IPRule": { iPAddressOrRange: "value" },
  "storage.VirtualNetworkRule": { virtualNetworkResourceId: "id" },
  "storage.Encryption": { encryptionIdentity: "identity", keyVaultProperties: "keyvaultproperties" },
  "storage.EncryptionIdentity": {
    encryptionUserAssignedIdentity: "userAssignedIdentity",
    encryptionFederatedIdentityClientId: "federatedIdentityClientId",
  },
  "storage.KeyVaultProperties": { keyName: "keyname", keyVaultUri: "keyvaulturi", keyVersion: "keyversion" },
  "keyvault.SecretAttributes": { expires: "exp", notBefore: "nbf" },
  "keyvault.KeyAttributes": { expires: "exp", notBefore: "nbf" },
  "keyvault.KeyProperties": { releasePolicy: "release_policy" },
  "containerregistry.IPRule": { iPAddressOrRange: "value" },
  "network.IpamPoolPrefixAllocation": { id: "pool.id" },
  "machinelearningservices.RegistryPrivateEndpointConnection": {
    groupIds: "properties.groupIds",
    privateEndpoint: "properties.privateEndpoint",
    provisioningState: "properties.provisioningState",
    registryPrivateLinkServiceConnectionState: "properties.registryPrivateLinkServiceConnectionState",
  },
  "machinelearningservices.SharedPrivateLinkResource": {
    groupId: "properties.groupId",
    privateLinkResourceId: "properties.privateLinkResourceId",
    requestMessage: "properties.requestMessage",
    status: "properties.status",
  },
};

/** Resources inside of other resources: what they have of their own is in their `properties`, here as there. */
const nestedResources: ReadonlySet<string> = new Set(
  [
    "ApplicationGatewayIPConfiguration",
    "ApplicationSecurityGroup",
    "Delegation",
    "NetworkSecurityGroup",
    "PrivateDnsZoneConfig",
    "PrivateEndpointIPConfiguration",
    "PrivateLinkServiceConnection",
    "ResourceNavigationLink",
    "Route",
    "RouteTable",
    "SecurityRule",
    "ServiceAssociationLink",
    "ServiceEndpointPolicy",
    "ServiceEndpointPolicyDefinition",
    "Subnet",
    "VirtualNetworkPeering",
  ].map((type) => `network.${type}`),
);
const ofAnyResource: ReadonlySet<string> = new Set(["etag", "id", "location", "name", "tags", "type"]);

/** Where ARM has a property of a nested type, as a path. */
export function wireNameOf(type: string, property: string): string {
  const renamed = nestedWireNames[type]?.[property];
  if (renamed !== undefined) return renamed;
  return nestedResources.has(type) && !ofAnyResource.has(property) ? `properties.${property}` : property;
}
