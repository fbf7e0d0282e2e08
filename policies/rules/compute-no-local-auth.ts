import { at, when } from "../plain";
import type { ResourceRule } from "../rule";

export const computeNoLocalAuth: ResourceRule = {
  id: "compute-no-local-auth",
  title: "Nobody signs in to computes by a local account",
  reason: "SSH by a local account passes Entra ID's conditional access and log by.",
  fix: "Set properties.disableLocalAuth to true.",
  covers: {
    azurePolicy: ["e96a9a5f-07ca-471b-9bc5-6a0f33cbd68f", "a6f9a2d0-cff7-4855-83ad-4cd750666512"],
    psRule: ["AZR-000404"],
    checkov: ["CKV_AZURE_142"],
  },
  levels: { dev: "advisory", prod: "mandatory" },
  of: ["machinelearningservices:Compute"],
  check: (props) =>
    when(
      /^(AmlCompute|ComputeInstance)$/.test(String(at(props, "properties.computeType"))) &&
        at(props, "properties.disableLocalAuth") !== true,
      "properties.disableLocalAuth is not true",
    ),
};
