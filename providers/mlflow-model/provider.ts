import { modelProvider } from "../models/provider";
import { fixed } from "./fix";
import { inspectFiles } from "./mlmodel";

/** Versions of MLflow models: what has no `MLmodel` that serving can do with is refused. */
const provider = modelProvider({
  problems: async (files) => (await inspectFiles(files)).errors,
  prepared: (source, { fix }) => (fix === true ? fixed(source) : source),
});

export const { check, diff, create, read, update } = provider;
const { remove } = provider;
export { remove as delete };
