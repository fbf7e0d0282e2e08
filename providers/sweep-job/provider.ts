import { trainingProvider } from "../training-job/provider-of";
import { sweep } from "./sweep";

const provider = trainingProvider(sweep);

export const { check, diff, create, read, update } = provider;
const { delete: deleteResource } = provider;
export { deleteResource as delete };

export { configure } from "../clients/sign-in-settings";
