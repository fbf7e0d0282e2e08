import type { Rule } from "./rule";
import { clusterNoRemoteLogin } from "./rules/cluster-no-remote-login";
import { clusterScaleToZero } from "./rules/cluster-scale-to-zero";
import { computeInNetwork } from "./rules/compute-in-network";
import { computeInstanceIdleShutdown } from "./rules/compute-instance-idle-shutdown";
import { computeInstanceImage } from "./rules/compute-instance-image";
import { computeInstanceNoSsh } from "./rules/compute-instance-no-ssh";
import { computeInstancePersonal } from "./rules/compute-instance-personal";
import { computeNoLocalAuth } from "./rules/compute-no-local-auth";
import { computeNoPublicIp } from "./rules/compute-no-public-ip";
import { deploymentAllowedRegistry } from "./rules/deployment-allowed-registry";
import { deploymentAutoscale } from "./rules/deployment-autoscale";
import { deploymentDataCollection } from "./rules/deployment-data-collection";
import { deploymentInstances } from "./rules/deployment-instances";
import { deploymentName } from "./rules/deployment-name";
import { deploymentPinnedModel } from "./rules/deployment-pinned-model";
import { deploymentProtected } from "./rules/deployment-protected";
import { deploymentTimeout } from "./rules/deployment-timeout";
import { endpointDeployments } from "./rules/endpoint-deployments";
import { endpointEntraId } from "./rules/endpoint-entra-id";
import { endpointLogs } from "./rules/endpoint-logs";
import { endpointMirror } from "./rules/endpoint-mirror";
import { endpointName } from "./rules/endpoint-name";
import { endpointProtected } from "./rules/endpoint-protected";
import { endpointPublicAccess } from "./rules/endpoint-public-access";
import { endpointTrafficTotal } from "./rules/endpoint-traffic-total";
import { keyExpires } from "./rules/key-expires";
import { modelRegistryPublicAccess } from "./rules/model-registry-public-access";
import { registryContentTrust } from "./rules/registry-content-trust";
import { registryDataEndpoint } from "./rules/registry-data-endpoint";
import { registryNoAdmin } from "./rules/registry-no-admin";
import { registryNoAnonymousPull } from "./rules/registry-no-anonymous-pull";
import { registryPublicAccess } from "./rules/registry-public-access";
import { registryQuarantine } from "./rules/registry-quarantine";
import { registryRetention } from "./rules/registry-retention";
import { registrySku } from "./rules/registry-sku";
import { registryZones } from "./rules/registry-zones";
import { roleNotOwner } from "./rules/role-not-owner";
import { secretExpires } from "./rules/secret-expires";
import { storageFirewall } from "./rules/storage-firewall";
import { storageHttps } from "./rules/storage-https";
import { storageInfrastructureEncryption } from "./rules/storage-infrastructure-encryption";
import { storageNoCrossTenantReplication } from "./rules/storage-no-cross-tenant-replication";
import { storageNoLocalUsers } from "./rules/storage-no-local-users";
import { storageNoPublicBlobs } from "./rules/storage-no-public-blobs";
import { storageNoSharedKey } from "./rules/storage-no-shared-key";
import { storagePublicAccess } from "./rules/storage-public-access";
import { storageReplication } from "./rules/storage-replication";
import { storageSoftDelete } from "./rules/storage-soft-delete";
import { storageTls } from "./rules/storage-tls";
import { storageTrustedServices } from "./rules/storage-trusted-services";
import { vaultFirewall } from "./rules/vault-firewall";
import { vaultPublicAccess } from "./rules/vault-public-access";
import { vaultPurgeProtection } from "./rules/vault-purge-protection";
import { vaultRbac } from "./rules/vault-rbac";
import { vaultSoftDelete } from "./rules/vault-soft-delete";
import { workspaceCustomerManagedKey } from "./rules/workspace-customer-managed-key";
import { workspaceDatastoreIdentity } from "./rules/workspace-datastore-identity";
import { workspaceLogs } from "./rules/workspace-logs";
import { workspaceNoLegacyMode } from "./rules/workspace-no-legacy-mode";
import { workspaceOutbound } from "./rules/workspace-outbound";
import { workspacePrivateLink } from "./rules/workspace-private-link";
import { workspacePublicAccess } from "./rules/workspace-public-access";
import { workspaceUserAssignedIdentity } from "./rules/workspace-user-assigned-identity";

/** Every rule of the pack, by subject. */
export const rules: readonly Rule[] = [
  workspacePublicAccess,
  workspacePrivateLink,
  workspaceOutbound,
  workspaceCustomerManagedKey,
  workspaceUserAssignedIdentity,
  workspaceNoLegacyMode,
  workspaceDatastoreIdentity,
  workspaceLogs,
  modelRegistryPublicAccess,
  computeNoLocalAuth,
  computeInNetwork,
  computeNoPublicIp,
  computeInstanceIdleShutdown,
  computeInstanceNoSsh,
  computeInstancePersonal,
  computeInstanceImage,
  clusterScaleToZero,
  clusterNoRemoteLogin,
  storageHttps,
  storageTls,
  storageNoPublicBlobs,
  storageFirewall,
  storageTrustedServices,
  storagePublicAccess,
  storageNoSharedKey,
  storageNoCrossTenantReplication,
  storageReplication,
  storageInfrastructureEncryption,
  storageNoLocalUsers,
  storageSoftDelete,
  vaultSoftDelete,
  vaultPurgeProtection,
  vaultFirewall,
  vaultPublicAccess,
  vaultRbac,
  keyExpires,
  secretExpires,
  registryNoAdmin,
  registryNoAnonymousPull,
  registryPublicAccess,
  registrySku,
  registryRetention,
  registryQuarantine,
  registryContentTrust,
  registryZones,
  registryDataEndpoint,
  endpointEntraId,
  endpointPublicAccess,
  endpointTrafficTotal,
  endpointMirror,
  endpointName,
  endpointDeployments,
  endpointLogs,
  endpointProtected,
  deploymentName,
  deploymentPinnedModel,
  deploymentAllowedRegistry,
  deploymentInstances,
  deploymentTimeout,
  deploymentDataCollection,
  deploymentAutoscale,
  deploymentProtected,
  roleNotOwner,
];
