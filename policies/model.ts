import { at, type Properties } from "./plain";

/** What a deployment names as its model: an online one by text, a batch one in an object around it; undefined where a pipeline runs instead. */
export function modelOf(deployment: Properties): unknown {
  const model = at(deployment, "properties.model");
  return typeof model === "string" ? model : at(deployment, "properties.model.assetId");
}
