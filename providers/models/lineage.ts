import type { Lineage } from "./source";

type Notes = Readonly<Record<string, string>>;

/** Properties of a registered version that hold its lineage. */
const NAMES = {
  source: "pulumi-azureml.source",
  runId: "pulumi-azureml.runId",
  jobName: "pulumi-azureml.jobName",
  // As MLflow writes them on runs, and Azure ML on jobs.
  gitCommit: "mlflow.source.git.commit",
  gitDirty: "mlflow.source.git.dirty",
} as const satisfies Record<keyof Lineage, string>;

/** Where Azure ML and MLflow write the commit of the code that a run ran. */
const COMMITS = ["mlflow.source.git.commit", "azureml.git.commit"];
/** And that it was another code than the commit's. */
const DIRTY = ["mlflow.source.git.dirty", "azureml.git.dirty"];

/** @param properties of a run, a job or a version */
export function lineageOf({
  source,
  runId,
  properties = {},
}: {
  readonly source: string;
  readonly runId?: string;
  readonly properties?: Notes | undefined;
}): Lineage {
  const gitCommit = gitCommitOf(properties);
  const isDirty = DIRTY.some((name) => properties[name]?.toLowerCase() === "true");
  return {
    source,
    ...(runId === undefined ? {} : { runId }),
    ...(gitCommit === undefined ? {} : { gitCommit }),
    ...(isDirty ? { gitDirty: "true" } : {}),
  };
}

/** The commit of the code that a run ran, by its tags or properties. */
export function gitCommitOf(notes: Notes): string | undefined {
  return COMMITS.map((name) => notes[name]).find((value) => value);
}

/** The lineage as a version's properties. */
export function lineageNotes(lineage: Lineage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(NAMES).flatMap(([key, name]) => {
      const value = lineage[key as keyof Lineage];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

/** What a version's properties say of where the model was made; not of the address that it was taken from. */
export function sameNames(notes: Notes): Lineage {
  return Object.fromEntries(
    Object.entries(NAMES).flatMap(([key, name]) =>
      key === "source" || notes[name] === undefined ? [] : [[key, notes[name]]],
    ),
  );
}
