import { at, when } from "../plain";
import type { ResourceRule } from "../rule";

export const deploymentTimeout: ResourceRule = {
  id: "deployment-timeout",
  title: "A request takes three minutes at most",
  reason: "Azure refuses more than 180,000 ms, in the middle of an up.",
  fix: "Set properties.requestSettings.requestTimeout to PT3M or less.",
  covers: {},
  levels: { dev: "advisory", prod: "mandatory" },
  of: ["machinelearningservices:OnlineDeployment"],
  check: (props) => {
    const timeout = at(props, "properties.requestSettings.requestTimeout");
    const parts = /^PT(?:(\d+)H)?(?:(\d+)M)?(?:([\d.]+)S)?$/.exec(String(timeout ?? "PT5S"));
    const [hours, minutes, seconds] = [parts?.[1], parts?.[2], parts?.[3]].map((part) => Number(part ?? 0));
    const total = (hours ?? 0) * 3600 + (minutes ?? 0) * 60 + (seconds ?? 0);
    return when(parts === null || total > 180, "properties.requestSettings.requestTimeout is above PT3M");
  },
};
