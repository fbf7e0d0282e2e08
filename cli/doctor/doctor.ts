import { arm } from "../../providers/clients/arm";
import { workspaceParts } from "../../providers/clients/arm-id";
import { cloud } from "../../providers/clients/cloud";
import { credential } from "../../providers/clients/credential";
import { describeCredential } from "../../providers/clients/credential-plan";
import { ProviderError } from "../../providers/clients/errors";
import { configure, ownSettings } from "../../providers/clients/sign-in-settings";
import { checksOf, type DoctorSpec } from "../../providers/doctor/checks";
import { examine } from "../../providers/doctor/examine";
import type { Finding } from "../../providers/doctor/finding";
import { NAME_KINDS, type NameKind, type WantedName } from "../../providers/doctor/names";
import { present, say } from "../../providers/inputs";
import { EXIT } from "../exit-codes";
import { doctorLines } from "../view/doctor";
import { ownSetting, readStack, type StackFacts } from "./stack";

export interface DoctorOptions {
  /** ARM id. */
  readonly workspace?: string;
  readonly stack?: string;
  /** The program's folder; this one by default. */
  readonly cwd?: string;
  /** The stack's file, where it is not beside the others. */
  readonly configFile?: string;
  /** `storageAccount=stchurn` and the like. */
  readonly name?: readonly string[];
  readonly instanceType?: string;
  readonly instances?: number;
  readonly location?: string;
  readonly json?: boolean;
}

/** Of the JSON; another one where a field changes its meaning or goes. */
const VERSION = 1;

/** Whether `pulumi up` would find what it needs, and what mends what is missing. Changes nothing. */
export async function doctor(options: DoctorOptions): Promise<number> {
  const folder = options.cwd ?? process.cwd();
  const { stack, configFile } = options;
  const names = (options.name ?? []).map(wantedName);
  const facts =
    stack === undefined
      ? undefined
      : await readStack({ stack, folder, ...(configFile === undefined ? {} : { configFile }) });
  if (facts !== undefined) await configure({ config: { get: (key) => facts.config[key] } });
  const spec = specOf(options, folder, names, facts);
  const services = { arm: arm(), credential: credential(), cloud, describe: () => describeCredential() };
  const findings = await examine(checksOf(spec, services), { say });
  const hasProblem = findings.some(({ level }) => level === "problem");
  await write(options.json === true ? jsonOf(hasProblem, findings) : doctorLines(findings).join("\n"));
  return hasProblem ? EXIT.failed : EXIT.done;
}

function specOf(
  { workspace, instanceType, instances, location }: DoctorOptions,
  folder: string,
  names: readonly WantedName[],
  facts: StackFacts | undefined,
): DoctorSpec {
  const made = facts?.outputs["workspaceId"];
  const workspaceId = workspace ?? (typeof made === "string" ? made : undefined);
  if (workspaceId !== undefined) workspaceParts(workspaceId);
  const setting = (name: string): string | undefined => facts && ownSetting(facts, name);
  const type = instanceType ?? setting("instanceType");
  const count = instances ?? Number(setting("instances") ?? 1);
  return present({
    folder,
    names,
    workspaceId,
    subscriptionId:
      ownSettings().get("subscriptionId")?.value ?? ownSettings().variable("AZURE_SUBSCRIPTION_ID")?.value,
    machines: type === undefined ? undefined : { instanceType: type, instances: count },
    location: location ?? setting("location"),
  }) as DoctorSpec;
}

/** @throws ProviderError where it is not `KIND=NAME` */
export function wantedName(text: string): WantedName {
  const [, kind, name] = /^(\w+)=(.+)$/.exec(text) ?? [];
  if (name !== undefined && NAME_KINDS.includes(kind as NameKind)) return { kind: kind as NameKind, name };
  throw new ProviderError({
    what: "names no kind and name",
    where: `--name ${text}`,
    allowed: NAME_KINDS.map((one) => `${one}=NAME`).join(", "),
  });
}

function jsonOf(hasProblem: boolean, findings: readonly Finding[]): string {
  return JSON.stringify({ version: VERSION, healthy: !hasProblem, findings }, undefined, 2);
}

/** Resolves when all is out: what has not answered in its time must not keep the process, which ends at once then. */
async function write(text: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    process.stdout.write(`${text}\n`, (error) => (error ? reject(error) : resolve()));
  });
}
