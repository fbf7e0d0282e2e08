import execa from "execa";
import { createHash, randomBytes } from "node:crypto";
import {
  appendFileSync,
  closeSync,
  fsyncSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import type { JsonObject } from "../local/json";
import { CustomModelVersion } from "../providers/models/resource";
import { AzureWorkspace } from "../test/helpers/azure-workspace";
import { providerText, startDynamicProvider, type DynamicProvider } from "../test/helpers/dynamic-provider";
import { clientsPython, packageRoot } from "../tools/paths";
import { peakMegabytes } from "./support/processes";
import { median, report, timed, type Figure } from "./support/report";

const TYPE = "pulumi-nodejs:dynamic/pulumi-azureml:CustomModelVersion";
const MEGABYTE = 1024 * 1024;
const [LARGE = 2048, COUNT = 5000] = process.argv.slice(2).map(Number);
const REGISTRARS = ["provider", "azure-ai-ml", "mlflow"] as const;
type Registrar = (typeof REGISTRARS)[number];

/**
 * `npm run bench -- models [MEGABYTES] [FILES]`: a model is registered in one workspace of the local Azure by the provider's process, by azure-ai-ml and by
 * MLflow, each with the same bytes: one file of so many megabytes (2048, in three rounds), and so many files of 20 KB (5000). Then the provider plans what is unchanged.
 */
async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "pulumi-azureml-bench-"));
  const azure = await AzureWorkspace.open("bench");
  const provider = await startDynamicProvider(azure.environment);
  try {
    await azure.allowBlobs();
    const text = String(
      await providerText(() => new CustomModelVersion("m", { name: "m", onDelete: "retain" })),
    );
    const models = [
      { name: "small", files: COUNT, bytes: 20_000, words: `${COUNT} files of 20 KB`, factor: 2, rounds: 1 },
      {
        name: "large",
        files: 1,
        bytes: LARGE * MEGABYTE,
        words: `one file of ${LARGE} MB`,
        factor: 1,
        rounds: 3,
      },
    ];
    const figures: Figure[] = [];
    for (const { name, files, bytes, words, factor, rounds } of models) {
      const path = join(folder, name);
      const inputs = { name, path, workspaceId: azure.id, onDelete: "retain", __provider: text };
      const seconds: Record<Registrar, number[]> = { provider: [], "azure-ai-ml": [], mlflow: [] };
      for (let round = 0; round < rounds; round += 1) {
        writeModel(path, files, bytes);
        if (round === 0) await loadModules(provider.client, inputs);
        for (const registrar of inTurn(REGISTRARS, round)) {
          say(`${words}: ${registrar}`);
          seconds[registrar].push(
            registrar === "provider"
              ? (await timed(async () => await register(provider, inputs))).seconds
              : await byClient(azure, registrar, `${name}-${round}`, path, folder),
          );
        }
      }
      const [ours, ...theirs] = REGISTRARS.map((registrar) => median(seconds[registrar])) as [
        number,
        ...number[],
      ];
      figures.push({
        name: `registering ${words}${rounds > 1 ? `, median of ${rounds}` : ""}, load ${(loadavg()[0] ?? 0).toFixed(1)}`,
        value: ours,
        unit: "s",
        peer: theirs.map((seconds, index) => `${REGISTRARS[index + 1]} ${seconds.toFixed(1)} s`).join(", "),
        bar: factor === 1 ? "no slower than the faster" : `${factor} × as fast as the faster`,
        holds: ours * factor <= Math.min(...theirs),
      });
      figures.push(await unchanged(azure.environment, inputs, path, words));
    }
    const megabytes = peakMegabytes(provider.pid);
    figures.push({
      name: "the provider's peak memory",
      value: megabytes,
      unit: "MB",
      bar: "under 250 MB",
      holds: megabytes < 250,
    });
    report("models", figures);
  } finally {
    await provider.stop();
    await azure.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** As the clients are timed: without what its modules take to load. */
async function loadModules(client: DynamicProvider["client"], inputs: JsonObject): Promise<void> {
  await client.check(TYPE, "it", { ...inputs, path: join(packageRoot(), "package.json") });
}

/** Who was first in a round is last in the next one: what the disk and the store have to do after the writing is nobody's alone. */
function inTurn<T>(all: readonly T[], round: number): T[] {
  return all.map((_, index) => all[(index + round) % all.length] as T);
}

async function register({ client }: DynamicProvider, inputs: JsonObject): Promise<void> {
  const checked = await client.check(TYPE, "it", inputs);
  const failures = Object.values(checked.failures);
  if (failures.length > 0) throw new Error(failures.join("; "));
  await client.create(TYPE, "it", checked.inputs);
}

/** What the plan of another process, which has seen none of it, reads where nothing changed, against `sha256sum` of the same files. */
async function unchanged(
  environment: NodeJS.ProcessEnv,
  inputs: JsonObject,
  path: string,
  words: string,
): Promise<Figure> {
  const sums = async (): Promise<unknown> => await execa("sh", ["-c", "exec sha256sum *"], { cwd: path });
  await sums();
  const theirs = await timed(sums);
  const { client, stop } = await startDynamicProvider(environment);
  const ours = await (async () => {
    await loadModules(client, inputs);
    return await timed(async () => await client.check(TYPE, "it", inputs));
  })().finally(stop);
  const share = theirs.seconds / ours.seconds;
  return {
    name: `unchanged, ${words}: rate against sha256sum's`,
    value: share,
    unit: "×",
    peer: `${ours.seconds.toFixed(2)} s against ${theirs.seconds.toFixed(2)} s`,
    bar: "at least 0.6 ×",
    holds: share >= 0.6,
  };
}

/** Seconds that the client needs once it is imported and signed in as anybody is. */
async function byClient(
  azure: AzureWorkspace,
  client: Exclude<Registrar, "provider">,
  name: string,
  path: string,
  cwd: string,
): Promise<number> {
  const script = join(packageRoot(), "bench", "support", "register_model.py");
  const { stdout } = await execa(clientsPython, [script, client, azure.id, `${name}-${client}`, path], {
    cwd,
    env: azure.environment,
    extendEnv: false,
  });
  return Number(stdout.trim().split("\n").at(-1));
}

/** Bytes that no store and no disk can make smaller, other ones in each part. */
function writeModel(folder: string, files: number, bytes: number): void {
  mkdirSync(folder, { recursive: true });
  const noise = randomBytes(Math.min(bytes, MEGABYTE));
  for (let index = 0; index < files; index += 1) {
    const file = join(folder, `part-${String(index).padStart(4, "0")}`);
    writeFileSync(file, "");
    for (let left = bytes, part = 0; left > 0; left -= noise.length, part += 1) {
      createHash("sha256").update(`${index} ${part}`).digest().copy(noise);
      appendFileSync(file, noise.subarray(0, left));
    }
    onDisk(file);
  }
}

function onDisk(file: string): void {
  const handle = openSync(file, "r");
  fsyncSync(handle);
  closeSync(handle);
}

function say(text: string): void {
  process.stderr.write(`${text} …\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${(error as Error).stack ?? String(error)}\n`);
  process.exitCode = 1;
});
