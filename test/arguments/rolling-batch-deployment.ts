import { join } from "node:path";
import { RollingBatchDeployment, type RollingBatchDeploymentArgs } from "../../components";
import { rollingBatchDeploymentRules } from "../../components/rolling-batch-deployment-args";
import { packageRoot } from "../../tools/paths";
import { argumentPaths, type ArgumentCases } from "../helpers/argument-cases";
import { batchDeployment } from "./batch-deployment";

const deployed = new Set(argumentPaths(batchDeployment.rules));
const proof = { input: join(packageRoot(), "test", "fixtures", "batch", "sample") };
const decides = "decides when the endpoint's default moves, which test/unit/batch-rollout-plan.test.ts shows";

export const rollingBatchDeployment: ArgumentCases<RollingBatchDeploymentArgs> = {
  component: "RollingBatchDeployment",
  rules: rollingBatchDeploymentRules,
  declare: (name, args) => new RollingBatchDeployment(name, args),
  cases: batchDeployment.cases.map((one) => ({ ...one, proof })),
  exempt: Object.fromEntries(
    argumentPaths(rollingBatchDeploymentRules)
      .filter((path) => !deployed.has(path))
      .map((path) => [path, decides]),
  ),
};
