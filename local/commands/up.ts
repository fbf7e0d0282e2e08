import { join } from "node:path";
import pc from "picocolors";
import { packageRoot } from "../../tools/paths";
import type { Run, StatePaths } from "../state";
import { change } from "./change";

/** A row of the data that the example's model was trained on: a malignant one. */
const sampleFile = join(packageRoot(), "examples", "breast-cancer", "sample.json");

/** What every environment's stack gives (`index.ts`). */
interface StackOutputs {
  readonly workspaceName: string;
  readonly trackingUri: string;
  readonly modelName: string;
  readonly modelVersion: string;
  readonly scoringUri: string;
  readonly endpointKey?: string;
}

/** Starts the local Azure, runs `pulumi up` of stack `local` and prints what it made. Returns the exit code. */
export async function up(paths: StatePaths): Promise<number> {
  return await change(paths, async (engine, run) => {
    const code = await engine.show("local", ["up", "--yes", "--skip-preview"]);
    if (code !== 0) return code;
    const outputs = JSON.parse(
      await engine.read("local", ["stack", "output", "--json", "--show-secrets"]),
    ) as StackOutputs;
    process.stdout.write(summary(paths, run, outputs));
    return 0;
  });
}

function summary(paths: StatePaths, run: Run, outputs: StackOutputs): string {
  const rows: [string, string][] = [
    ["workspace", outputs.workspaceName],
    ["model", `${outputs.modelName}, version ${outputs.modelVersion}`],
    ["endpoint", outputs.scoringUri],
    ["tracking", outputs.trackingUri],
    ["MLflow UI", `http://127.0.0.1:${run.ports.http}/mlflow/${outputs.workspaceName}/`],
    ["stop", "npm run local -- down (keeps what it holds), npm run local -- destroy (takes it all away)"],
  ];
  const table = rows.map(([label, value]) => `  ${pc.bold(label.padEnd(10))} ${value}`).join("\n");
  return `\n${table}\n\n  Score a row of the breast cancer data (the answer is its class: [0] malignant, [1] benign):\n\n${curlLine(paths, run, outputs)}\n`;
}

/** One line for any shell of this machine; it needs none of `env`'s settings. */
function curlLine(paths: StatePaths, run: Run, outputs: StackOutputs): string {
  return [
    "curl -sS",
    `--noproxy '' --proxy http://127.0.0.1:${run.ports.proxy} --cacert '${paths.authorityCertificate}'`,
    `-H 'Authorization: Bearer ${outputs.endpointKey}' -H 'Content-Type: application/json'`,
    `-d '@${sampleFile}'`,
    outputs.scoringUri,
  ].join(" ");
}
