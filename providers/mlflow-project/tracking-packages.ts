import { parse } from "yaml";

/** What a job's environment needs for MLflow to track in Azure ML, each with those that bring it. */
const NEEDED: Readonly<Record<string, RegExp>> = {
  mlflow: /^(?:mlflow|mlflow-skinny)$/,
  "azureml-mlflow": /^azureml-mlflow$/,
};

/** Which of the packages that tracking needs a conda file does not name; one that leads to a file elsewhere may have them there. */
export function lackingForTracking(conda: string): readonly string[] {
  const { dependencies = [] } = (parse(conda) ?? {}) as { readonly dependencies?: readonly unknown[] };
  const lines = dependencies.flatMap((each) =>
    typeof each === "string" ? [each] : ((each as { readonly pip?: readonly string[] }).pip ?? []),
  );
  if (lines.some((line) => /^(?:-r|--requirement)[\s=]/.test(line))) return [];
  const names = lines.map((line) =>
    (/^(?:[\w.-]+::)?\s*([A-Za-z0-9][\w.-]*)/.exec(line)?.[1] ?? "").toLowerCase().replaceAll("_", "-"),
  );
  return Object.keys(NEEDED).filter((name) => !names.some((each) => NEEDED[name]?.test(each)));
}
