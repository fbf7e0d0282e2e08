import { at, when } from "../plain";
import type { ResourceRule } from "../rule";

export const computeInNetwork: ResourceRule = {
  id: "compute-in-network",
  title: "Computes are in a network",
  reason:
    "A machine in no network is outside every firewall. The workspace's managed network counts as one, and a subnet of one's own.",
  fix: "Set properties.properties.subnet.id, or properties.properties.enableNodePublicIp to false in the managed network.",
  covers: { azurePolicy: ["7804b5c7-01dc-4723-969b-ae300cc07ff1"], psRule: ["AZR-000405"], mcsb: ["NS-1"] },
  levels: { dev: "advisory", prod: "mandatory" },
  of: ["machinelearningservices:Compute"],
  check: (props) =>
    when(
      /^(AmlCompute|ComputeInstance)$/.test(String(at(props, "properties.computeType"))) &&
        at(props, "properties.properties.subnet.id") === undefined &&
        at(props, "properties.properties.enableNodePublicIp") !== false,
      "neither a subnet nor a managed network holds it",
    ),
};
