import type { ResourceType } from "../resource-type";
import { assets, registryAssets } from "./machinelearning/asset-kinds";
import { batchTypes } from "./machinelearning/batch";
import { computes } from "./machinelearning/computes";
import { connections } from "./machinelearning/connections";
import { datastores } from "./machinelearning/datastores";
import { jobs } from "./machinelearning/jobs";
import { outboundRuleType } from "./machinelearning/outbound-rules";
import { onlineDeployments, onlineDeploymentSkus } from "./machinelearning/online-deployments";
import { onlineEndpoints } from "./machinelearning/online-endpoints";
import { registries } from "./machinelearning/registries";
import { dataReferences } from "./machinelearning/registry-store";
import { schedules } from "./machinelearning/schedules";
import { workspaces } from "./machinelearning/workspaces";

/** Microsoft.MachineLearningServices. */
export const machineLearningTypes: readonly ResourceType[] = [
  workspaces,
  outboundRuleType,
  computes,
  datastores,
  onlineEndpoints,
  onlineDeployments,
  onlineDeploymentSkus,
  ...batchTypes,
  ...assets,
  jobs,
  schedules,
  connections,
  registries,
  ...registryAssets,
  ...dataReferences,
];
