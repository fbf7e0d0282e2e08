import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { CustomResource } from "@pulumi/pulumi";
import { packageRoot } from "../../tools/paths";
import { ProviderClient } from "./provider-client";
import { runProgram } from "./pulumi-mocks";

/** The process in which Pulumi runs dynamic providers, as the engine starts it: the SDK's own program, in the folder of a program. */
export interface DynamicProvider {
  readonly client: ProviderClient;
  readonly pid: number;
  /** What it wrote to stderr so far. */
  progress(): string;
  stop(): Promise<void>;
}

export async function startDynamicProvider(environment: NodeJS.ProcessEnv): Promise<DynamicProvider> {
  const program = require.resolve("@pulumi/pulumi/cmd/dynamic-provider");
  const child = spawn(process.execPath, [program, "127.0.0.1:1"], {
    cwd: packageRoot(),
    env: { ...environment, PULUMI_NODEJS_PROJECT: "pulumi-azureml", PULUMI_NODEJS_STACK: "test" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let progress = "";
  child.stderr.on("data", (chunk: Buffer) => (progress += chunk.toString()));
  const client = new ProviderClient(await portOf(child));
  await client.configure({});
  return {
    client,
    pid: child.pid ?? 0,
    progress: () => progress,
    stop: async () => {
      client.close();
      child.kill();
      if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
    },
  };
}

async function portOf(child: ChildProcess): Promise<number> {
  if (child.stdout === null) throw new Error("no standard output");
  const [line] = (await once(createInterface(child.stdout), "line")) as [string];
  return Number(line);
}

/** What Pulumi keeps of a dynamic resource's provider in the state. */
export async function providerText(declare: () => CustomResource): Promise<unknown> {
  const { resources } = await runProgram(declare);
  return resources[0]?.inputs["__provider"];
}
