import { trainingProvider } from "../training-job/provider-of";
import { pipelineJob } from "./pipeline-job";

const provider = trainingProvider(pipelineJob);

export const { check, diff, create, read, update } = provider;
const { delete: deleteResource } = provider;
export { deleteResource as delete };

export { configure } from "../clients/sign-in-settings";
