import type { ResourceType } from "../resource-type";
import { alertTypes } from "./alerts";
import { authorizationTypes } from "./authorization";
import { autoscaleSettings } from "./autoscale-settings";
import { consumptionTypes } from "./consumption";
import { containerRegistryTypes } from "./containerregistry";
import { diagnosticSettings } from "./diagnostic-settings";
import { insightsTypes } from "./insights";
import { keyVaultTypes } from "./keyvault";
import { vaultKeys } from "./keyvault-keys";
import { vaultSecrets } from "./keyvault-secrets";
import { locks } from "./locks";
import { machineLearningTypes } from "./machinelearning";
import { managedIdentityTypes } from "./managedidentity";
import { networkTypes } from "./network";
import { operationalInsightsTypes } from "./operationalinsights";
import { resourcesTypes } from "./resources";
import { storageTypes } from "./storage";

/** Every type of resource that the local Azure has. */
export const allTypes: readonly ResourceType[] = [
  ...resourcesTypes,
  ...storageTypes,
  ...keyVaultTypes,
  vaultSecrets,
  vaultKeys,
  ...operationalInsightsTypes,
  ...insightsTypes,
  ...alertTypes,
  autoscaleSettings,
  ...consumptionTypes,
  diagnosticSettings,
  ...containerRegistryTypes,
  ...managedIdentityTypes,
  ...authorizationTypes,
  ...networkTypes,
  locks,
  ...machineLearningTypes,
];
