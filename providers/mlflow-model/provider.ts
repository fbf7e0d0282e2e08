import { modelProvider } from "../models/provider";
import { fixed } from "./fix";
import { inspectFiles } from "./mlmodel";

/** Versions of MLflow models: what has no `MLmodel` that serving can do with is refused. */
const provider = modelProvider({
  async inspect(files, { fix }) {
    const { errors, warnings } = await inspectFiles(files);
    return { errors, warnings: warnings.filter((warning) => fix !== true || !warning.includes("fix")) };
  },
  prepared: (source, { fix }) => (fix === true ? fixed(source) : source),
});

export const { check, diff, create, read, update } = provider;
const { remove } = provider;
export { remove as delete };
