import { RollingDeployment, type RollingDeploymentArgs } from "../../components";
import { rollingDeploymentRules } from "../../components/rolling-deployment-args";
import { argumentPaths, type ArgumentCases } from "../helpers/argument-cases";
import { onlineDeployment } from "./online-deployment";

const deployed = new Set(argumentPaths(onlineDeployment.rules));
const scales =
  "reaches Azure as the same argument of Autoscale does; test/engine/rollout-autoscale.test.ts shows that it goes with what serves";
const decides = "decides when the endpoint's traffic moves, which test/engine/rollout.test.ts shows";

export const rollingDeployment: ArgumentCases<RollingDeploymentArgs> = {
  component: "RollingDeployment",
  rules: rollingDeploymentRules,
  declare: (name, args) => new RollingDeployment(name, args),
  cases: onlineDeployment.cases,
  exempt: Object.fromEntries(
    argumentPaths(rollingDeploymentRules)
      .filter((path) => !deployed.has(path))
      .map((path) => [path, path.startsWith("autoscale.") ? scales : decides]),
  ),
};
