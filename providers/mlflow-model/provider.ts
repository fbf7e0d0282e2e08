import { modelProvider } from "../models/provider";
import { fixed } from "./fix";
import { inspectFiles } from "./mlmodel";

/** Versions of MLflow models: what has no `MLmodel` is refused, and on Azure ML what its serving can't do with. */
const provider = modelProvider({
  async inspect(files, { fix, server }) {
    const { errors, warnings } = await inspectFiles(files, server === undefined);
    return { errors, warnings: warnings.filter((warning) => fix !== true || !warning.includes("fix")) };
  },
  prepared: (source, { fix }) => (fix === true ? fixed(source) : source),
});

export const { check, diff, create, read, update } = provider;
const { remove } = provider;
export { remove as delete };

export { configure } from "../clients/sign-in-settings";
