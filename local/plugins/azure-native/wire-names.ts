/**
 * Where the SDK's name of a nested property is not ARM's, by type (`module.Type` without `Args` and `Response`). The SDK takes its names
 * from `x-ms-client-name` in Azure's API definitions; with `x-ms-client-flatten` there ARM's name is a path; a dot in a name is written `\.`.
 */
export const nestedWireNames: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "monitor.MetricAlertMultipleResourceMultipleMetricCriteria": { odataType: "odata\\.type" },
  "monitor.MetricAlertSingleResourceMultipleMetricCriteria": { odataType: "odata\\.type" },
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
  "containerregistry.IPRule": { iPAddressOrRange: "value" },
  "machinelearningservices.SharedPrivateLinkResource": {
    groupId: "properties.groupId",
    privateLinkResourceId: "properties.privateLinkResourceId",
    requestMessage: "properties.requestMessage",
    status: "properties.status",
  },
};
