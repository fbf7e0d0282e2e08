import execa from "execa";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";

/** A step with a shell script, of a workflow of GitHub Actions or of Azure Pipelines. */
export interface ShellStep {
  /** Its name. */
  readonly name: string;
  readonly run: string;
  /** Of its workflow, job and own, with expressions in it. */
  readonly env: Readonly<Record<string, string>>;
}

interface Workflow {
  readonly env?: Readonly<Record<string, unknown>>;
  readonly jobs: Readonly<
    Record<
      string,
      {
        readonly env?: Readonly<Record<string, unknown>>;
        readonly steps?: readonly {
          readonly name?: string;
          readonly run?: string;
          readonly env?: Readonly<Record<string, unknown>>;
        }[];
      }
    >
  >;
}

/** Every step of a workflow that is a script, by its name. */
export function shellSteps(file: string): ReadonlyMap<string, ShellStep> {
  const workflow = parse(readFileSync(file, "utf8")) as Workflow;
  const steps = Object.values(workflow.jobs).flatMap((job) =>
    (job.steps ?? []).flatMap(({ name = "", run, env }) => {
      const all = texts({ ...workflow.env, ...job.env, ...env });
      return run === undefined ? [] : [{ name, run, env: all }];
    }),
  );
  return new Map(steps.map((step) => [step.name, step]));
}

/** Every step of a pipeline or template of Azure Pipelines that is a script, by its display name. */
export function pipelineSteps(file: string): ReadonlyMap<string, ShellStep> {
  const found: ShellStep[] = [];
  const visit = (value: unknown): void => {
    if (typeof value !== "object" || value === null) return;
    const { displayName = "", bash, inputs, env = {} } = value as PipelineStep;
    const run = bash ?? inputs?.inlineScript;
    if (run === undefined) Object.values(value).forEach(visit);
    else found.push({ name: displayName, run, env: texts(env) });
  };
  visit(parse(readFileSync(file, "utf8")));
  return new Map(found.map((step) => [step.name, step]));
}

interface PipelineStep {
  readonly displayName?: string;
  readonly bash?: string;
  readonly inputs?: { readonly inlineScript?: string };
  readonly env?: Readonly<Record<string, unknown>>;
}

function texts(env: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(Object.entries(env).map(([key, value]) => [key, String(value)]));
}

export interface RunnerContext {
  /** The checkout. */
  readonly cwd: string;
  /** What the runner has: `PATH`, the machine's, and `GITHUB_…`. */
  readonly env: NodeJS.ProcessEnv;
  /** What expressions are, by their text: `vars.AZURE_TENANT_ID`. */
  readonly expressions: Readonly<Record<string, string>>;
}

export interface StepEnd {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  /** What it wrote for later steps. */
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
}

/** Runs a step by bash as Actions does: `bash --noprofile --norc -eo pipefail FILE`. @throws Error for an expression that has no value */
export async function runStep(step: ShellStep, { cwd, env, expressions }: RunnerContext): Promise<StepEnd> {
  const folder = mkdtempSync(join(tmpdir(), "step-"));
  const place = (name: string): string => {
    const file = join(folder, name);
    writeFileSync(file, "");
    return file;
  };
  const [script, output, summary] = [place("script"), place("output"), place("summary")];
  // `${{ … }}` of both, and `$(Some.Variable)` of Azure Pipelines.
  const valueOf = (text: string): string =>
    text.replace(
      /\$\{\{\s*(.+?)\s*\}\}|\$\(([A-Z]\w*(?:\.\w+)+)\)/g,
      (_all, expression?: string, variable?: string) => {
        const name = expression ?? variable ?? "";
        const value = expressions[name];
        if (value === undefined) throw new Error(`nothing is known of ${name} in ${step.name}`);
        return value;
      },
    );
  try {
    writeFileSync(script, valueOf(step.run));
    const own = Object.entries(step.env).map(([key, value]) => [key, valueOf(value)] as const);
    const { exitCode, stdout, stderr } = await execa(
      "bash",
      ["--noprofile", "--norc", "-eo", "pipefail", script],
      {
        cwd,
        env: { ...Object.fromEntries(own), ...env, GITHUB_OUTPUT: output, GITHUB_STEP_SUMMARY: summary },
        reject: false,
      },
    );
    const outputs = readFileSync(output, "utf8")
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)] as const);
    return {
      exitCode,
      stdout,
      stderr,
      outputs: Object.fromEntries(outputs),
      summary: readFileSync(summary, "utf8"),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
