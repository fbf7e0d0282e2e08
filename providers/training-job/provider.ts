import { commandJob } from "./command-job";
import { trainingProvider } from "./provider-of";

const provider = trainingProvider(commandJob);

export const { check, diff, create, read, update } = provider;
const { delete: deleteResource } = provider;
export { deleteResource as delete };

export { configure } from "../clients/sign-in-settings";
