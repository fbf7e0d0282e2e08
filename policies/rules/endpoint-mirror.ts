import { at, record, when } from "../plain";
import type { ResourceRule } from "../rule";

export const endpointMirror: ResourceRule = {
  id: "endpoint-mirror",
  title: "Traffic is mirrored to one deployment that isn't live, 50 percent at most",
  reason: "Azure refuses more, and a live deployment would be asked twice.",
  fix: "Name one deployment without traffic in properties.mirrorTraffic, with 50 or less.",
  covers: {},
  levels: { dev: "advisory", prod: "mandatory" },
  of: ["machinelearningservices:OnlineEndpoint"],
  check: (props) => {
    const mirrored = Object.entries(record(at(props, "properties.mirrorTraffic"))).filter(
      ([, share]) => Number(share) > 0,
    );
    const live = record(at(props, "properties.traffic"));
    return [
      ...when(mirrored.length > 1, "properties.mirrorTraffic has more than one deployment"),
      ...mirrored.flatMap(([name, share]) => [
        ...when(Number(share) > 50, `${name} is mirrored more than 50 percent`),
        ...when(Number(live[name] ?? 0) > 0, `${name} is mirrored to and live`),
      ]),
    ];
  },
};
