import { modelProvider } from "../models/provider";
import { repositoryProblems } from "./triton";

/** Versions of models that are not MLflow's: plain files, or a repository of Triton's. */
const provider = modelProvider({
  inspect: async (files, { type }) => ({
    errors: type === "triton_model" ? repositoryProblems(files.map(({ path }) => path)) : [],
    warnings: [],
  }),
  prepared: (source) => source,
});

export const { check, diff, create, read, update } = provider;
const { remove } = provider;
export { remove as delete };

export { configure } from "../clients/sign-in-settings";
