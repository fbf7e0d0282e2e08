import { at, record, when } from "../plain";
import type { ResourceRule } from "../rule";

export const endpointTrafficTotal: ResourceRule = {
  id: "endpoint-traffic-total",
  title: "An endpoint's traffic is 0 or 100 percent in total",
  reason: "Azure refuses anything else, in the middle of an up.",
  fix: "Make the percentages of properties.traffic 100 in total, or leave them out.",
  covers: {},
  levels: { dev: "advisory", prod: "mandatory" },
  of: ["machinelearningservices:OnlineEndpoint"],
  check: (props) => {
    const shares = Object.values(record(at(props, "properties.traffic"))).map(Number);
    const total = shares.reduce((sum, share) => sum + share, 0);
    return when(total !== 0 && total !== 100, `properties.traffic is ${total} in total`);
  },
};
