import type { ResourceType } from "../resource-type";
import { alertTypes } from "./alerts";
import { authorizationTypes } from "./authorization";
import { consumptionTypes } from "./consumption";
import { containerRegistryTypes } from "./containerregistry";
import { insightsTypes } from "./insights";
import { keyVaultTypes } from "./keyvault";
import { vaultSecrets } from "./keyvault-secrets";
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
  ...operationalInsightsTypes,
  ...insightsTypes,
  ...alertTypes,
  ...consumptionTypes,
  ...containerRegistryTypes,
  ...managedIdentityTypes,
  ...authorizationTypes,
  ...networkTypes,
  ...machineLearningTypes,
];
