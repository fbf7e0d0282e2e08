import { join, resolve } from "node:path";
import { packageRoot } from "../tools/paths";
import type { ClockSetting } from "./clock";

/** Everything the local Azure keeps, in one folder. */
export interface StatePaths {
  readonly folder: string;
  /** Certificate authority: certificate (public) and key (its owner's alone). */
  readonly authorityCertificate: string;
  readonly authorityKey: string;
  /** Secrets made for this machine: the deployer's client secret, the admin secret, the passphrase (owner's alone). */
  readonly secrets: string;
  /** The private key that signs tokens (its owner's alone). */
  readonly tokenKey: string;
  /** Where the running local Azure is found again: process, ports. */
  readonly run: string;
  readonly log: string;
  readonly arm: string;
  readonly blobs: string;
  readonly mlflow: string;
  readonly scoring: string;
  readonly batch: string;
  readonly commandJobs: string;
  readonly pipelineJobs: string;
  readonly sweepJobs: string;
  readonly schedules: string;
  readonly metrics: string;
  /** What goes wrong because somebody wants to see it. */
  readonly faults: string;
  /** Pulumi's home (plugins, selections), state backend, and the copies of the stack files. */
  readonly pulumiHome: string;
  readonly pulumiState: string;
  readonly stacks: string;
}

/** The state folder of this checkout, or the one that `PULUMI_AZUREML_LOCAL` names (tests use one each). */
export function statePaths(
  named = process.env["PULUMI_AZUREML_LOCAL"] ?? join(packageRoot(), ".local"),
): StatePaths {
  // The daemon and the engine work in folders of their own.
  const folder = resolve(named);
  const at = (...parts: string[]): string => join(folder, ...parts);
  return {
    folder,
    authorityCertificate: at("authority.pem"),
    authorityKey: at("authority.key"),
    secrets: at("secrets.json"),
    tokenKey: at("token-signing.json"),
    run: at("run.json"),
    log: at("local-azure.log"),
    arm: at("arm"),
    blobs: at("blobs"),
    mlflow: at("mlflow"),
    scoring: at("scoring"),
    batch: at("batch"),
    commandJobs: at("command-jobs"),
    pipelineJobs: at("pipeline-jobs"),
    sweepJobs: at("sweep-jobs"),
    schedules: at("schedules.json"),
    metrics: at("metrics"),
    faults: at("faults.json"),
    pulumiHome: at("pulumi", "home"),
    pulumiState: at("pulumi", "state"),
    stacks: at("pulumi", "stacks"),
  };
}

/** `secrets.json`. */
export interface Secrets {
  readonly clientSecret: string;
  readonly adminSecret: string;
  readonly passphrase: string;
}

/** `run.json`: what the next command needs to find the running local Azure. */
export interface Run {
  readonly pid: number;
  /** When the process started, as the system tells it: a pid alone may be somebody else's by now. */
  readonly started: string;
  /** Digest of the code it runs; another one means that it is restarted. */
  readonly build: string;
  /** CONNECT proxy, TLS door, and plain HTTP for what a browser or a managed-identity client asks. All on 127.0.0.1. */
  readonly ports: { readonly proxy: number; readonly tls: number; readonly http: number };
  /** Azurite, which needs a moment more than the rest to end: the next run waits for that. */
  readonly processes: { readonly blobs: { readonly pid: number; readonly started: string } };
  readonly clock: ClockSetting;
}
